"""Starts journeys when they are planned, whether or not earlier ones have ended (open loop)."""

import logging
import time
from dataclasses import dataclass

import gevent
from gevent.pool import Pool
from locust import __version__ as locust_version

from verify_harness.journal import Journal
from verify_harness.load.arrivals import schedule
from verify_harness.load.journey import Gear, Journey, JourneyFailed
from verify_harness.load.person import Crowd
from verify_harness.load.profile import Profile
from verify_harness.load.recorder import Recorder
from verify_harness.load.settings import LoadSettings
from verify_harness.load.wire import Wire
from verify_harness.load.workplace import create_verify_profile, delete_verify_profile

JOURNEYS_AT_ONCE = 900
"""Bound of the pool. Above 1 023 open sockets locust's client loses keep-alive (anchors/load 0.1);
a full pool delays starts, which are then counted as late."""

LATE_START_SECS = 0.010
"""From here on a start counts as late (anchors/load h3: the generator's lag)."""

DRAIN_SECS = 60.0
"""How long journeys may go on after the last start: two request time-outs."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Journeys:
    """How many there were; those that started and did not complete failed."""

    planned: int
    started: int = 0
    completed: int = 0
    late_starts: int = 0

    def counts(self) -> dict[str, int]:
        return {
            "planned": self.planned,
            "started": self.started,
            "completed": self.completed,
            "failed": self.started - self.completed,
            "late_starts": self.late_starts,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: a profile and the scenario it names."""

    profile: Profile
    scenario: type[Journey]


class Engine:
    """One process's share of a load run, from its set-up to its last journal line."""

    def __init__(self, settings: LoadSettings, plan: Plan, wire: Wire, journal: Journal) -> None:
        self._settings = settings
        self._profile = plan.profile
        self._wire = wire
        self._journal = journal
        self._starts = schedule(plan.profile, settings.seed, settings.duration_s)
        self._crowd = Crowd(plan.profile, settings.seed)
        self._scenario = plan.scenario
        self._journeys = _Journeys(planned=len(self._starts))
        self._pool = Pool(JOURNEYS_AT_ONCE)
        self._gear: Gear | None = None
        self._is_closing = False
        self.has_crashed = False
        """Whether a scenario raised what no journey may raise: the run proves nothing then."""
        self._began = 0.0
        self._cpu_at_begin = 0.0

    def run(self) -> None:
        """Set up, start every journey on time and let them end; raises NoVerdict."""
        profile_id = create_verify_profile(self._wire, self._settings, self._journal)
        gear = self._begin(profile_id)
        for index, offset in enumerate(self._starts):
            planned = self._began + offset
            while (early_by := planned - time.perf_counter()) > 0:
                gevent.sleep(early_by)
            if self._is_closing:
                return
            journey = self._pool.spawn(self._travel, gear, index, planned)
            journey.link_exception(self._note_crash)
        self._pool.join(timeout=DRAIN_SECS)

    def close(self) -> None:
        """Stop what is under way, write the end of the load, and tidy up; safe at any moment."""
        self._is_closing = True
        self._pool.kill()
        if self._gear is not None:
            self._finish(self._gear)
            self._gear = None
        self._journal.close()

    def _finish(self, gear: Gear) -> None:
        duration_s = time.perf_counter() - self._began
        cpu_secs = time.process_time() - self._cpu_at_begin
        gear.recorder.finish(
            duration_s,
            self._journeys.counts(),
            {
                "cpu_percent": round(100 * cpu_secs / duration_s, 1),
                "process": f"locust {locust_version}",
            },
        )
        delete_verify_profile(self._wire, gear.verify_profile_id, self._journal)

    def _begin(self, profile_id: str) -> Gear:
        """Start the clock of the load and write its first line."""
        self._write_plan()
        self._began = time.perf_counter()
        self._cpu_at_begin = time.process_time()
        self._gear = Gear(
            send=self._wire.send,
            sleep=gevent.sleep,
            clock=time.perf_counter,
            recorder=Recorder(self._journal, self._began, self._replay()),
            verify_profile_id=profile_id,
        )
        gevent.spawn(self._flush_each_second, self._gear.recorder)
        return self._gear

    def _travel(self, gear: Gear, index: int, planned: float) -> None:
        self._journeys.started += 1
        self._journeys.late_starts += time.perf_counter() - planned > LATE_START_SECS
        try:
            self._scenario(gear, planned, index).run(self._crowd.person(index))
        except JourneyFailed:
            return
        self._journeys.completed += 1

    def _note_crash(self, journey: gevent.Greenlet) -> None:
        """Remember a scenario's bug; gevent has printed its traceback."""
        self.has_crashed = True
        _log.error("the scenario crashed: %r", journey.exception)

    def _flush_each_second(self, recorder: Recorder) -> None:
        while True:
            gevent.sleep(1)
            if self._gear is None:
                return
            recorder.flush(time.perf_counter())

    def _write_plan(self) -> None:
        profile = self._profile
        duration_s = min(profile.duration_s, self._settings.duration_s or profile.duration_s)
        self._journal.write(
            "load-started",
            profile={
                "name": profile.name,
                "title": profile.title,
                "scenario": profile.scenario.stem,
                "arrivals": [
                    {
                        "shape": stretch.shape,
                        "rate_per_s": stretch.rate_per_s,
                        "duration_s": stretch.duration_s,
                    }
                    for stretch in profile.arrivals
                ],
                "mix": dict(profile.mix),
            },
            planned={"journeys": self._journeys.planned, "duration_s": duration_s},
        )

    def _replay(self) -> str:
        return f"verify-harness load run {self._profile.name} --seed {self._settings.seed}"
