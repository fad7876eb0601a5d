"""The view model of a load: what a report may say about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


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


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """A kind of failure under load and how often it occurred."""

    step: str
    message: str
    count: int


SloStatus = Literal["pass", "fail", "not-measured"]


@dataclass(frozen=True, slots=True)
class SloResult:
    """A limit of the profile and what was measured, in `unit`."""

    expression: str
    limit: str
    measured: float | None
    """Over the whole run, or in the worst window."""
    status: SloStatus
    unit: Literal["ms", "%"]
    bound: float
    window_s: int | None = None
    """Every stretch of so many seconds has to keep the limit."""
    worst_from_s: int | None = None
    """Where the worst window begins."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A rate that a capacity search tried, and why it was not kept."""

    rate_per_s: float
    kept: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class Capacity:
    """Journeys a second: `low_per_s` keeps the SLO, `high_per_s` does not (None: not reached)."""

    low_per_s: float
    high_per_s: float | None
    probes: tuple[Probe, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """The load part of a run; rates count journeys, except `requests_per_s`."""

    profile: str
    title: str
    finished: bool
    duration_s: float
    requests: int
    requests_per_s: float
    offered_per_s: float | None
    achieved_per_s: float | None
    journeys: Mapping[str, int]
    steps: tuple[Step, ...]
    intervals: tuple[Interval, ...]
    failures: tuple[LoadFailure, ...]
    slo: tuple[SloResult, ...]
    is_judged: bool
    """Whether a missed SLO, or an invalid run, decides the verdict."""
    invalid: tuple[str, ...]
    """Why the measurement itself is worth little."""
    generator: Mapping[str, Any]
    capacity: Capacity | None = None
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
