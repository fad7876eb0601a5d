"""The view model of a load: what a report may say about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from verify_harness.journal.embedded import Journeys, LoadFailure, Slo
from verify_harness.journal.records import LoadCapacity


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Latencies in milliseconds."""

    p50: float
    p95: float
    p99: float
    max: float


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a journey under load; `response_ms` counts from the planned start."""

    name: str
    requests: int
    throttled: int
    errors: int
    statuses: Mapping[str, int]
    service_ms: Percentiles | None
    response_ms: Percentiles | None


@dataclass(frozen=True, slots=True)
class Interval:
    """A few seconds of load, all steps together; rates per second."""

    start_s: int
    width_s: int
    requests_per_s: float
    journeys_per_s: float
    planned_per_s: float | None
    throttled: int
    errors: int
    response_ms: Percentiles | None


SloStatus = Literal["pass", "fail", "not-measured"]


class SloResult(Slo, frozen=True, kw_only=True):
    """A limit of the profile and what was measured, in `unit`."""

    measured: float | None
    """Over the whole run, or in the worst window."""
    status: SloStatus
    unit: Literal["ms", "%"]
    worst_from_s: int | None = None
    """Where the worst window begins."""


@dataclass(frozen=True, slots=True)
class Load:
    """The load part of a run; rates count journeys, except `requests_per_s`."""

    profile: str
    title: str
    is_whole: bool
    """Whether every process came to its end: else its limits are not judged."""
    duration_s: float
    requests: int
    requests_per_s: float
    offered_per_s: float | None
    achieved_per_s: float | None
    journeys: Journeys
    steps: tuple[Step, ...]
    intervals: tuple[Interval, ...]
    failures: tuple[LoadFailure, ...]
    slo: tuple[SloResult, ...]
    is_judged: bool
    """Whether a missed SLO, or an invalid run, decides the verdict."""
    invalid: tuple[str, ...]
    """Why the measurement itself is worth little."""
    generator: Mapping[str, int | float | str | None]
    capacity: LoadCapacity | None = None
    response_by_percentile: tuple[tuple[float, float], ...] = ()
    """Percentile and milliseconds, all steps together; from the planned start."""
    service_by_percentile: tuple[tuple[float, float], ...] = ()
    """The same from the sending."""
    aborted: str | None = None
    """Why the load was ended before its time, if a limit did that."""

    @property
    def missed(self) -> tuple[SloResult, ...]:
        """The limits that were not kept."""
        return tuple(item for item in self.slo if item.status == "fail")
