"""The records of a journal, one type for each kind of line: the only definition of what it holds.

A line is the JSON of a record; `kind` is the type's name in kebab case; the writer adds a checksum
(`checksums.py`). Writers construct records,
readers get them; `schemas/journal.schema.json` is generated from them.
"""

import re
from collections.abc import Callable
from typing import Literal

import msgspec

from verify_harness import exchange as http
from verify_harness.catalogue import Requirement
from verify_harness.journal.embedded import (
    Capacity,
    Fault,
    Journeys,
    LoadFailure,
    LoadProfile,
    Operation,
    OperationCoverage,
    Planned,
    Request,
    Response,
    Slo,
    Target,
)
from verify_harness.journal.long_bodies import beginning
from verify_harness.waivers import RecordedWaiver

VERSION: Literal[2] = 2
_BODY_BYTES = 16 * 1024

LOAD_CHECK = "load"
"""The name under which findings of a load stand in place of a check's."""

LIVE_CHECKS = "live/"
"""What the names of the checks of a live run begin with."""

Outcome = Literal["pass", "fail", "skip", "error", "flaky"]
"""How a check ended."""


def _kind(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


class Record(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=_kind):
    """One line; `t` is when it was written, in unix seconds (the writer sets it)."""

    v: Literal[2] = VERSION
    t: float = 0.0


class CheckRecord(Record, frozen=True, kw_only=True):
    """A line about one check; `seq` counts the lines of a check, whatever process wrote them."""

    check: str
    seq: int = 0


class RunStarted(Record, frozen=True):
    """What was asked for; the head of the journal, which even a killed run leaves."""

    tool: str = ""
    command: str = ""
    directory: str = ""
    """The run directory, as the command line named it."""
    shard: str = ""
    """Such as 2/4, where other runs do the rest of the checks."""
    words: tuple[str, ...] = ()
    """What the command line named beside the options that all runs have."""
    repeats_with: tuple[str, ...] = ()
    """The options without which a repeated command would test something else."""
    spec_sha256: str = ""
    target: Target = Target()
    dialect: str = ""
    started_at: str = ""
    seed: int | None = None
    level: str | None = None
    jobs: int | None = None
    judges_all: bool = True
    """Whether every requirement was to be judged, or only those that some check names."""
    requirements: tuple[Requirement, ...] = ()
    """The catalogue."""


class TargetFound(Record, frozen=True):
    """The target answered; what it offers decides which contract it has to keep."""

    target: Target
    dialect: str
    spec_sha256: str
    operations: tuple[Operation, ...] = ()
    waivers: tuple[RecordedWaiver, ...] = ()


class RequirementDeclared(Record, frozen=True):
    """A check of the user's own stands for a requirement that the catalogue does not have."""

    requirement: Requirement


class RunStopped(Record, frozen=True):
    """The run ended before every check had its turn, as it was asked to."""

    reason: str


class CheckStarted(CheckRecord, frozen=True):
    """A check begins."""

    requirements: tuple[str, ...]
    operations: tuple[str, ...]
    title: str


class Exchange(CheckRecord, frozen=True):
    """A request with its answer, or with the reason why there is none (`failure`)."""

    operation_id: str | None
    purpose: str
    request: Request
    response: Response | None
    failure: str | None
    elapsed_ms: float

    @classmethod
    def of(cls, sent: http.Exchange, check: str, clean: Callable[[str], str]) -> "Exchange":
        """An exchange as the journal holds it; of it, only long bodies are redacted yet.

        Those have to be before they are cut: what is cut is no JSON any more, and a code in it has
        no place by which it is known.
        """
        request, response = sent.request, sent.response
        return cls(
            check=check,
            seq=sent.sequence,
            operation_id=sent.operation_id,
            purpose=sent.purpose,
            request=Request(
                method=request.method,
                url=request.url,
                headers=dict(request.headers),
                body=None if request.body is None else _text(request.body, clean),
            ),
            response=None if response is None else _answer(response, clean),
            failure=sent.failure,
            elapsed_ms=sent.elapsed_ms,
        )


class LeverUsed(CheckRecord, frozen=True):
    """The check changed something about the target that no request of the API can."""

    done: str
    """In words, such as `the clock was moved 301 s forward`."""
    advance_secs: float | None = None
    """How far the clock was moved."""


class ExchangesCounted(CheckRecord, frozen=True):
    """Exchanges of a check that are counted but not kept, one by one, in the journal."""

    statuses: dict[str, dict[str, int]]
    """By operation and status; `none` where there was no answer."""


class Finding(CheckRecord, frozen=True):
    """A deviation from a requirement."""

    requirement: str
    severity: Literal["fail", "warn"]
    message: str
    exchange_seq: int | None = None
    """The `seq` of the exchange that showed it."""
    blocked_by: str | None = None
    """The requirement whose failure kept the check from getting anywhere."""
    codes: dict[str, str] = {}
    """How codes of the check differ, by pseudonym: `code-2` is `code-1 without its first digit`."""


class Observation(CheckRecord, frozen=True):
    """Something seen that is no deviation, such as the side of a documented conflict."""

    key: str
    value: str
    operation_id: str | None = None


class CheckFinished(CheckRecord, frozen=True):
    """A check ends."""

    status: Outcome
    reason: str | None = None
    complete: bool = False
    """Whether it came to its end, and so judged all of its requirements."""
    duration_s: float = 0.0
    requests_sha256: str | None = None
    judged_by_model: int = 0
    """How many of its answers the reference model judged."""


class LoadStarted(Record, frozen=True):
    """Load begins; each generating process writes one about its own share."""

    profile: LoadProfile
    planned: Planned
    slo: tuple[Slo, ...] = ()


class LoadSecond(Record, frozen=True):
    """One second of one step on one channel; both histograms are base64 HDR, in µs."""

    second: int
    step: str
    channel: str | None = None
    requests: int = 0
    throttled: int = 0
    errors: int = 0
    statuses: dict[str, int] = {}
    service: str | None = None
    """From sending a request to the end of its answer."""
    response: str | None = None
    """From the moment it was planned to the end of its answer."""


class LoadBegun(Record, frozen=True):
    """How many journeys began in one second, and how many of them later than planned."""

    second: int
    started: int
    late: int = 0


class LoadEnded(Record, frozen=True):
    """How the journeys of one channel ended in one second."""

    second: int
    channel: str
    completed: int = 0
    failed: int = 0
    abandoned: int = 0


class LoadAborted(Record, frozen=True):
    """A limit that aborts was missed, and the load was ended before its time."""

    reason: str


class LoadInvalid(Record, frozen=True):
    """Something makes the load itself worthless, such as a generating process that was lost."""

    reason: str
    lost_process: int | None = None
    """The number of the process, from 1, where one was lost."""


class LoadCapacity(Record, frozen=True):
    """The result of a capacity search."""

    capacity: Capacity


class LoadFinished(Record, frozen=True):
    """Load ends; each generating process writes one about its own share."""

    duration_s: float
    journeys: Journeys
    generator: dict[str, int | float | str | None]
    """How the generating process itself fared."""
    failures: tuple[LoadFailure, ...] = ()


class FaultJudged(Record, frozen=True):
    """What the checks made of one fault."""

    fault: Fault
    caught: bool
    by: tuple[str, ...]
    """The requirements that were alarmed, the first one first."""
    matrix: bool
    """Whether every check ran, so that `by` is complete."""
    checks: int
    requests: int
    seconds: float
    replay: str
    message: str | None = None
    check: str = ""
    exchange: Exchange | None = None


class Coverage(Record, frozen=True):
    """What one process exercised of the spec, by operation."""

    operations: dict[str, OperationCoverage]
    unreachable: dict[str, dict[str, str]] = {}
    """Why the target never answers a status, by operation and status."""


class Note(Record, frozen=True):
    """A remark."""

    message: str


class RunFinished(Record, frozen=True):
    """The end of a journal."""

    duration_s: float | None = None
    exit_code: int | None = None
    partial: bool = False
    reason: str | None = None


AnyRecord = (
    RunStarted
    | TargetFound
    | RequirementDeclared
    | RunStopped
    | CheckStarted
    | Exchange
    | LeverUsed
    | ExchangesCounted
    | Finding
    | Observation
    | CheckFinished
    | LoadStarted
    | LoadSecond
    | LoadBegun
    | LoadEnded
    | LoadAborted
    | LoadInvalid
    | LoadCapacity
    | LoadFinished
    | FaultJudged
    | Coverage
    | Note
    | RunFinished
)


def _text(body: bytes, clean: Callable[[str], str]) -> str:
    text = body.decode("utf-8", errors="replace")
    if len(body) <= _BODY_BYTES:
        return text
    # twice as much as is kept: a secret that lies across the cut is seen whole
    return clean(beginning(text, 2 * _BODY_BYTES))[:_BODY_BYTES]


def _answer(response: http.Response, clean: Callable[[str], str]) -> Response:
    return Response(
        status=response.status,
        headers=dict(response.headers),
        body=_text(response.body, clean),
        truncated=response.truncated or len(response.body) > _BODY_BYTES,
    )
