"""The view model: what a run says, worked out once; every report is a pure function of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from verify_harness.report.coverage import Coverage

Status = Literal["pass", "fail", "warn", "observed", "waived", "skip", "error", "flaky"]
Verdict = Literal["pass", "fail", "no-verdict"]

STATUSES: tuple[Status, ...] = (
    "fail",
    "error",
    "flaky",
    "warn",
    "waived",
    "observed",
    "skip",
    "pass",
)
"""Every status of a requirement, the one that needs most attention first (design §5)."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the journal holds it: redacted, keys as `$TELNYX_API_KEY`."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: str | None


@dataclass(frozen=True, slots=True)
class Response:
    """An answer as the journal holds it."""

    status: int
    headers: Mapping[str, str]
    body: str
    truncated: bool


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with its answer, or with the reason why there is none."""

    request: Request
    response: Response | None
    failure: str | None
    elapsed_ms: float
    operation_id: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One deviation from a requirement; `id` is stable within a run, such as VFY-CODE-004.1."""

    id: str
    requirement: str
    severity: Literal["fail", "warn"]
    message: str
    check: str
    blocked_by: str | None
    replay: str
    curl: str | None
    exchange: Exchange | None


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement and what this run found out about it."""

    id: str
    title: str
    statement: str
    basis: str
    severity: str
    area: str
    sources: tuple[str, ...]
    status: Status
    operations: tuple[str, ...]
    checks: int
    duration_s: float
    blocked_by: str | None
    """The requirement whose failure kept all of its failed checks from getting anywhere."""
    reason: str | None
    """Why it was skipped or could not be judged."""
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Waiver:
    """A failure that somebody has taken on."""

    id: str
    target: str
    reason: str
    link: str
    owner: str
    expires: str
    status: Literal["used", "unneeded", "expired", "unknown"]

    @property
    def is_stale(self) -> bool:
        """Whether it has to be removed or renewed: it fails the run."""
        return self.status != "used"


@dataclass(frozen=True, slots=True)
class Area:
    """The requirements that share the middle of their ids."""

    name: str
    requirements: tuple[Requirement, ...]

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many requirements have each status; only those that occur."""
        return count_statuses(self.requirements)


@dataclass(frozen=True, slots=True)
class Blocked:
    """Requirements that nothing could be learnt about, because `cause` is broken."""

    cause: str
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the spec and how often each status was answered."""

    operation_id: str
    method: str
    path: str
    exchanges: int
    statuses: Mapping[str, int]
    """By status code; requests without an answer count as `none`."""


@dataclass(frozen=True, slots=True)
class Observation:
    """Which side of a documented conflict was seen, and how often (register in facts §7)."""

    key: str
    value: str
    count: int
    operations: tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
class Fault:
    """A seeded defect, and what the checks made of it."""

    id: str
    title: str
    """The harm it would do."""
    breaks: str
    layer: str
    caught: bool
    by: tuple[str, ...]
    """The requirements that were alarmed, the first one first."""
    checks: int
    requests: int
    seconds: float
    message: str | None
    check: str
    replay: str
    survives: str | None
    """Why it is known to stay uncaught."""

    @property
    def intended(self) -> bool:
        """Whether the requirement that it breaks was among the alarmed ones."""
        return self.breaks in self.by


@dataclass(frozen=True, slots=True)
class Proof:
    """How the suite did against seeded faults."""

    faults: tuple[Fault, ...]
    matrix: bool
    """Whether every check ran for every fault, so that `by` is complete."""
    idle: tuple[str, ...]
    """Requirements that caught nothing; known in a matrix only."""

    @property
    def caught(self) -> int:
        """How many faults were caught."""
        return sum(fault.caught for fault in self.faults)

    @property
    def intended(self) -> int:
        """How many were caught by the requirement that they break."""
        return sum(fault.intended for fault in self.faults)

    @property
    def survivors(self) -> tuple[Fault, ...]:
        """Faults that nobody caught and nobody expected to survive."""
        return tuple(fault for fault in self.faults if not fault.caught and not fault.survives)

    @property
    def known(self) -> tuple[Fault, ...]:
        """Faults that survived as listed."""
        return tuple(fault for fault in self.faults if not fault.caught and fault.survives)

    @property
    def stale(self) -> tuple[Fault, ...]:
        """Faults that are listed as survivors, but were caught."""
        return tuple(fault for fault in self.faults if fault.caught and fault.survives)

    @property
    def holds(self) -> bool:
        """Whether the proof holds: no unexpected survivor, no stale entry."""
        return not self.survivors and not self.stale


@dataclass(frozen=True, slots=True)
class Target:
    """Who was tested."""

    url: str
    kind: str
    levers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunView:
    """Everything a report may say about one run."""

    tool: str
    command: str
    spec_sha256: str
    target: Target
    dialect: str
    started_at: str
    duration_s: float
    seed: int | None
    level: str | None
    jobs: int | None
    verdict: Verdict
    exit_code: int
    partial: bool
    reasons: tuple[str, ...]
    """Why the run is partial or has no verdict, beyond what its requirements say."""
    requirements: tuple[Requirement, ...]
    operations: tuple[Operation, ...]
    requests_sha256: str | None
    observations: tuple[Observation, ...]
    spend: Mapping[str, int]
    load: Load | None
    proof: Proof | None
    coverage: Coverage | None
    waivers: tuple[Waiver, ...]
    notes: tuple[str, ...]

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many requirements have each status, in the order of `STATUSES`."""
        return count_statuses(self.requirements)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the order of their requirements."""
        return tuple(finding for item in self.requirements for finding in item.findings)

    @property
    def areas(self) -> tuple[Area, ...]:
        """The requirements by area, areas in the order of the catalogue."""
        order = list(dict.fromkeys(item.area for item in self.requirements))
        ranked = sorted(self.requirements, key=lambda item: order.index(item.area))
        groups = groupby(ranked, key=lambda item: item.area)
        return tuple(Area(name, tuple(members)) for name, members in groups)

    @property
    def broken(self) -> tuple[Requirement, ...]:
        """What needs a look: failed (and not merely blocked), or not judged, or warned about."""
        wanted = ("fail", "error", "flaky", "warn")
        found = [item for item in self.requirements if item.status in wanted]
        found.sort(key=lambda item: wanted.index(item.status))
        return tuple(item for item in found if item.blocked_by is None)

    @property
    def blocked(self) -> tuple[Blocked, ...]:
        """The requirements that failed only because another one did, by that other one."""
        found = [item for item in self.requirements if item.blocked_by is not None]
        causes = dict.fromkeys(str(item.blocked_by) for item in found)
        return tuple(
            Blocked(cause, tuple(item for item in found if item.blocked_by == cause))
            for cause in causes
        )

    def with_status(self, status: Status) -> tuple[Requirement, ...]:
        """The requirements of one status."""
        return tuple(item for item in self.requirements if item.status == status)


def count_statuses(requirements: tuple[Requirement, ...]) -> Mapping[Status, int]:
    """How many have each status, in the order of `STATUSES`; only those that occur."""
    counts = Counter(item.status for item in requirements)
    return {status: counts[status] for status in STATUSES if counts[status]}
