"""Judges limits: the whole run, its windows, an abort and a capacity search by one evaluator."""

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from verify_harness.journal.embedded import Slo
from verify_harness.journal.records import LoadEnded, LoadSecond
from verify_harness.results.load_model import SloResult, SloStatus
from verify_harness.results.load_totals import ByScope, Totals
from verify_harness.results.metrics import Unit, find

_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Window:
    """What one window came to."""

    from_s: int
    measured: float


def measure(limit: Slo, totals: Totals) -> float | None:
    """The value of a limit's metric; None where nothing was measured or nobody knows the metric."""
    metric = find(limit.measure)
    return metric.measure(totals, limit.only_willing) if metric else None


def unit_of(limit: Slo) -> Unit:
    """What a limit's bound is in."""
    metric = find(limit.measure)
    return metric.unit if metric else "%"


def is_kept(limit: Slo, measured: float) -> bool:
    """Whether a value keeps a limit."""
    return _COMPARISONS[limit.comparison](measured, limit.bound)


def windows(limit: Slo, records: Iterable[LoadSecond | LoadEnded]) -> Iterator[Window]:
    """Every whole window in which something was measured, from the load's start on."""
    width_s, length_s = limit.window_s or 1, 0
    found: defaultdict[int, Totals] = defaultdict(Totals)
    for record in records:
        length_s = max(length_s, record.second + 1)
        if _concerns(limit, record):
            found[record.second // width_s].add(record)
    for place in range(length_s // width_s):
        if place in found and (measured := measure(limit, found[place])) is not None:
            yield Window(place * width_s, measured)


def _concerns(limit: Slo, record: LoadSecond | LoadEnded) -> bool:
    of_step = isinstance(record, LoadEnded) or limit.step in (None, record.step)
    return of_step and limit.channel in (None, record.channel)


def judge_limits(
    limits: Iterable[Slo],
    totals: ByScope,
    records: Sequence[LoadSecond | LoadEnded],
    *,
    is_whole: bool,
) -> Iterator[SloResult]:
    """Each limit with its measured value; a load that is not whole keeps and misses nothing."""
    for limit in limits:
        measured, worst_from_s = _measured(limit, totals, records)
        yield SloResult(
            **msgspec.structs.asdict(limit),
            measured=None if measured is None else round(measured, 3),
            status=_status(limit, measured) if is_whole else "not-measured",
            unit=unit_of(limit),
            worst_from_s=worst_from_s,
        )


def _measured(
    limit: Slo, totals: ByScope, records: Sequence[LoadSecond | LoadEnded]
) -> tuple[float | None, int | None]:
    """Over the whole run, or in the window that keeps the limit least and where it begins."""
    if limit.window_s is None:
        return measure(limit, totals.total(limit.step, limit.channel)), None
    worst = max if limit.comparison.startswith("<") else min
    found = worst(windows(limit, records), key=lambda window: window.measured, default=None)
    return (found.measured, found.from_s) if found else (None, None)


def _status(limit: Slo, measured: float | None) -> SloStatus:
    if measured is None:
        return "not-measured"
    return "pass" if is_kept(limit, measured) else "fail"
