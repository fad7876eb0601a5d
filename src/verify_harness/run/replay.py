"""Replays findings: their checks run again with their seeds, against the target of who replays.

A journal may come from somebody else, so it decides nothing but what is repeated: target,
permissions and keys come from the plan.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from verify_harness.errors import UsageError
from verify_harness.journal.records import LIVE_CHECKS, LOAD_CHECK
from verify_harness.results.model import NumberedFinding, RunView
from verify_harness.run.plan import RunPlan
from verify_harness.spec import contract

Outcome = Literal["still fails", "no longer fails", "could not be judged"]


def chosen_findings(view: RunView, finding_id: str | None) -> Sequence[NumberedFinding]:
    """The finding of that id, or all findings of checks; raises UsageError where there is none."""
    if finding_id is None:
        findings = [item for item in view.findings if item.check != LOAD_CHECK]
    else:
        findings = [item for item in view.findings if item.id == finding_id]
    if any(item.check == LOAD_CHECK for item in findings):
        raise UsageError(f"{finding_id} was found under load.", hint="run the load again")
    if any(item.check.startswith(LIVE_CHECKS) for item in findings):
        raise UsageError("live checks are not replayed.", hint="run `smoke --live` again")
    if not findings:
        known = ", ".join(item.id for item in view.findings[:5])
        raise UsageError(
            f"the run has no finding{'' if finding_id is None else f' {finding_id!r}'} to replay.",
            hint=f"its findings: {known}" if known else "",
        )
    return findings


def replay_plan(plan: RunPlan, view: RunView, findings: Iterable[NumberedFinding]) -> RunPlan:
    """The plan with the checks, level, seed and dialect of the findings; raises UsageError."""
    return repeating(plan, view, tuple(dict.fromkeys(item.check for item in findings)))


def repeating(plan: RunPlan, view: RunView, only: tuple[str, ...]) -> RunPlan:
    """The plan with these checks, and the level, seed and dialect of a run.

    Raises UsageError where the run used another specification than the plan's, or nobody knows
    which.
    """
    if view.seed is None or not view.spec_sha256:
        raise UsageError(
            "the journal does not say how the run began: that line was damaged, or changed.",
            hint="run the checks by the requirement's name: contract run ID",
        )
    if view.spec_sha256 not in _digests(plan):
        raise UsageError(
            f"the run used another specification (sha256 {view.spec_sha256[:12]}…).",
            hint="name that document with --spec",
        )
    suite = msgspec.structs.replace(plan.suite, level=view.level or "standard", only=only, jobs=1)
    dialect = "observed" if view.dialect == "observed" else "documented"
    return msgspec.structs.replace(plan, suite=suite, seed=view.seed, dialect=dialect)


def _digests(plan: RunPlan) -> frozenset[str]:
    """The digests of the plan's document, with and without our own bounds."""
    return frozenset(contract(plan.spec, chosen=chosen).sha256 for chosen in (False, True))


def outcomes(findings: Iterable[NumberedFinding], after: RunView) -> Mapping[str, Outcome]:
    """What became of each finding, by its id."""
    return {item.id: _outcome(item, after) for item in findings}


def _outcome(finding: NumberedFinding, after: RunView) -> Outcome:
    failing = {(item.check, item.requirement) for item in after.findings}
    if (finding.check, finding.requirement) in failing:
        return "still fails"
    statuses = {item.id: item.status for item in after.requirements}
    judged = statuses.get(finding.requirement) in {"pass", "observed"}
    return "no longer fails" if judged else "could not be judged"
