"""Probes of the capacity search: short load runs at one rate each."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from verify_harness import journal
from verify_harness.journal.embedded import Capacity, Probe
from verify_harness.load.capacity_search import (
    CeilingAllowsNoMore,
    GeneratorExhausted,
    search,
)
from verify_harness.load.launcher import LoadRun, run_load
from verify_harness.load.profile.forecast import forecast
from verify_harness.results import build_view
from verify_harness.results.figures import measured
from verify_harness.results.load_model import Load
from verify_harness.safety.permission import Ceiling

_REST_SECS = 1.0
"""Between two probes, so that the one does not pay for the other's backlog."""
_LEAST_ENDED = 0.99
_TRIES = 3


@dataclass(slots=True)
class Prober:
    """Makes probes, each in a directory of its own below the run's."""

    run: LoadRun
    probe_secs: float
    done: int = 0
    triggers: int = 0
    """Sent by all probes so far: the ceiling is for the whole search."""
    best: Path | None = None
    """Where the highest kept probe, the last of its rate, lies."""
    say: Callable[[str], None] = lambda _text: None
    """Told of every probe as it begins and ends."""

    def measure(self, rate_per_s: float) -> Probe:
        """Try a rate; raises GeneratorExhausted where the load itself was no good each time."""
        for _ in range(_TRIES - 1):
            try:
                return self._measure_once(rate_per_s)
            except CeilingAllowsNoMore:
                raise
            except GeneratorExhausted:
                continue  # something else may have kept this machine busy
        return self._measure_once(rate_per_s)

    def _measure_once(self, rate_per_s: float) -> Probe:
        ceiling = self._ceiling_for(rate_per_s)
        self.done += 1
        self.say(
            f"capacity: probe {self.done}, {rate_per_s:g} journeys/s for {self.probe_secs:g} s"
        )
        directory = self.run.directory / "probes" / f"{self.done:02d}-{rate_per_s:.0f}-per-s"
        probe = replace(
            self.run,
            directory=directory,
            ceiling=ceiling,
            rate_per_s=rate_per_s,
            duration_s=self.probe_secs,
            drain_secs=2 * forecast(self.run.profile, self.run.seed).journey_s + 2.0,
        )
        run_load(probe)
        view = build_view(journal.read(directory))
        self.triggers += view.spend["triggers"]
        time.sleep(_REST_SECS)
        reason = _missed(view.load)
        self.say(f"capacity: {rate_per_s:g} journeys/s {f'missed: {reason}' if reason else 'kept'}")
        if reason is None:
            self.best = directory
        return Probe(rate_per_s, kept=reason is None, reason=reason)

    def _ceiling_for(self, rate_per_s: float) -> Ceiling:
        """What is left of the ceiling; raises CeilingAllowsNoMore where a probe exceeds it."""
        most, most_per_s = self.run.ceiling.max_triggers, self.run.ceiling.max_rate_per_s
        triggers_per_s = rate_per_s * forecast(self.run.profile, self.run.seed).triggers_per_journey
        left = None if most is None else most - self.triggers
        if left is not None and triggers_per_s * self.probe_secs > left:
            raise CeilingAllowsNoMore(
                f"{left} of {most} triggers are left, too few for {rate_per_s:g} journeys/s.",
                hint="raise --max-triggers, or make the probes shorter: --probe-secs",
            )
        if most_per_s is not None and triggers_per_s > most_per_s:
            raise CeilingAllowsNoMore(
                f"{rate_per_s:g} journeys/s trigger more often than {most_per_s:g} times a second.",
                hint="raise --max-rate",
            )
        return Ceiling(left, most_per_s)


def find_capacity(
    run: LoadRun, probe_secs: float, say: Callable[[str], None] = lambda _text: None
) -> Capacity:
    """Search, and leave the winner's journal as that of the run; raises NoVerdict.

    `say` is told of every probe.
    """
    prober = Prober(run, probe_secs, say=say)
    found = search(prober.measure)
    if prober.best is not None:
        for part in journal.parts(prober.best):
            shutil.copy(part, run.directory / part.name)
    return found


def _missed(load: Load | None) -> str | None:
    """Why a probe does not keep the SLO; raises GeneratorExhausted."""
    if load is None or (not load.is_whole and not load.invalid):
        return "the load did not finish"
    if load.invalid:
        raise GeneratorExhausted(load.invalid[0])
    for item in load.slo:
        if item.status != "pass":
            return f"{item.expression} {item.limit}, measured {measured(item)}"
    ended = load.journeys.completed + load.journeys.abandoned
    if ended < _LEAST_ENDED * load.journeys.started:
        return f"only {ended} of {load.journeys.started} journeys came to their end"
    return None
