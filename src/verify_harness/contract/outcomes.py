"""The meaning of an exception that ended a check: findings, a skip or an error."""

import traceback
from pathlib import Path

from hypothesis.errors import Flaky, Unsatisfiable

from verify_harness.contract import assertions
from verify_harness.contract.answer_errors import wrong_form
from verify_harness.contract.check_exceptions import Blocked, FaultCaught, NoAnswer, NotObservable
from verify_harness.contract.context import CheckContext
from verify_harness.contract.findings import Findings
from verify_harness.errors import HarnessError, NotInDocument


def judge(check: CheckContext, requirements: tuple[str, ...], error: BaseException) -> None:
    """Turn the exception into findings for the check's requirements, or into a status."""
    findings = check.findings
    match error:
        case FaultCaught():
            return
        case NotObservable() | NotInDocument():
            findings.conclude("skip", str(error))
        case Blocked():
            _report_blocked(findings, requirements, error.by, str(error))
        case AssertionError():
            findings.report(requirements[0], assertions.told(error))
        case NoAnswer():
            _judge_unanswered(check, requirements, error)
        case Unsatisfiable():
            findings.conclude(
                "error", f"{check.id}: no request can be generated that fits the spec"
            )
        case Flaky():
            findings.report(requirements[0], "not the same each time: it fails, and then passes")
        case _:
            _judge_other(check, requirements, error)


def _judge_unanswered(check: CheckContext, requirements: tuple[str, ...], error: NoAnswer) -> None:
    """A missing response is a finding while the target responds to other requests."""
    if not check.environment.breaker.target_responds():
        check.findings.conclude("error", str(error))
        return
    message = f"{error}; other requests are answered"
    _report_blocked(check.findings, requirements, error.blames or requirements[0], message)


def _judge_other(check: CheckContext, requirements: tuple[str, ...], error: BaseException) -> None:
    message = wrong_form(error) if check.last else None
    if message is None:
        check.findings.conclude("error", _bug(error))
    else:
        check.findings.report(requirements[0], message)


def _report_blocked(
    findings: Findings, requirements: tuple[str, ...], by: str, message: str
) -> None:
    """Report a check that ended at requirement `by`, for each of its own requirements."""
    if by in requirements:
        findings.report(by, message)
        return
    for requirement in requirements:
        findings.report(requirement, message, blocked_by=by)


def _bug(error: BaseException) -> str:
    """An exception that no target explains, by its place; its text is told only if it is ours."""
    name = type(error).__name__
    if isinstance(error, HarnessError):
        return f"{name}: {error}"
    if isinstance(error, OSError) and error.strerror:
        return f"{name}: {error.strerror}"
    last = traceback.extract_tb(error.__traceback__)[-1:]
    places = [f" in {Path(frame.filename).name}, line {frame.lineno}" for frame in last]
    return f"{name}{''.join(places)}"


def log_entry(error: BaseException) -> str:
    """An exception for the log: its frames and its type, without values and foreign messages."""
    frames = traceback.format_list(traceback.extract_tb(error.__traceback__))
    return f"{''.join(frames)}{_bug(error)}"
