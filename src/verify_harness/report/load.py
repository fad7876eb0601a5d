"""The load part of the view, from its seconds."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from verify_harness.journal.embedded import Journeys, LoadFailure, LoadProfile, Planned
from verify_harness.journal.records import LoadStarted
from verify_harness.report.collected import Collected
from verify_harness.report.histograms import (
    SecondTotals,
    StepTotals,
    distribution,
    merged_percentiles,
    percentiles,
)
from verify_harness.report.load_model import Interval, Load, Step
from verify_harness.report.slo import judge_limits

_MOST_INTERVALS = 120

MOST_CPU_PERCENT = 90.0
"""Above this a generating process was itself the limit."""
MOST_LAG_MS = 50.0
"""Above this, at the 99th percentile of the planned starts, the schedule was not kept."""
LEAST_DELIVERED_PERCENT = 99.0


_UNKNOWN = LoadStarted(
    profile=LoadProfile(name="", title="", scenario="", arrivals=(), mix={}),
    planned=Planned(journeys=0, duration_s=0.0),
)
"""What is known of a load whose beginning is lost."""


def build_load(collected: Collected) -> Load | None:
    """The load block; None where the run had no load."""
    starts, finishes = collected.load_starts, collected.load_finishes
    if not starts and not finishes and not collected.steps:
        return None
    start = starts[0] if starts else _UNKNOWN
    last_s = float(max(collected.seconds, default=-1) + 1)
    duration_s = max((finish.duration_s for finish in finishes), default=last_s)
    journeys = _journeys(collected)
    planned_s = start.planned.duration_s
    requests = sum(step.requests for step in collected.steps.values())
    arriving_s = min(duration_s, planned_s) if planned_s else duration_s
    generator = _generator(collected)
    weaknesses = _weaknesses(journeys, generator, is_whole=collected.load_aborted is None)
    return Load(
        profile=start.profile.name,
        title=start.profile.title,
        finished=len(finishes) >= max(1, len(starts)),
        duration_s=duration_s,
        requests=requests,
        requests_per_s=_rate(requests, duration_s) or 0.0,
        offered_per_s=_rate(journeys.planned, planned_s),
        achieved_per_s=_rate(journeys.started, arriving_s),
        journeys=journeys,
        steps=_steps(collected),
        intervals=_intervals(collected.seconds, start),
        failures=_failures(collected),
        slo=tuple(judge_limits(start.slo, collected, journeys)),
        is_judged=start.profile.judged,
        invalid=(*dict.fromkeys([*collected.load_invalid, *weaknesses]),),
        generator=generator,
        capacity=collected.load_capacity,
        response_by_percentile=distribution(step.response for step in collected.steps.values()),
        service_by_percentile=distribution(step.service for step in collected.steps.values()),
        aborted=collected.load_aborted,
    )


def _weaknesses(
    journeys: Journeys, generator: Mapping[str, Any], *, is_whole: bool
) -> Iterator[str]:
    """What the numbers say against the measurement itself; not whole: it was to end early."""
    delivered = 100 * journeys.started / journeys.planned if journeys.planned else 100.0
    if is_whole and delivered < LEAST_DELIVERED_PERCENT:
        yield f"only {delivered:.1f} % of the planned journeys were started"
    if (cpu := generator.get("cpu_percent") or 0) > MOST_CPU_PERCENT:
        yield f"the load generator was saturated: {cpu:g} % of a CPU"
    if (lag := generator.get("lag_p99_ms") or 0) > MOST_LAG_MS:
        yield f"the load generator fell behind its schedule: 1 % of the starts by {lag:g} ms"


def _generator(collected: Collected) -> Mapping[str, Any]:
    """The generating processes as one: the worst of each measure, the sum of each count."""
    told: list[Mapping[str, Any]] = [finish.generator for finish in collected.load_finishes]
    merged: dict[str, Any] = {}
    for name in dict.fromkeys(name for one in told for name in one):
        values = [one[name] for one in told if one.get(name) is not None]
        is_count = all(isinstance(value, int) for value in values)
        is_number = all(isinstance(value, int | float) for value in values)
        combined = sum if is_count else max if is_number else _first
        merged[name] = combined(values) if values else None
    merged.pop("pid", None)
    return {**merged, "processes": len(told)} if len(told) > 1 else merged


def _first(values: Sequence[Any]) -> Any:
    return values[0]


def planned_rate(start: LoadStarted, at_s: float) -> float | None:
    """The profile's rate (journeys per second) at a time of the run; None after its end."""
    for (begin_s, first), (end_s, last) in pairwise(start.planned.curve):
        if begin_s <= at_s < end_s:
            return first + (last - first) * (at_s - begin_s) / (end_s - begin_s)
    if start.planned.curve:
        return None
    end_s = 0.0
    for arrival in start.profile.arrivals:
        end_s += arrival.duration_s
        if at_s < end_s:
            return arrival.rate_per_s
    return None


def _rate(count: int, seconds: float) -> float | None:
    return round(count / seconds, 3) if seconds > 0 else None


def _journeys(collected: Collected) -> Journeys:
    planned = sum(start.planned.journeys for start in collected.load_starts)
    finishes = collected.load_finishes
    if not finishes:
        started = sum(second.starts for second in collected.seconds.values())
        return Journeys(planned=planned, started=started)
    counts = zip(*(msgspec.structs.astuple(finish.journeys) for finish in finishes), strict=True)
    total = Journeys(*map(sum, counts))
    if len(finishes) < len(collected.load_starts):  # a lost process told only its plan
        return msgspec.structs.replace(total, planned=planned)
    return total


def _steps(collected: Collected) -> tuple[Step, ...]:
    merged: dict[str, StepTotals] = {}
    for (name, _), part in collected.steps.items():
        merged.setdefault(name, StepTotals()).merge(part)
    return tuple(
        Step(
            name=name,
            requests=step.requests,
            throttled=step.throttled,
            errors=step.errors,
            statuses=dict(sorted(step.statuses.items())),
            service_ms=percentiles(step.service),
            response_ms=percentiles(step.response),
        )
        for name, step in merged.items()
    )


def _intervals(seconds: Mapping[int, SecondTotals], start: LoadStarted) -> tuple[Interval, ...]:
    """The run in at most `_MOST_INTERVALS` pieces of equal length; quiet ones are there too."""
    if not seconds:
        return ()
    length_s = max(seconds) + 1
    width_s = -(-length_s // _MOST_INTERVALS)
    return tuple(
        _interval(start_s, min(width_s, length_s - start_s), seconds, start)
        for start_s in range(0, length_s, width_s)
    )


def _interval(
    start_s: int,
    width_s: int,
    seconds: Mapping[int, SecondTotals],
    start: LoadStarted,
) -> Interval:
    here = [seconds[at] for at in range(start_s, start_s + width_s) if at in seconds]
    return Interval(
        start_s=start_s,
        width_s=width_s,
        requests_per_s=sum(second.requests for second in here) / width_s,
        journeys_per_s=sum(second.starts for second in here) / width_s,
        planned_per_s=planned_rate(start, start_s + width_s / 2),
        throttled=sum(second.throttled for second in here),
        errors=sum(second.errors for second in here),
        response_ms=merged_percentiles([one for second in here for one in second.response]),
    )


def _failures(collected: Collected) -> tuple[LoadFailure, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    for finish in collected.load_finishes:
        for item in finish.failures:
            counts[item.step, item.message] += item.count
    kinds = (LoadFailure(step, message, count) for (step, message), count in counts.items())
    return tuple(sorted(kinds, key=lambda item: (-item.count, item.step, item.message)))
