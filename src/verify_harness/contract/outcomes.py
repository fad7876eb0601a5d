"""The meaning of an exception that ended a check: findings, a skip or an error."""

from hypothesis.errors import Flaky, Unsatisfiable

from verify_harness.contract.answer_errors import wrong_form
from verify_harness.contract.check_exceptions import Blocked, FaultCaught, NoAnswer, NotObservable
from verify_harness.contract.context import CheckContext
from verify_harness.contract.findings import Findings
from verify_harness.errors import NotInDocument


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
            findings.report(requirements[0], sentence(error))
        case NoAnswer():
            _judge_unanswered(check, requirements, error)
        case Unsatisfiable():
            reason = sentence(error).splitlines()[0]
            findings.conclude("error", f"{check.id}: the spec cannot be satisfied: {reason}")
        case Flaky():
            findings.report(requirements[0], f"not the same each time: {sentence(error)}")
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
        check.findings.conclude("error", f"{type(error).__name__}: {sentence(error)}")
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


def sentence(error: BaseException) -> str:
    """The first lines of an exception's text, short enough for a report."""
    return "\n".join(str(error).splitlines()[:12]) or type(error).__name__
