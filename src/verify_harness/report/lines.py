"""Journal lines as typed records (schemas/journal.schema.json); what is optional has a default.

Unknown kinds are skipped and unknown fields ignored, so that a report can be made from the journal
of a newer version.
"""

import math
from collections.abc import Mapping
from typing import Any, Literal

import msgspec


class TargetField(msgspec.Struct, frozen=True):
    """The target of a run."""

    url: str = ""
    kind: str = ""
    levers: list[str] = []


class RequirementField(msgspec.Struct, frozen=True):
    """A selected requirement."""

    id: str
    title: str = ""
    statement: str = ""
    basis: str = ""
    severity: str = "fail"
    area: str = ""
    sources: list[str] = []


class OperationField(msgspec.Struct, frozen=True):
    """An operation of the spec."""

    operation_id: str
    method: str = ""
    path: str = ""


class WaiverField(msgspec.Struct, frozen=True):
    """A tolerated failure; `state` is open, expired, or unknown (no such requirement)."""

    id: str
    target: str = ""
    reason: str = ""
    link: str = ""
    owner: str = ""
    expires: str = ""
    state: str = "open"


class RunStarted(msgspec.Struct, frozen=True):
    """The head of a journal."""

    tool: str = ""
    command: str = ""
    spec_sha256: str = ""
    target: TargetField = TargetField()
    dialect: str = ""
    started_at: str = ""
    seed: int | None = None
    level: str | None = None
    jobs: int | None = None
    judges_all: bool = True
    requirements: list[RequirementField] = []
    operations: list[OperationField] = []
    waivers: list[WaiverField] = []


class TargetFound(msgspec.Struct, frozen=True):
    """The target answered."""

    target: TargetField = TargetField()
    dialect: str = ""
    spec_sha256: str = ""
    operations: list[OperationField] = []
    waivers: list[WaiverField] = []


class RequirementDeclared(msgspec.Struct, frozen=True):
    """A check of the user's own stands for a requirement that the catalogue does not have."""

    requirement: RequirementField


class CheckStarted(msgspec.Struct, frozen=True):
    """A check begins."""

    check: str
    requirements: list[str] = []
    operations: list[str] = []


class RequestField(msgspec.Struct, frozen=True):
    """What was sent."""

    method: str
    url: str
    headers: dict[str, str] = {}
    body: str | None = None


class ResponseField(msgspec.Struct, frozen=True):
    """What came back."""

    status: int
    headers: dict[str, str] = {}
    body: str = ""
    truncated: bool = False


class ExchangeLine(msgspec.Struct, frozen=True):
    """A request with its answer."""

    check: str
    request: RequestField
    seq: int = 0
    operation_id: str | None = None
    response: ResponseField | None = None
    failure: str | None = None
    elapsed_ms: float = 0.0


class FindingLine(msgspec.Struct, frozen=True):
    """A deviation."""

    check: str
    requirement: str
    seq: int = 0
    severity: Literal["fail", "warn"] = "fail"
    message: str = ""
    exchange: int | None = None
    blocked_by: str | None = None
    replay: str | None = None


class ObservationLine(msgspec.Struct, frozen=True):
    """Something seen that is no deviation."""

    check: str
    key: str
    value: str
    operation_id: str | None = None


class CheckFinished(msgspec.Struct, frozen=True):
    """A check ends; a status we do not know counts as `error`."""

    check: str
    status: str
    reason: str | None = None
    complete: bool = False
    """Whether it came to its end, and so judged all of its requirements."""
    duration_s: float = 0.0
    requests_sha256: str | None = None


class ArrivalField(msgspec.Struct, frozen=True):
    """One stage of a load profile."""

    shape: str = ""
    rate_per_s: float = 0.0
    duration_s: float = 0.0


class ProfileField(msgspec.Struct, frozen=True):
    """A load profile."""

    name: str = ""
    title: str = ""
    arrivals: list[ArrivalField] = []
    judged: bool = True


class SloField(msgspec.Struct, frozen=True):
    """A limit of a load profile; `bound` is in milliseconds for latencies, else in percent."""

    expression: str
    limit: str
    measure: str
    step: str | None = None
    channel: str | None = None
    only_willing: bool = False
    comparison: str = "<"
    bound: float = 0.0
    window_s: int | None = None
    """Every stretch of so many seconds must keep it; None: the run as a whole."""
    aborts: bool = False


class PlannedField(msgspec.Struct, frozen=True):
    """What the profile asks for."""

    journeys: int = 0
    duration_s: float = 0.0
    curve: list[tuple[float, float]] = []
    """Corners (second, journeys per second)."""


class LoadStarted(msgspec.Struct, frozen=True):
    """Load begins; each generating process writes one about its own share."""

    profile: ProfileField = ProfileField()
    planned: PlannedField = PlannedField()
    slo: list[SloField] = []


class LoadSecond(msgspec.Struct, frozen=True):
    """One second of one step on one channel; both histograms are base64 HDR, in µs."""

    second: int
    step: str
    channel: str | None = None
    requests: int = 0
    throttled: int = 0
    errors: int = 0
    statuses: dict[str, int] = {}
    service: str | None = None
    response: str | None = None


class LoadEnded(msgspec.Struct, frozen=True):
    """How the journeys of one channel ended in one second."""

    second: int
    channel: str
    completed: int = 0
    failed: int = 0
    abandoned: int = 0


class LoadAborted(msgspec.Struct, frozen=True):
    """A limit that aborts was missed, and the load was ended before its time."""

    reason: str


class LoadFailureField(msgspec.Struct, frozen=True):
    """A kind of failure under load."""

    step: str = ""
    message: str = ""
    count: int = 0


class LoadInvalid(msgspec.Struct, frozen=True):
    """Something makes the load itself worthless, such as a generating process that was lost."""

    reason: str


class ProbeField(msgspec.Struct, frozen=True):
    """A rate that a capacity search tried."""

    rate_per_s: float
    kept: bool
    reason: str | None = None


class LoadCapacity(msgspec.Struct, frozen=True):
    """What a capacity search found, in journeys a second; `high_per_s` is null if unknown."""

    low_per_s: float
    high_per_s: float | None = None
    probes: list[ProbeField] = []


class LoadFinished(msgspec.Struct, frozen=True):
    """Load ends; each generating process writes one about its own share."""

    duration_s: float = 0.0
    journeys: dict[str, int] = {}
    generator: dict[str, Any] = {}
    failures: list[LoadFailureField] = []


class FaultField(msgspec.Struct, frozen=True):
    """A seeded defect; `survives` is why it is known to stay uncaught."""

    id: str
    breaks: str = ""
    area: str = ""
    layer: str = ""
    harm: str = ""
    survives: str | None = None


class FaultJudged(msgspec.Struct, frozen=True):
    """What the checks made of one fault; `by` are requirements, the first alarm first."""

    fault: FaultField
    caught: bool = False
    by: list[str] = []
    matrix: bool = False
    checks: int = 0
    requests: int = 0
    seconds: float = 0.0
    message: str | None = None
    check: str = ""
    exchange: dict[str, Any] | None = None
    replay: str = ""


class SidesField(msgspec.Struct, frozen=True):
    """How many requests kept a schema keyword, and how many broke it."""

    valid: int = 0
    invalid: int = 0


class OperationCoverageField(msgspec.Struct, frozen=True):
    """What one process exercised of one operation; all that is documented is there, if as zero."""

    statuses: dict[str, int] = {}
    keywords: dict[str, SidesField] = {}
    """By `place keyword`, such as `body/sms/code_length maximum`."""


class CoverageLine(msgspec.Struct, frozen=True):
    """What one process exercised of the spec, by operation."""

    operations: dict[str, OperationCoverageField] = {}
    unreachable: dict[str, dict[str, str]] = {}
    """Why the target never answers a status, by operation and status."""


class Note(msgspec.Struct, frozen=True):
    """A remark."""

    message: str = ""


class RunFinished(msgspec.Struct, frozen=True):
    """The end of a journal."""

    duration_s: float | None = None
    exit_code: int | None = None
    partial: bool = False
    reason: str | None = None


Record = (
    RunStarted
    | TargetFound
    | RequirementDeclared
    | CheckStarted
    | ExchangeLine
    | FindingLine
    | ObservationLine
    | CheckFinished
    | LoadStarted
    | LoadSecond
    | LoadEnded
    | LoadAborted
    | LoadInvalid
    | LoadCapacity
    | LoadFinished
    | FaultJudged
    | CoverageLine
    | Note
    | RunFinished
)

_KINDS: Mapping[str, type[Record]] = {
    "run-started": RunStarted,
    "target-found": TargetFound,
    "requirement-declared": RequirementDeclared,
    "check-started": CheckStarted,
    "exchange": ExchangeLine,
    "finding": FindingLine,
    "observation": ObservationLine,
    "check-finished": CheckFinished,
    "load-started": LoadStarted,
    "load-second": LoadSecond,
    "load-ended": LoadEnded,
    "load-aborted": LoadAborted,
    "load-invalid": LoadInvalid,
    "load-capacity": LoadCapacity,
    "load-finished": LoadFinished,
    "fault-judged": FaultJudged,
    "coverage": CoverageLine,
    "note": Note,
    "run-finished": RunFinished,
}


def record(line: Mapping[str, Any]) -> Record | None:
    """The line as a record, None for an unknown kind; raises ValueError where fields are wrong."""
    wanted = _KINDS.get(str(line.get("kind")))
    return None if wanted is None else msgspec.convert(well_formed(line), wanted, strict=False)


def well_formed(value: Any) -> Any:
    r"""The same JSON value with lone surrogates spelled out (`\ud800`): UTF-8 cannot hold them.

    Raises ValueError for NaN and infinities, which Python reads although JSON has none.
    """
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, Mapping):
        return {well_formed(key): well_formed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [well_formed(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} is no JSON number")
    return value
