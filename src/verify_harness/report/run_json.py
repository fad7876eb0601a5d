"""run.json, version 1: the run for machines (schemas/run.schema.json).

The types here and those of the results that they hold are its only definition: what is added to the
results of a load, or of coverage, is in run.json without a further line.
"""

from typing import Any, Literal

import msgspec

from verify_harness.journal import records
from verify_harness.journal.embedded import Request, Response, Target
from verify_harness.journal.encoding import ascii_json
from verify_harness.report.renderers import renderer
from verify_harness.report.wording import summary_of
from verify_harness.results.load_model import Load
from verify_harness.results.model import (
    CalledOperation,
    JudgedRequirement,
    JudgedWaiver,
    NumberedFinding,
    Observation,
    RunView,
    Status,
    Verdict,
)
from verify_harness.results.spec_coverage import Coverage

SCHEMA: Literal["verify-harness/run/1"] = "verify-harness/run/1"


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A JSON object of the document."""


class Requirement(_Part, frozen=True):
    """A requirement and what the run found out about it."""

    id: str
    basis: str
    severity: str
    status: Status
    operations: tuple[str, ...]
    checks: int
    blocked_by: str | None
    reason: str | None


class Exchange(_Part, frozen=True):
    """A request with its answer, or with the reason why there is none."""

    request: Request
    response: Response | None
    failure: str | None
    elapsed_ms: float
    operation_id: str | None


class Finding(_Part, frozen=True):
    """A deviation."""

    id: str
    requirement: str
    title: str
    replay: str
    curl: str | None
    exchange: Exchange | None


class Observed(_Part, frozen=True):
    """A value seen, how often and at which operations."""

    value: str
    count: int
    operations: tuple[str, ...]


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
    operations: tuple[CalledOperation, ...]
    requests_sha256: str | None
    observations: dict[str, tuple[Observed, ...]]
    waivers: tuple[JudgedWaiver, ...]
    spend: dict[str, int]
    answers: dict[str, int]
    coverage: Coverage | None
    load: Load | None
    faults: tuple[Fault, ...] | None


@renderer("json", file="run.json")
def run_json(view: RunView) -> str:
    """The document as ASCII text: nothing in it can act on a terminal or a page."""
    return msgspec.json.format(ascii_json(document(view)), indent=1) + "\n"


def document(view: RunView) -> Document:
    """The document; what has the same shape in the view is taken as it stands there."""
    changed: dict[str, Any] = {
        "schema": SCHEMA,
        "requirements": tuple(map(_requirement, view.requirements)),
        "findings": tuple(map(_finding, view.findings)),
        "observations": _observations(view.observations),
        "faults": None if view.proof is None else tuple(map(_fault, view.proof.faults)),
    }
    same = {name: getattr(view, name) for name in Document.__struct_fields__ if name not in changed}
    return Document(**same, **changed)


def _requirement(item: JudgedRequirement) -> Requirement:
    return msgspec.convert(item, Requirement, from_attributes=True)


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
