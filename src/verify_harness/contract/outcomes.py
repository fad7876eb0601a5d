"""The meaning of an exception that ended a check: findings, a skip or an error.

What is said of it is ours: texts of other libraries quote values, and cut them first.
"""

import linecache
from pathlib import Path

from hypothesis.errors import Flaky, Unsatisfiable

from verify_harness.contract import assertions
from verify_harness.contract.answer_errors import innermost_frame, wrong_form
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
            reason = "no request can be generated that keeps it"
            findings.conclude("error", f"{check.id}: the spec cannot be satisfied: {reason}")
        case Flaky():
            findings.report(
                requirements[0], "the same generated request was not answered the same each time"
            )
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
        check.findings.conclude("error", unexpected(error))
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


def unexpected(error: BaseException) -> str:
    """What is said of an exception nobody foresaw: its type and our place, not its text."""
    if isinstance(error, HarnessError):
        return f"{type(error).__name__}: {error}"
    cause = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
    return f"{type(error).__name__}{cause} at {_place(error)}"


def _place(error: BaseException) -> str:
    """The innermost line of a check or of the harness, with what stands there."""
    frame, line_number = innermost_frame(error)
    if frame is None:
        return "an unknown place"
    path = frame.f_code.co_filename
    line = linecache.getline(path, line_number).strip()
    return (
        f"{Path(path).name}:{line_number} `{line}`" if line else f"{Path(path).name}:{line_number}"
    )
