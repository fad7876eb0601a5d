"""A run as a list of cases, for formats that know nothing but tests.

Whatever fails the run is a failed case: requirements, limits, faults that nobody caught, waivers.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from verify_harness.journal.records import FaultJudged
from verify_harness.report.wording import VERDICT_WORDS, headline, why
from verify_harness.results.figures import measured
from verify_harness.results.load_model import SloResult
from verify_harness.results.model import (
    JudgedRequirement,
    JudgedWaiver,
    NumberedFinding,
    RunView,
    Status,
)
from verify_harness.results.verdict import stale

Outcome = Literal["passed", "failed", "error", "skipped"]
"""`error` is what could not be judged."""

_OUTCOMES: dict[Status, Outcome] = {
    "fail": "failed",
    "error": "error",
    "flaky": "error",
    "skip": "skipped",
    "waived": "skipped",
}


class Case(NamedTuple):
    """One thing that was judged; texts are as the journal has them, to be escaped by the format."""

    group: str
    """The area of a requirement, or `load`, `proof`, `waivers`, `verify-harness`."""
    name: str
    outcome: Outcome
    kind: str = ""
    """The status in our own words, where the outcome does not say all."""
    message: str = ""
    details: str = ""
    duration_s: float | None = None
    key: str = ""
    """What stays the same from run to run: the requirement, the limit, the fault."""


def cases(view: RunView) -> Iterator[Case]:
    """Every case, in the order of the report."""
    yield from map(_requirement, view.requirements)
    if view.load and view.load.is_judged:
        yield from map(_limit, view.load.slo)
    if view.proof:
        yield from map(_fault, view.proof.faults)
    yield from (_waiver(item) for item in view.waivers if item.is_stale)
    if view.verdict == "no-verdict" or view.exit_code not in (0, 1):
        yield _run(view)


def _requirement(item: JudgedRequirement) -> Case:
    told = "\n\n".join(_told(finding) for finding in item.findings)
    outcome = _OUTCOMES.get(item.status, "passed")
    details = f"{item.statement}\n\n{told}" if outcome in ("failed", "error") else told
    return Case(
        group=item.area,
        name=f"{item.id} {item.title}",
        outcome=outcome,
        kind=item.status,
        message=_message(item) if outcome != "passed" else "",
        details=details.strip(),
        duration_s=item.duration_s,
        key=item.id,
    )


def _limit(item: SloResult) -> Case:
    """A missed limit fails the run, so it must not look green here either."""
    name = f"{item.expression} {item.limit}"
    if item.status == "pass":
        return Case("load", name, "passed", key=name)
    outcome: Outcome = "failed" if item.status == "fail" else "error"
    return Case("load", name, outcome, item.status, f"measured {measured(item)}", key=name)


def _fault(item: FaultJudged) -> Case:
    """A fault that is caught passes, unless it is listed as one that survives."""
    known = item.fault.survives
    outcome, kind, message, details = _caught(item, known)
    return Case(
        group="proof",
        name=f"{item.fault.id} {item.fault.harm}",
        outcome=outcome,
        kind=kind,
        message=message,
        details=details,
        duration_s=item.seconds,
        key=item.fault.id,
    )


def _caught(item: FaultJudged, known: str | None) -> tuple[Outcome, str, str, str]:
    if item.caught and known:
        return "failed", "stale", f"caught, but listed as a survivor: {known}", ""
    if item.caught:
        return "passed", "", "", ""
    if known:
        return "skipped", "", f"known to survive: {known}", ""
    message = f"nobody caught what breaks {item.fault.breaks}"
    return "failed", "survived", message, f"replay: {item.replay}"


def _waiver(item: JudgedWaiver) -> Case:
    details = f"{item.reason}\n{item.link}\nowner: {item.owner}"
    name = f"waiver of {item.id}"
    return Case("waivers", name, "failed", item.status, stale(item), details, key=name)


def _run(view: RunView) -> Case:
    """A case of its own, or a run that judged nothing would look green."""
    message = f"{VERDICT_WORDS[view.verdict]} (exit {view.exit_code}): {headline(view)}"
    name = "the run has a verdict"
    details = "\n".join(view.reasons)
    return Case("verify-harness", name, "error", "no-verdict", message, details, key=name)


def _message(requirement: JudgedRequirement) -> str:
    if requirement.blocked_by:
        return f"blocked by {requirement.blocked_by}"
    return requirement.reason or "" if requirement.status == "waived" else why(requirement)


def _told(finding: NumberedFinding) -> str:
    told = [f"{finding.id}: {finding.message}", f"replay: {finding.replay}"]
    if finding.blocked_by:
        told.append(f"blocked by: {finding.blocked_by}")
    if finding.exchange:
        answer = finding.exchange.response
        sent = finding.exchange.request
        got = f"{answer.status} {answer.body}" if answer else finding.exchange.failure
        told += [f"request: {sent.method} {sent.url}", f"answer: {got}"]
    if finding.curl:
        told.append(f"curl: {finding.curl}")
    return "\n".join(told)
