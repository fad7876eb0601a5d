"""What it means that a check raised something: one exception, one meaning."""

import linecache
from pathlib import Path
from types import FrameType

import pytest
from hypothesis.errors import Flaky, Unsatisfiable

from verify_harness import content
from verify_harness.contract.check import Blocked, Check, NoAnswer, NotObservable
from verify_harness.contract.marks import Binding
from verify_harness.errors import NotInDocument

_PACKAGE = Path(__file__).parents[1]
_READERS = frozenset(
    f"contract/{name}.py" for name in ("api", "furnish", "furniture", "samples", "verifications")
)
"""Modules of ours that take answers apart on a check's behalf."""


def judge(check: Check, binding: Binding, error: BaseException | None) -> None:
    """Turn what a check raised into findings, a skip or an error."""
    match error:
        case None:
            return
        case pytest.skip.Exception():
            check.conclude("skip", str(error))
        case NotInDocument():
            check.conclude("skip", str(error))
        case NotObservable():
            check.conclude("skip", f"not observable: {error}")
        case Blocked():
            _blocked(check, binding, error.by, str(error))
        case AssertionError():
            check.report(binding.ids[0], sentence(error))
        case NoAnswer():
            _unanswered(check, binding, error)
        case Unsatisfiable():
            reason = sentence(error).splitlines()[0]
            check.conclude("error", f"{check.id}: the spec cannot be satisfied: {reason}")
        case Flaky():
            check.report(binding.ids[0], f"not the same each time: {sentence(error)}")
        case _:
            _other(check, binding, error)


def _unanswered(check: Check, binding: Binding, error: NoAnswer) -> None:
    """A request that got no answer where others do has found something broken."""
    if not check.patience.target_is_there():
        check.conclude("error", str(error))
        return
    told = f"{error}; other requests are answered"
    _blocked(check, binding, error.blames or binding.ids[0], told)


def _other(check: Check, binding: Binding, error: BaseException) -> None:
    missed = missing(check, error)
    if missed is None:
        check.conclude("error", f"{type(error).__name__}: {sentence(error)}")
    else:
        check.report(binding.ids[0], missed)


def _blocked(check: Check, binding: Binding, by: str, message: str) -> None:
    """A check that ended at another requirement says so for each of its own."""
    if by in binding.ids:
        check.report(by, message)
        return
    for requirement in binding.ids:
        check.report(requirement, message, blocked_by=by)


def missing(check: Check, error: BaseException) -> str | None:
    """What a check looked for in an answer and did not find; None if that is no excuse.

    Checks take answers apart as if they kept their form: what is not there shows as the exception
    of the line that wanted it. Raised by the harness itself, the same exception is a bug.
    """
    if check.last is None or not _is_about_data(error):
        return None
    frame = _last_of_ours(error)
    if frame is None or not _reads_answers(frame):
        return None
    told = f"{error} is missing" if type(error) is KeyError else str(error)
    line = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
    return f"the answer is not what it has to be: {told} (read as `{line}`)"


def _is_about_data(error: BaseException) -> bool:
    if isinstance(error, AttributeError):
        return isinstance(error.obj, dict | list | str | int | float | None)
    return isinstance(error, LookupError | TypeError | ValueError)


def _last_of_ours(error: BaseException) -> FrameType | None:
    """The innermost frame of a check, or of the package; libraries do not count."""
    found, step = None, error.__traceback__
    while step is not None:
        path = Path(step.tb_frame.f_code.co_filename)
        if path.is_relative_to(_PACKAGE) or path.name.startswith("test_"):
            found = step.tb_frame
        step = step.tb_next
    return found


def _reads_answers(frame: FrameType) -> bool:
    path = Path(frame.f_code.co_filename)
    if path.is_relative_to(content.contracts()) or not path.is_relative_to(_PACKAGE):
        return True
    return path.relative_to(_PACKAGE).as_posix() in _READERS


def sentence(error: BaseException) -> str:
    """The first lines of an exception's text, short enough for a report."""
    return "\n".join(str(error).splitlines()[:12]) or type(error).__name__
