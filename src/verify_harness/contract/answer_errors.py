"""Tells a response of the wrong form from a bug of the harness.

Checks read responses as if they had the documented form. A missing part shows as a KeyError,
TypeError or the like, raised by the line that reads it. Raised in a check, or in a function marked
by `reads_answers`, it is a failure of the target; raised anywhere else in the harness, it is a bug.
"""

import linecache
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import TypeVar

from verify_harness import bundled

_PACKAGE = Path(__file__).parents[1]
_READERS: set[CodeType] = set()
_KINDS = {dict: "an object", list: "a list", str: "a text", int: "a number", float: "a number"}

Marked = TypeVar("Marked")


def reads_answers(marked: Marked) -> Marked:
    """Mark a function, or all methods of a class, that read responses on behalf of checks."""
    members = vars(marked).values() if isinstance(marked, type) else (marked,)
    for member in members:
        match member:
            case property(fget=FunctionType() as function) | cached_property(func=function):
                _READERS.update(_with_nested(function.__code__))
            case FunctionType():
                _READERS.update(_with_nested(member.__code__))
    return marked


def _with_nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _with_nested(constant)


def wrong_form(error: BaseException) -> str | None:
    """What a check did not find in a response; None if the exception has another cause."""
    frame, line_number = innermost_frame(error)
    if frame is None or not _is_about_data(error) or not _reads_answers(frame):
        return None
    line = linecache.getline(frame.f_code.co_filename, line_number).strip()
    return f"the answer is not what it has to be: {_missed(error)} (read as `{line}`)"


def _missed(error: BaseException) -> str:
    """What was looked for in vain; an exception's own text may quote the answer."""
    match error:
        case KeyError(args=[str() as name, *_]):
            return f"{name!r} is missing"
        case AttributeError(obj=thing):
            return f"{_KINDS.get(type(thing), 'nothing')} stands where more was expected"
        case IndexError() | StopIteration():
            return "a list has too few items"
        case TypeError():
            return "a value is of another type"
    return "a value cannot be read"


def _is_about_data(error: BaseException) -> bool:
    if isinstance(error, AttributeError):
        return isinstance(error.obj, dict | list | str | int | float | None)
    return isinstance(error, LookupError | TypeError | ValueError)


def innermost_frame(error: BaseException) -> tuple[FrameType | None, int]:
    """The innermost frame of a check or of the harness, and the line that it had reached."""
    innermost, line_number, step = None, 0, error.__traceback__
    while step is not None:
        path = Path(step.tb_frame.f_code.co_filename)
        if path.is_relative_to(_PACKAGE) or path.name.startswith("test_"):
            innermost, line_number = step.tb_frame, step.tb_lineno
        step = step.tb_next
    return innermost, line_number


def _reads_answers(frame: FrameType) -> bool:
    path = Path(frame.f_code.co_filename)
    is_check = path.is_relative_to(bundled.contracts()) or not path.is_relative_to(_PACKAGE)
    return is_check or frame.f_code in _READERS
