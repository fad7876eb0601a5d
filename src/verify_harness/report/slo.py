"""What was measured against each limit of the profile; latencies count from the planned start."""

import operator
from collections.abc import Callable, Iterator, Mapping

from verify_harness.report.collected import Collected
from verify_harness.report.histograms import StepTotals
from verify_harness.report.lines import SloField
from verify_harness.report.model import SloResult

_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_PERCENT = ("error_rate", "throttled", "completed")


def judge_limits(
    limits: list[SloField], collected: Collected, journeys: Mapping[str, int]
) -> Iterator[SloResult]:
    """Each limit with its measured value; what nothing was measured for is never a pass."""
    for limit in limits:
        measured = _measured(limit, collected, journeys)
        kept = measured is not None and _COMPARISONS[limit.comparison](measured, limit.bound)
        yield SloResult(
            expression=limit.expression,
            limit=limit.limit,
            measured=None if measured is None else round(measured, 3),
            status="not-measured" if measured is None else "pass" if kept else "fail",
            unit="%" if limit.measure in _PERCENT else "ms",
            bound=limit.bound,
        )


def _measured(limit: SloField, collected: Collected, journeys: Mapping[str, int]) -> float | None:
    if limit.measure == "completed":
        counted = journeys["started"] - (journeys["abandoned"] if limit.only_willing else 0)
        return _percent(journeys["completed"], counted)
    totals = StepTotals()
    for (step, channel), part in collected.steps.items():
        if limit.step in (None, step) and limit.channel in (None, channel):
            totals.merge(part)
    return _of_requests(limit.measure, totals)


def _of_requests(measure: str, totals: StepTotals) -> float | None:
    match measure:
        case "error_rate":
            return _percent(totals.errors, totals.requests)
        case "throttled":
            return _percent(totals.throttled, totals.requests)
    if totals.response.get_total_count() == 0:
        return None
    if measure == "max":
        return float(totals.response.get_max_value()) / 1000
    return float(totals.response.get_value_at_percentile(float(measure[1:]))) / 1000


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
