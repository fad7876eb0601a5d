"""Starts journeys when they are planned, whether or not earlier ones have ended (open loop)."""

import gc
import logging
import time
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import gevent
from gevent.pool import Pool

from verify_harness import catalogue
from verify_harness.journal import Journal
from verify_harness.journal.records import LoadInvalid, Note
from verify_harness.load import load_plan as plans
from verify_harness.load.client.lean_client import LeanClient
from verify_harness.load.client.trigger_gate import TriggerWithheld
from verify_harness.load.engine.fixtures import create_verify_profile, delete_verify_profile
from verify_harness.load.engine.generator_health import Generator
from verify_harness.load.engine.journey_model import VerifyProfile
from verify_harness.load.engine.recorder import Outcome, Recorder
from verify_harness.load.engine.response_sampling import Sampling
from verify_harness.load.journey import GaveUp, Journey, JourneyContext, JourneyFailed
from verify_harness.load.person import Population
from verify_harness.load.process_settings import LoadSettings
from verify_harness.load.profile import Arrivals
from verify_harness.load.profile.arrivals import schedule

JOURNEYS_AT_ONCE = 20_000
"""Bound of the pool where the profile sets none. A full pool delays starts, which are then counted
as late."""

LATE_START_SECS = 0.010
"""From here on a start counts as late (facts.md#generator-lag)."""

_CEILING_REACHED = (
    "the ceiling was reached: {} triggers were not sent, and their journeys not made;"
    " a larger --max-triggers or --max-rate, or a smaller profile, avoids that"
)

_NOT_MODELLED = (
    "creating the verify profile was answered otherwise than documented; the sampled answers are"
    " held against the spec only (`verify-harness contract run` tells what is wrong)"
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shard:
    """Which part of the journeys a process makes: those whose number leaves this remainder."""

    index: int = 0
    count: int = 1


class Engine:
    """One process's share of a load run, from its set-up to its last journal line."""

    def __init__(
        self,
        settings: LoadSettings,
        plan: plans.Plan,
        client: LeanClient,
        journal: Journal,
        shard: Shard = Shard(),
    ) -> None:
        self._settings = settings
        self._plan = plan
        self._client = client
        self._journal = journal
        self._shard = shard
        starts = schedule(plan.profile, settings.seed, settings.duration_s)
        self._starts = array("d", starts[shard.index :: shard.count])
        self._numbers = count(len(starts) + shard.index, shard.count)
        """Of the journeys that no schedule plans."""
        self._crowd = Population(plan.profile, settings.seed)
        self._planned = len(self._starts)
        self._pool = Pool(plan.profile.users or JOURNEYS_AT_ONCE)
        self._gear: JourneyContext | None = None
        self._generator = Generator()
        seed = settings.seed * 1009 + shard.index
        unannounced = frozenset() if settings.has_chosen_rules else catalogue.chosen()
        self._sampling = Sampling(plan.spec, plan.profile.sample_percent, seed, unannounced)
        self._is_over = False
        """Whether the journeys had the time that they were given."""
        self._is_closing = False
        self.has_crashed = False
        """Whether a scenario raised what no journey may raise: the run proves nothing then."""
        self._began = 0.0

    def prepare(self) -> VerifyProfile:
        """Make what the journeys work in; raises NoVerdict."""
        gc.freeze()  # what is here stays; to look through it again and again makes starts late
        return create_verify_profile(self._client, self._settings, self._journal)

    def run(self, verify_profile: VerifyProfile, begin_at: float) -> None:
        """Start every journey on time and let them end; `begin_at` is on perf_counter."""
        gear = self._begin(verify_profile, begin_at)
        people = [gevent.spawn(self._keep_busy, gear, *item) for item in self._closed()]
        for place, offset in enumerate(self._starts):
            planned = self._began + offset
            while (early_by := planned - time.perf_counter()) > 0:
                gevent.sleep(early_by)
            if self._is_closing:
                return
            self._generator.note_lag(time.perf_counter() - planned)
            self._spawn(gear, self._shard.index + place * self._shard.count, planned)
        ends_at = self._began + self._plan.profile.duration_s + self._settings.drain_secs
        gevent.joinall(people, timeout=max(0.0, ends_at - time.perf_counter()))
        self._pool.join(timeout=self._settings.drain_secs)
        self._is_over = True

    @property
    def ceiling_reached(self) -> str:
        """What the ceiling held back, as a sentence; empty where it held back nothing."""
        withheld = self._client.withheld
        return _CEILING_REACHED.format(withheld) if withheld else ""

    def close(self) -> None:
        """Stop what is under way, write the end of the load, and tidy up; safe at any moment."""
        self._is_closing = True
        self._pool.kill()
        gear, self._gear = self._gear, None
        if gear is not None:
            self._finish(gear)
        self._client.close()
        self._journal.close()

    def _finish(self, gear: JourneyContext) -> None:
        health = {**self._generator.health(), **self._client.health, **self._sampling.health}
        duration_s = max(0.0, time.perf_counter() - self._began)
        for oddity, times in sorted(self._client.oddities.items()):
            self._journal.write(Note(message=f"{oddity} ({times} times)"))
        if told := self.ceiling_reached:
            self._journal.write(LoadInvalid(told))
        gear.recorder.finish(duration_s, self._planned, health)
        delete_verify_profile(self._client, gear.verify_profile_id, self._journal)

    def _begin(self, verify_profile: VerifyProfile, begin_at: float) -> JourneyContext:
        """Start the clock of the load and write its first line."""
        settings, profile = self._settings, self._plan.profile
        self._journal.write(plans.started(profile, settings.duration_s, self._planned))
        self._began = begin_at
        self._generator.begin()
        recorder = Recorder(self._journal, begin_at)
        if (modelled := verify_profile.as_modelled()) is None:
            self._journal.write(Note(_NOT_MODELLED))
        self._gear = JourneyContext(
            send=self._client.send,
            sleep=gevent.sleep,
            clock=time.perf_counter,
            together=_together,
            recorder=recorder,
            draw_witness=partial(self._sampling.draw, modelled),
            verify_profile_id=verify_profile.id,
            run_id=settings.run_id,
        )
        gevent.spawn(self._flush_each_second, recorder)
        return self._gear

    def _spawn(self, gear: JourneyContext, index: int, planned: float) -> None:
        journey = self._pool.spawn(self._run_journey, gear, index, planned)
        journey.link_exception(self._note_crash)

    def _run_journey(self, gear: JourneyContext, index: int, planned: float) -> None:
        now = time.perf_counter()
        gear.recorder.began(now, is_late=now - planned > LATE_START_SECS)
        journey: Journey = self._plan.scenario(gear, planned, index)
        person = self._crowd.person(index)
        outcome: Outcome = "failed"
        try:
            journey.run(person)
            outcome = "completed"
        except (JourneyFailed, TriggerWithheld):
            pass
        except GaveUp:
            outcome = "abandoned"
        finally:
            if self._is_over or not self._is_closing:  # else the end of the run cuts it short
                gear.recorder.ended(person.channel, outcome, time.perf_counter())

    def _closed(self) -> Iterator[tuple[Arrivals, float]]:
        """The stretches of the closed model, and when each begins on the clock."""
        begins_at = self._began
        for stretch in self._plan.profile.arrivals:
            if stretch.shape == "closed":
                yield stretch, begins_at
            begins_at += stretch.duration_s

    def _keep_busy(self, gear: JourneyContext, stretch: Arrivals, begins_at: float) -> None:
        """Let this process's share of the users travel until the stretch ends."""
        ends_at = begins_at + stretch.duration_s
        if self._settings.duration_s is not None:
            ends_at = min(ends_at, self._began + self._settings.duration_s)
        gevent.sleep(max(0.0, begins_at - time.perf_counter()))
        users = len(range(self._shard.index, stretch.users, self._shard.count))
        gevent.joinall([gevent.spawn(self._travel_on, gear, ends_at) for _ in range(users)])

    def _travel_on(self, gear: JourneyContext, ends_at: float) -> None:
        while (now := time.perf_counter()) < ends_at and not self._is_closing:
            self._planned += 1
            journey = self._pool.spawn(self._run_journey, gear, next(self._numbers), now)
            journey.link_exception(self._note_crash)
            journey.join()

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


def _together(tasks: Sequence[Any]) -> list[Any]:
    greenlets = [gevent.spawn(task) for task in tasks]
    try:
        gevent.joinall(greenlets)
    finally:
        gevent.killall(greenlets, block=False)
    return [greenlet.get() for greenlet in greenlets]
