"""The load part of the view, from its seconds."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from verify_harness.journal.embedded import Journeys, LoadFailure, LoadProfile, Planned
from verify_harness.journal.records import (
    LoadAborted,
    LoadBegun,
    LoadCapacity,
    LoadEnded,
    LoadFinished,
    LoadInvalid,
    LoadSecond,
    LoadStarted,
)
from verify_harness.results.aggregate import Aggregate
from verify_harness.results.histograms import distribution, merged, percentiles
from verify_harness.results.load_model import Interval, Load, Percentiles, Step, scope
from verify_harness.results.load_totals import SecondTotals, Totals
from verify_harness.results.slo import judge_limits, unit_of

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


def build_load(collected: Aggregate) -> Load | None:
    """The load block; None where the run had no load."""
    starts, finishes = collected.all(LoadStarted), collected.all(LoadFinished)
    if not starts and not finishes and not collected.load_by_second:
        return None
    start = starts[0] if starts else _UNKNOWN
    last_s = float(max(collected.load_by_second, default=-1) + 1)
    duration_s = max((finish.duration_s for finish in finishes), default=last_s)
    journeys, steps = _journeys(collected), collected.load_totals.by_step()
    planned_s = start.planned.duration_s
    requests = sum(step.requests for step in steps.values())
    arriving_s = min(duration_s, planned_s) if planned_s else duration_s
    generator = _generator(collected)
    aborted, capacity = collected.latest(LoadAborted), collected.latest(LoadCapacity)
    weaknesses = _weaknesses(journeys, generator, is_whole=aborted is None)
    lost = [record.reason for record in collected.all(LoadInvalid)]
    was_stopped = collected.finish is not None and collected.finish.partial
    is_whole = collected.load_finished and not was_stopped and not lost
    records: list[LoadSecond | LoadEnded] = [*collected.all(LoadSecond)]
    records += collected.all(LoadEnded)
    return Load(
        profile=start.profile.name,
        title=start.profile.title,
        is_whole=is_whole,
        duration_s=duration_s,
        requests=requests,
        requests_per_s=_rate(requests, duration_s) or 0.0,
        offered_per_s=_rate(journeys.planned, planned_s),
        achieved_per_s=_rate(_started_within(collected, arriving_s), arriving_s),
        journeys=journeys,
        steps=tuple(_step(name, totals) for name, totals in steps.items()),
        intervals=_intervals(collected.load_by_second, start),
        failures=_failures(collected),
        slo=tuple(judge_limits(start.slo, collected.load_totals, records, is_whole=is_whole)),
        is_judged=start.profile.judged,
        invalid=(*dict.fromkeys([*lost, *weaknesses]),),
        generator=generator,
        capacity=capacity.capacity if capacity else None,
        response_by_percentile=distribution(step.response for step in steps.values()),
        service_by_percentile=distribution(step.service for step in steps.values()),
        aborted=aborted.reason if aborted else None,
    )


def _started_within(collected: Aggregate, arriving_s: float) -> int:
    return sum(
        totals.started for second, totals in collected.load_by_second.items() if second < arriving_s
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


def _generator(collected: Aggregate) -> dict[str, Any]:
    """The generating processes as one: the worst of each measure, the sum of each count."""
    told: list[Mapping[str, Any]] = [finish.generator for finish in collected.all(LoadFinished)]
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


def _journeys(collected: Aggregate) -> Journeys:
    """As the seconds tell; only the plan of a closed model is not known before the end."""
    ended = collected.load_totals.total(None, None)
    planned = sum(start.planned.journeys for start in collected.all(LoadStarted))
    if collected.load_finished:
        planned = sum(finish.journeys.planned for finish in collected.all(LoadFinished))
    return Journeys(
        planned=planned,
        started=sum(second.started for second in collected.load_by_second.values()),
        late_starts=sum(record.late for record in collected.all(LoadBegun)),
        completed=ended.completed,
        failed=ended.failed,
        abandoned=ended.abandoned,
    )


def _step(name: str, totals: Totals) -> Step:
    return Step(
        name=name,
        requests=totals.requests,
        throttled=totals.throttled,
        errors=totals.errors,
        statuses=dict(sorted(totals.statuses.items())),
        service_ms=percentiles(totals.service),
        response_ms=percentiles(totals.response),
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
        journeys_per_s=sum(second.started for second in here) / width_s,
        planned_per_s=planned_rate(start, start_s + width_s / 2),
        throttled=sum(second.throttled for second in here),
        errors=sum(second.errors for second in here),
        response_ms=percentiles(merged(_responses(here))),
        answers=dict(sum((second.answers for second in here), Counter())),
        limited_ms=_limited(here, start),
    )


def _limited(here: Sequence[SecondTotals], start: LoadStarted) -> dict[str, Percentiles]:
    """The response times of each step and channel that a limit in milliseconds is about."""
    scopes = {
        scope(limit): (limit.step, limit.channel)
        for limit in start.slo
        if (limit.step or limit.channel) and unit_of(limit) == "ms"
    }
    measured = {name: percentiles(merged(_responses(here, *of))) for name, of in scopes.items()}
    return {name: found for name, found in measured.items() if found is not None}


def _responses(
    here: Sequence[SecondTotals], step: str | None = None, channel: str | None = None
) -> Iterator[str]:
    """The encoded response times of some seconds: of one step, of one channel, or of all."""
    for record in (record for second in here for record in second.response):
        if step in {None, record.step} and channel in {None, record.channel} and record.response:
            yield record.response


def _failures(collected: Aggregate) -> tuple[LoadFailure, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    for finish in collected.all(LoadFinished):
        for item in finish.failures:
            counts[item.step, item.message] += item.count
    kinds = (LoadFailure(step, message, count) for (step, message), count in counts.items())
    return tuple(sorted(kinds, key=lambda item: (-item.count, item.step, item.message)))
