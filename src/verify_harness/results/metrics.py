"""The metrics that a limit may name: this is the one place to add one.

The profile's parser reads names, units, directions and scopes here; one evaluator (`results.slo`)
uses `measure` for whole runs, for windows, for aborting and for the capacity search.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from verify_harness.results.load_totals import Totals

Word = Literal["step", "channel", "willing"]
Unit = Literal["ms", "%"]


@dataclass(frozen=True, slots=True)
class Metric:
    """Something that can be measured of a stretch of load."""

    unit: Unit
    words: frozenset[Word]
    """What may stand in its brackets; `willing` leaves out the people who give up."""
    better: Literal["lower", "higher"] | None
    """Which side of a bound is good; None: a limit may ask for either."""
    measure: Callable[[Totals, bool], float | None]
    """From totals, and whether only the willing count; None where nothing was measured."""


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _unanswered(totals: Totals) -> int:
    """Requests without a whole answer; an answer of any status counts as one."""
    return totals.requests - totals.statuses.total()


def _completed(totals: Totals, only_willing: bool) -> float | None:
    left = 0 if only_willing else totals.abandoned
    return _percent(totals.completed, totals.completed + left + totals.failed)


def _latency_ms(percentile: float, totals: Totals, _only_willing: bool) -> float | None:
    """From the planned start on; 100 is the highest."""
    response = totals.response
    if response.get_total_count() == 0:
        return None
    if percentile == 100:
        return float(response.get_max_value()) / 1000
    return float(response.get_value_at_percentile(percentile)) / 1000


_REQUESTS = frozenset[Word]({"step", "channel"})
_JOURNEYS = frozenset[Word]({"channel", "willing"})

METRICS: Mapping[str, Metric] = {
    "max": Metric("ms", _REQUESTS, "lower", partial(_latency_ms, 100)),
    "error_rate": Metric(
        "%", _REQUESTS, "lower", lambda totals, _: _percent(totals.errors, totals.requests)
    ),
    "throttled": Metric(
        "%", _REQUESTS, None, lambda totals, _: _percent(totals.throttled, totals.requests)
    ),
    "unanswered": Metric(
        "%", _REQUESTS, "lower", lambda totals, _: _percent(_unanswered(totals), totals.requests)
    ),
    "completed": Metric("%", _JOURNEYS, "higher", _completed),
}
_PERCENTILE = re.compile(r"p([0-9]{2}(?:\.[0-9]+)?)")
NAMES = ("p50 to p99.9", *METRICS)


def find(name: str) -> Metric | None:
    """The metric of a name, such as `error_rate` or `p99.9`; None where there is none."""
    if percentile := _PERCENTILE.fullmatch(name):
        return Metric("ms", _REQUESTS, "lower", partial(_latency_ms, float(percentile[1])))
    return METRICS.get(name)
