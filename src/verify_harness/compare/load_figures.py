"""Two load runs: which step became slower, or fails more often, by more than chance explains."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from verify_harness.compare.bootstrap import (
    Difference,
    TwoBlocks,
    draw_blocks,
    holm,
    log_percentiles,
    share,
)
from verify_harness.compare.run_reader import LoadTimes, StepSlots
from verify_harness.results.comparison import DOUBT, Figure, Judgement, LoadComparison

PERCENTILES = (50.0, 95.0, 99.0)
LEAST_CHANGE_PERCENT = 5.0
LEAST_CHANGE_MS = 0.5
"""A latency has to change by both before it counts: below, the machine changes by itself."""
LEAST_CHANGE_POINTS = 0.5
"""By so many points a share of failures has to change before it counts."""
LEAST_SECS = 100
LEAST_BEYOND = 50
"""So many answers have to lie beyond a percentile in each run, or it is hardly known at all."""


@dataclass(frozen=True, slots=True)
class _Measured:
    """A figure before it is judged among the others."""

    step: str
    measure: str
    before: float
    after: float
    difference: Difference


def compare_load(before: LoadTimes, after: LoadTimes) -> LoadComparison:
    """Every step that both runs have; both last `LEAST_SECS` at least."""
    blocks = tuple(
        draw_blocks(load.slots, load.slot_secs, seed) for seed, load in enumerate((before, after))
    )
    steps = [name for name in before.steps if name in after.steps]
    measured = [
        figure
        for name in steps
        for figure in _measures(name, before.steps[name], after.steps[name], *blocks)
    ]
    p_values = holm([item.difference.p_value for item in measured])
    doubt = DOUBT / max(1, len(measured))
    figures = tuple(
        _judged(item, p_value, doubt) for item, p_value in zip(measured, p_values, strict=True)
    )
    known = {item.step for item in figures}
    missing = (before.steps.keys() | after.steps.keys()) - set(steps)
    left_out = [f"{name}: too few requests" for name in steps if name not in known]
    left_out += [f"{name}: only one of the runs has it" for name in sorted(missing)]
    return LoadComparison(before.profile.name, figures, tuple(left_out))


def _measures(
    name: str, before: StepSlots, after: StepSlots, blocks: TwoBlocks, blocks_after: TwoBlocks
) -> Iterator[_Measured]:
    fewest = min(before.answers, after.answers)
    wanted = [one for one in PERCENTILES if fewest * (1 - one / 100) >= LEAST_BEYOND]
    if not wanted:
        return
    known = log_percentiles(before.latencies, wanted, blocks)
    known_after = log_percentiles(after.latencies, wanted, blocks_after)
    for percentile, one, other in zip(wanted, known, known_after, strict=True):
        times_ms = (math.exp(one.value) / 1000, math.exp(other.value) / 1000)
        yield _Measured(name, f"p{percentile:g}", *times_ms, Difference.of(one, other))
    if any(some for some, _ in (*before.failures, *after.failures)):
        shares = share(before.failures, blocks), share(after.failures, blocks_after)
        percents = (100 * shares[0].value, 100 * shares[1].value)
        yield _Measured(name, "failures", *percents, Difference.of(*shares))


def _judged(item: _Measured, p_value: float, doubt: float) -> Figure:
    is_share = item.measure == "failures"
    low, high = item.difference.interval(doubt)
    scale = _points if is_share else _percent
    return Figure(
        step=item.step,
        measure=item.measure,
        unit="%" if is_share else "ms",
        before=round(item.before, 3),
        after=round(item.after, 3),
        change=round(scale(item.difference.value), 2),
        low=round(scale(low), 2),
        high=round(scale(high), 2),
        p_value=round(p_value, 6),
        judgement=_judgement(item, p_value),
    )


def _percent(log_ratio: float) -> float:
    return 100 * math.expm1(log_ratio)


def _points(difference: float) -> float:
    return 100 * difference


def _judgement(item: _Measured, p_value: float) -> Judgement:
    gap = abs(item.after - item.before)
    if item.measure == "failures":
        is_large = gap >= LEAST_CHANGE_POINTS
    else:
        is_large = gap >= max(LEAST_CHANGE_MS, item.before * LEAST_CHANGE_PERCENT / 100)
    if p_value >= DOUBT or not is_large:
        return "no change"
    return "regression" if item.after > item.before else "improvement"


def unlike(before: LoadTimes, after: LoadTimes) -> str | None:
    """Why two loads cannot be compared; None where they can."""
    one, other = before.profile, after.profile
    alike = {
        "name": one.name == other.name,
        "scenario": one.scenario == other.scenario,
        "arrivals": one.arrivals == other.arrivals,
        "mix": one.mix == other.mix,
    }
    differing = [name for name, same in alike.items() if not same]
    if differing:
        names = f"{one.name} and {other.name}"
        told = names if "name" in differing else ", ".join(differing)
        return f"they are loads of different profiles ({told})"
    shortest = min(before.seconds, after.seconds)
    if shortest < LEAST_SECS:
        return f"{shortest} s of load are too short to tell a change from chance ({LEAST_SECS} s)"
    return None
