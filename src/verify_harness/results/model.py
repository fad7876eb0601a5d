"""The view model: what a run says, worked out once; every report is a pure function of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import msgspec

from verify_harness.catalogue import Requirement
from verify_harness.journal import records
from verify_harness.journal.embedded import Operation, Target
from verify_harness.results.comparison import Comparison
from verify_harness.results.load_model import Load
from verify_harness.results.proof_summary import Proof
from verify_harness.results.spec_coverage import Coverage
from verify_harness.waivers import Waiver

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
"""Every status of a requirement, the one that needs most attention first."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a check did on the way to a finding: a request, or a turn of a lever."""

    number: int
    done: str
    """Half a line: the request, or what was changed about the target."""
    answer: str | None = None
    operation_id: str | None = None
    is_set_up: bool = False
    advance_secs: float | None = None
    """How far a lever moved the clock."""
    exchange: records.Exchange | None = None


class NumberedFinding(records.Finding, frozen=True, kw_only=True):
    """One deviation from a requirement; `id` is stable within a run, such as VFY-CODE-004.1."""

    id: str
    replay: str
    """The command that repeats it."""
    curl: str | None
    exchange: records.Exchange | None
    """The exchange that showed it, where the journal holds it."""
    sentence: str = ""
    """What is wrong, on one line and in words."""
    steps: tuple[Step, ...] = ()
    """What led there; the middle of a long check is left out."""
    script: str | None = None
    """The steps as a shell script, where all of them are known."""


class JudgedRequirement(Requirement, frozen=True, kw_only=True):
    """A requirement and what this run found out about it."""

    status: Status
    operations: tuple[str, ...]
    checks: int
    duration_s: float
    blocked_by: str | None
    """The requirement whose failure kept all of its failed checks from getting anywhere."""
    reason: str | None
    """Why it was skipped or could not be judged."""
    findings: tuple[NumberedFinding, ...]


class JudgedWaiver(Waiver, frozen=True, kw_only=True):
    """A failure that somebody has taken on, and whether this run needed that."""

    status: Literal["used", "unneeded", "expired", "unknown"]

    @property
    def is_stale(self) -> bool:
        """Whether it has to be removed or renewed: it fails the run."""
        return self.status != "used"


@dataclass(frozen=True, slots=True)
class Area:
    """The requirements that share the middle of their ids."""

    name: str
    requirements: tuple[JudgedRequirement, ...]

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many requirements have each status; only those that occur."""
        return count_statuses(self.requirements)


@dataclass(frozen=True, slots=True)
class Blocked:
    """Requirements that nothing could be learnt about, because `cause` is broken."""

    cause: str
    requirements: tuple[JudgedRequirement, ...]


class CalledOperation(Operation, frozen=True, kw_only=True):
    """One operation of the spec and how often each status was answered."""

    exchanges: int
    statuses: dict[str, int]
    """By status code; requests without an answer count as `none`."""


@dataclass(frozen=True, slots=True)
class Observation:
    """Which side of a documented conflict was seen, and how often (facts.md#c1 and following)."""

    key: str
    value: str
    count: int
    operations: tuple[str, ...]


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
    requirements: tuple[JudgedRequirement, ...]
    operations: tuple[CalledOperation, ...]
    requests_sha256: str | None
    observations: tuple[Observation, ...]
    spend: Mapping[str, int]
    answers: Mapping[str, int]
    """Of a contract run: how many were `received`, and how many `judged_by_model`."""
    load: Load | None
    proof: Proof | None
    coverage: Coverage | None
    waivers: tuple[JudgedWaiver, ...]
    notes: tuple[str, ...]
    spec_file: str | None = None
    """The OpenAPI document of the user's own that the run was judged by."""
    shard: str = ""
    """Such as 2/4, where other runs do the rest of the checks."""
    words: tuple[str, ...] = ()
    """What the command line named: requirements, a profile, options of the command."""
    repeats_with: tuple[str, ...] = ()
    """The options without which a repeated command would test something else."""
    changes: Comparison | None = None
    """Since an earlier run, where one was named."""

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many requirements have each status, in the order of `STATUSES`."""
        return count_statuses(self.requirements)

    @property
    def findings(self) -> tuple[NumberedFinding, ...]:
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
    def broken(self) -> tuple[JudgedRequirement, ...]:
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

    def with_status(self, status: Status) -> tuple[JudgedRequirement, ...]:
        """The requirements of one status."""
        return tuple(item for item in self.requirements if item.status == status)


def count_statuses(requirements: tuple[JudgedRequirement, ...]) -> Mapping[Status, int]:
    """How many have each status, in the order of `STATUSES`; only those that occur."""
    counts = Counter(item.status for item in requirements)
    return {status: counts[status] for status in STATUSES if counts[status]}
