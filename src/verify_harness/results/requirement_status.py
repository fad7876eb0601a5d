"""What a run found out about one requirement.

A check bound to several requirements that fails accuses only those its findings name. The others
are kept if it came to its end; if it did not, it says nothing about them, and a requirement of
which no check says anything is blocked by what ended them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from verify_harness.journal import records
from verify_harness.results.aggregate import Check
from verify_harness.results.model import NumberedFinding, Status

NOT_FINISHED = "not finished"
NO_CHECK_RAN = "no check ran"

_Outcome = records.Outcome | Literal["silent"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A status and, where it is no plain pass or fail, the reason."""

    status: Status
    reason: str | None = None
    blocked_by: str | None = None


def judge(
    requirement: str,
    basis: str,
    checks: Mapping[str, Check],
    findings: Sequence[NumberedFinding],
    stopped: str | None = None,
) -> Judgement:
    """The status of a requirement from the checks bound to it and the findings that name it."""
    sure = [finding for finding in findings if not _is_chance(checks.get(finding.check))]
    failures = [finding for finding in sure if finding.severity == "fail"]
    if failures:
        return Judgement("fail", blocked_by=_cause(failures))
    if sure:
        return Judgement("warn")
    if stopped and not checks:
        return Judgement("skip", f"not run ({stopped})")
    outcomes = [_outcome(requirement, name, check) for name, check in checks.items()]
    for status in ("error", "flaky"):
        if reasons := [reason for outcome, reason in outcomes if outcome == status]:
            return Judgement(status, _joined(reasons))
    if basis == "chosen" and any(requirement in check.observed for check in checks.values()):
        return Judgement("observed")
    return _judge_quiet(outcomes)


def _is_chance(check: Check | None) -> bool:
    """Whether a check failed and then did not fail again."""
    return check is not None and check.finished is not None and check.finished.status == "flaky"


def _judge_quiet(outcomes: Sequence[tuple[_Outcome, str]]) -> Judgement:
    kinds = {outcome for outcome, _ in outcomes}
    if not kinds:
        return Judgement("error", NO_CHECK_RAN)
    if "pass" in kinds:
        return Judgement("pass")
    if "silent" in kinds:
        reasons = [reason for kind, reason in outcomes if kind == "silent"]
        return Judgement("fail", _joined(map(_ended_at, reasons)), blocked_by=reasons[0])
    return Judgement("skip", _joined(reason for _, reason in outcomes))


def _outcome(requirement: str, name: str, check: Check) -> tuple[_Outcome, str]:
    if check.finished is None:
        return "error", NOT_FINISHED
    status = check.finished.status
    reason = check.finished.reason or ""
    if status != "fail":
        return status, reason or f"{name} ended {check.finished.status}"
    if not check.accused:
        return "error", reason or f"{name} failed without a finding"
    if check.finished.complete and requirement not in check.accused:
        return "pass", ""
    return "silent", min(check.accused - {requirement}, default=requirement)


def _ended_at(other: str) -> str:
    return f"not judged: its check ended at {other}"


def _cause(failures: Sequence[NumberedFinding]) -> str | None:
    """What blocks a requirement, if nothing but being blocked speaks against it."""
    causes = [finding.blocked_by for finding in failures]
    return None if None in causes else causes[0]


def _joined(reasons: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(reason for reason in reasons if reason))
