"""run.json, version 1: the run for machines (design §6; schemas/run.schema.json).

The types here are its only definition: what a view holds beyond their fields is left out.
"""

from datetime import date
from typing import Literal

import msgspec

from verify_harness.journal import records
from verify_harness.journal.embedded import Journeys, Probe, Request, Response, Target
from verify_harness.journal.encoding import ascii_json
from verify_harness.report.formats import renderer
from verify_harness.report.wording import summary_of
from verify_harness.results.load_model import SloStatus
from verify_harness.results.model import NumberedFinding, Observation, RunView, Status, Verdict
from verify_harness.results.spec_coverage import Coverage as CoverageView

SCHEMA: Literal["verify-harness/run/1"] = "verify-harness/run/1"


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A JSON object of the document."""


class Requirement(_Part, frozen=True):  # noqa: D101 - as `model.JudgedRequirement`
    id: str
    basis: str
    severity: str
    status: Status
    operations: tuple[str, ...]
    checks: int
    blocked_by: str | None
    reason: str | None


class Exchange(_Part, frozen=True):  # noqa: D101 - as `records.Exchange`
    request: Request
    response: Response | None
    failure: str | None
    elapsed_ms: float
    operation_id: str | None


class Finding(_Part, frozen=True):  # noqa: D101 - as `model.NumberedFinding`
    id: str
    requirement: str
    title: str
    replay: str
    curl: str | None
    exchange: Exchange | None


class Operation(_Part, frozen=True):  # noqa: D101 - as `model.CalledOperation`
    operation_id: str
    method: str
    path: str
    exchanges: int
    statuses: dict[str, int]


class Observed(_Part, frozen=True):
    """A value seen, how often and at which operations."""

    value: str
    count: int
    operations: tuple[str, ...]


class Waiver(_Part, frozen=True):  # noqa: D101 - as `model.JudgedWaiver`
    id: str
    target: str
    reason: str
    link: str
    owner: str
    expires: date
    status: Literal["used", "unneeded", "expired", "unknown"]


class Spend(_Part, frozen=True):
    """What the run cost."""

    triggers: int


class Reached(_Part, frozen=True):
    """How many statuses are documented, and how many of them were answered."""

    documented: int
    reached: int


class Covered(_Part, frozen=True):
    """How many sides the keywords have, and how many of them requests showed."""

    total: int
    covered: int


class ReachedStatuses(_Part, frozen=True):  # noqa: D101 - as `coverage.OperationCoverage`
    documented: tuple[str, ...]
    reached: tuple[str, ...]
    unreached: dict[str, str]


class CoveredKeywords(_Part, frozen=True):  # noqa: D101 - as `coverage.OperationCoverage`
    total: int
    covered: int
    missing: tuple[str, ...]


class OperationCoverage(_Part, frozen=True):  # noqa: D101 - as `coverage.OperationCoverage`
    operation_id: str
    statuses: ReachedStatuses
    keywords: CoveredKeywords


class Coverage(_Part, frozen=True):
    """What the run exercised of the spec."""

    statuses: Reached
    keywords: Covered
    operations: tuple[OperationCoverage, ...]


class Percentiles(_Part, frozen=True):
    """Latencies in milliseconds."""

    p50: float
    p95: float
    p99: float
    max: float


class Step(_Part, frozen=True):  # noqa: D101 - as `load_model.Step`
    name: str
    requests: int
    throttled: int
    errors: int
    statuses: dict[str, int]
    service_ms: Percentiles | None
    response_ms: Percentiles | None


class Slo(_Part, frozen=True):  # noqa: D101 - as `load_model.SloResult`
    expression: str
    limit: str
    measured: float | None
    status: SloStatus
    window_s: int | None
    worst_from_s: int | None


class Capacity(_Part, frozen=True):  # noqa: D101 - as `records.LoadCapacity`
    low_per_s: float
    high_per_s: float | None
    probes: tuple[Probe, ...]


class Load(_Part, frozen=True, rename={"is_judged": "judged"}):  # noqa: D101 - as `load_model.Load`
    profile: str
    duration_s: float
    requests: int
    requests_per_s: float
    offered_per_s: float | None
    achieved_per_s: float | None
    journeys: Journeys
    steps: tuple[Step, ...]
    slo: tuple[Slo, ...]
    is_judged: bool
    invalid: tuple[str, ...]
    capacity: Capacity | None
    aborted: str | None
    generator: dict[str, int | float | str | None]


class Fault(_Part, frozen=True):
    """A seeded defect, and whether it was caught by whom."""

    id: str
    title: str
    caught: bool
    by: tuple[str, ...]
    requests: int
    seconds: float


class Document(_Part, frozen=True):
    """The whole of run.json."""

    schema: Literal["verify-harness/run/1"]
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
    exit_code: Literal[0, 1, 2, 3, 4, 5, 130, 143]
    partial: bool
    requirements: tuple[Requirement, ...]
    findings: tuple[Finding, ...]
    operations: tuple[Operation, ...]
    requests_sha256: str | None
    observations: dict[str, tuple[Observed, ...]]
    waivers: tuple[Waiver, ...]
    spend: Spend
    coverage: Coverage | None
    load: Load | None
    faults: tuple[Fault, ...] | None


@renderer("json", file="run.json")
def run_json(view: RunView) -> str:
    """The document as ASCII text: nothing in it can act on a terminal or a page."""
    return msgspec.json.format(ascii_json(document(view)), indent=1) + "\n"


def document(view: RunView) -> Document:
    """The document; what has the same shape in the view is taken as it stands there."""
    changed = {
        "schema": SCHEMA,
        "findings": tuple(map(_finding, view.findings)),
        "observations": _observations(view.observations),
        "coverage": view.coverage and coverage_json(view.coverage),
        "faults": None if view.proof is None else tuple(map(_fault, view.proof.faults)),
    }
    shown = {
        name: getattr(view, name) for name in Document.__struct_fields__ if name not in changed
    }
    return msgspec.convert({**shown, **changed}, Document, from_attributes=True)


def coverage_json(coverage: CoverageView) -> Coverage:
    """What the run exercised; `total` and `covered` count the two sides of each keyword."""
    return Coverage(
        statuses=Reached(documented=coverage.documented, reached=coverage.reached),
        keywords=Covered(total=coverage.keyword_sides, covered=coverage.covered),
        operations=tuple(
            OperationCoverage(
                operation_id=item.operation_id,
                statuses=ReachedStatuses(
                    documented=item.documented,
                    reached=item.reached,
                    unreached=dict(item.unreached),
                ),
                keywords=CoveredKeywords(
                    total=item.keyword_sides, covered=item.covered, missing=item.missing
                ),
            )
            for item in coverage.operations
        ),
    )


def _finding(item: NumberedFinding) -> Finding:
    shown = None
    if item.exchange is not None:
        shown = msgspec.convert(item.exchange, Exchange, from_attributes=True)
    return Finding(
        id=item.id,
        requirement=item.requirement,
        title=summary_of(item),
        replay=item.replay,
        curl=item.curl,
        exchange=shown,
    )


def _observations(observations: tuple[Observation, ...]) -> dict[str, tuple[Observed, ...]]:
    """By key: each value seen, how often and at which operations."""
    by_key: dict[str, tuple[Observed, ...]] = {}
    for item in observations:
        seen = Observed(value=item.value, count=item.count, operations=item.operations)
        by_key[item.key] = (*by_key.get(item.key, ()), seen)
    return by_key


def _fault(item: records.FaultJudged) -> Fault:
    return Fault(
        id=item.fault.id,
        title=item.fault.harm,
        caught=item.caught,
        by=item.by,
        requests=item.requests,
        seconds=item.seconds,
    )
