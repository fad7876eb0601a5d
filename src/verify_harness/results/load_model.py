"""The results of a load; run.json holds them as they stand here."""

from typing import Literal

import msgspec

from verify_harness.journal.embedded import Capacity, Journeys, LoadFailure, Slo


class Percentiles(msgspec.Struct, frozen=True):
    """Latencies in milliseconds."""

    p50: float
    p95: float
    p99: float
    max: float


class Step(msgspec.Struct, frozen=True):
    """One step of a journey under load; `response_ms` counts from the planned start."""

    name: str
    requests: int
    throttled: int
    errors: int
    statuses: dict[str, int]
    service_ms: Percentiles | None
    response_ms: Percentiles | None


class Interval(msgspec.Struct, frozen=True):
    """A few seconds of load, all steps together; rates per second."""

    start_s: int
    width_s: int
    requests_per_s: float
    journeys_per_s: float
    planned_per_s: float | None
    throttled: int
    errors: int
    response_ms: Percentiles | None
    answers: dict[str, int] = {}
    """Requests by class of their answer: 2xx, 4xx, 5xx, 429 apart, and `none`."""
    limited_ms: dict[str, Percentiles] = {}
    """The response times that limits are about: by step, channel, or both, as `scope` names it."""


def scope(limit: Slo) -> str:
    """Which part of the load a limit is about, such as `trigger` or `check, sms`; empty for all."""
    return ", ".join(name for name in (limit.step, limit.channel) if name)


SloStatus = Literal["pass", "fail", "not-measured"]


class SloResult(Slo, frozen=True, kw_only=True):
    """A limit of the profile and what was measured, in `unit`."""

    measured: float | None
    """Over the whole run, or in the worst window."""
    status: SloStatus
    unit: Literal["ms", "%"]
    worst_from_s: int | None = None
    """Where the worst window begins."""


class Load(msgspec.Struct, frozen=True, rename={"is_judged": "judged", "is_whole": "whole"}):
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
    generator: dict[str, int | float | str | None]
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
