"""What was measured against each limit of the profile; latencies count from the planned start."""

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
from hdrh.histogram import HdrHistogram

from verify_harness.journal.embedded import Journeys, Slo
from verify_harness.journal.records import LoadEnded, LoadSecond
from verify_harness.report.collected import Collected
from verify_harness.report.histograms import StepTotals, histogram
from verify_harness.report.load_model import SloResult

_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_PERCENT = ("error_rate", "throttled", "completed")


def judge_limits(
    limits: Sequence[Slo], collected: Collected, journeys: Journeys
) -> Iterator[SloResult]:
    """Each limit with its measured value; what nothing was measured for is never a pass."""
    for limit in limits:
        if limit.window_s is not None:
            worst = worst_window(limit, collected.load_seconds, collected.load_ends)
            measured, worst_from_s = (worst.measured, worst.from_s) if worst else (None, None)
        else:
            measured, worst_from_s = _measured(limit, collected, journeys), None
        yield SloResult(
            **msgspec.structs.asdict(limit),
            measured=None if measured is None else round(measured, 3),
            status="not-measured" if measured is None else _status(limit, measured),
            unit="%" if limit.measure in _PERCENT else "ms",
            worst_from_s=worst_from_s,
        )


def _status(limit: Slo, measured: float) -> Literal["pass", "fail"]:
    return "pass" if is_kept(limit, measured) else "fail"


def is_kept(limit: Slo, measured: float) -> bool:
    """Whether a value keeps a limit."""
    return _COMPARISONS[limit.comparison](measured, limit.bound)


@dataclass(frozen=True, slots=True)
class Window:
    """What one window came to."""

    from_s: int
    measured: float


def worst_window(
    limit: Slo, seconds: Iterable[LoadSecond], ends: Iterable[LoadEnded]
) -> Window | None:
    """The window that keeps a limit least; None where nothing was measured in any.

    Windows follow one another from the load's start; the last one counts only if it is whole.
    """
    found = list(windows(limit, seconds, ends))
    worst = max if limit.comparison.startswith("<") else min
    return worst(found, key=lambda window: window.measured) if found else None


def windows(
    limit: Slo, seconds: Iterable[LoadSecond], ends: Iterable[LoadEnded]
) -> Iterator[Window]:
    """Every whole window in which something was measured."""
    width_s = limit.window_s or 1
    requests: defaultdict[int, list[LoadSecond]] = defaultdict(list)
    journeys: defaultdict[int, list[LoadEnded]] = defaultdict(list)
    length_s = 0
    for second in seconds:
        length_s = max(length_s, second.second + 1)
        if limit.step in (None, second.step) and limit.channel in (None, second.channel):
            requests[second.second // width_s].append(second)
    for end in ends:
        length_s = max(length_s, end.second + 1)
        if limit.channel in (None, end.channel):
            journeys[end.second // width_s].append(end)
    for place in range(length_s // width_s):
        if limit.measure == "completed":
            measured = _completed(limit, journeys[place])
        else:
            measured = _of_requests(limit.measure, requests[place])
        if measured is not None:
            yield Window(place * width_s, measured)


def _measured(limit: Slo, collected: Collected, journeys: Journeys) -> float | None:
    """Over the whole run."""
    if limit.measure != "completed":
        return _of_totals(limit, collected)
    if limit.channel is not None:
        ends = [end for end in collected.load_ends if end.channel == limit.channel]
        return _completed(limit, ends)
    left = 0 if limit.only_willing else journeys.abandoned
    return _percent(journeys.completed, journeys.completed + left + journeys.failed)


def _of_totals(limit: Slo, collected: Collected) -> float | None:
    totals = StepTotals()
    for (step, channel), part in collected.steps.items():
        if limit.step in (None, step) and limit.channel in (None, channel):
            totals.merge(part)
    match limit.measure:
        case "error_rate":
            return _percent(totals.errors, totals.requests)
        case "throttled":
            return _percent(totals.throttled, totals.requests)
    return _latency_ms(limit.measure, totals.response)


def _completed(limit: Slo, ends: Sequence[LoadEnded]) -> float | None:
    """The share of the journeys that ended."""
    completed = sum(end.completed for end in ends)
    left = 0 if limit.only_willing else sum(end.abandoned for end in ends)
    return _percent(completed, completed + left + sum(end.failed for end in ends))


def _of_requests(measure: str, seconds: Sequence[LoadSecond]) -> float | None:
    requests = sum(second.requests for second in seconds)
    match measure:
        case "error_rate":
            return _percent(sum(second.errors for second in seconds), requests)
        case "throttled":
            return _percent(sum(second.throttled for second in seconds), requests)
    return _latency_ms(measure, _response(seconds))


def _response(seconds: Sequence[LoadSecond]) -> HdrHistogram:
    merged = histogram()
    for second in seconds:
        if second.response:
            merged.decode_and_add(second.response)
    return merged


def _latency_ms(measure: str, response: HdrHistogram) -> float | None:
    if response.get_total_count() == 0:
        return None
    if measure == "max":
        return float(response.get_max_value()) / 1000
    return float(response.get_value_at_percentile(float(measure[1:]))) / 1000


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
