"""What a failed `assert` of a check says: a sentence of ours, never another library's text.

pytest explains an assertion by the `repr` of its values, and shortens it; a shortened secret cannot
be recognised any more. Here the assertion is told as it stands in the check, and the values of its
sides only where they are numbers, booleans or whole short texts, which are redacted like the rest.
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sized
from functools import cache
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

_LONGEST_TEXT = 120
_EXPLANATION = "assert "
"""Begins what pytest adds to an assertion in the modules that it rewrites."""

Scope = Mapping[str, Any]


class _Unknown(Exception):
    """A side that cannot be read without running the check's code again."""


def told(error: AssertionError) -> str:
    """The message that the check gave, or else what it required and what it found."""
    own = _own_message(error)
    if own:
        return own
    frame, line = _place(error.__traceback__)
    node = _assertion_at(frame.f_code.co_filename, line) if frame else None
    if frame is None or node is None:
        return "an assertion of the check does not hold"
    found = "; ".join(_sides(node.test, {**frame.f_globals, **frame.f_locals}))
    required = f"required: {ast.unparse(node.test)}"
    return f"{required}; found: {found}" if found else required


def _own_message(error: AssertionError) -> str:
    text = str(error)
    return "" if text.startswith(_EXPLANATION) else text.partition(f"\n{_EXPLANATION}")[0]


def _place(traceback: TracebackType | None) -> tuple[FrameType | None, int]:
    """Where the assertion stands: the innermost frame."""
    if traceback is None:
        return None, 0
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback.tb_frame, traceback.tb_lineno


def _assertion_at(filename: str, line: int) -> ast.Assert | None:
    for node in _assertions(filename):
        if node.lineno <= line <= (node.end_lineno or node.lineno):
            return node
    return None


@cache
def _assertions(filename: str) -> tuple[ast.Assert, ...]:
    try:
        tree = ast.parse(Path(filename).read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):  # a file that is gone, or none at all
        return ()
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.Assert))


def _sides(test: ast.expr, scope: Scope) -> Iterator[str]:
    """Each side of a comparison that is not spelled out, with its value."""
    for side in (test.left, *test.comparators) if isinstance(test, ast.Compare) else (test,):
        if isinstance(side, ast.Constant):
            continue
        try:
            value = _described(_read(side, scope))
        except _Unknown:
            continue
        yield f"{ast.unparse(side)} is {value}"


def _read(node: ast.expr, scope: Scope) -> Any:
    """The value of a name, member or item; raises _Unknown for what would run code of a check."""
    reader = _READERS.get(type(node))
    if reader is None:
        raise _Unknown
    try:
        return reader(node, scope)
    except (AttributeError, LookupError, TypeError):
        raise _Unknown from None


def _length(node: ast.Call, scope: Scope) -> int:
    if not isinstance(node.func, ast.Name) or node.func.id != "len" or len(node.args) != 1:
        raise _Unknown
    sized: Sized = _read(node.args[0], scope)
    return len(sized)


_READERS: Mapping[type[ast.expr], Callable[[Any, Scope], Any]] = {
    ast.Constant: lambda node, _: node.value,
    ast.Name: lambda node, scope: scope[node.id],
    ast.Attribute: lambda node, scope: getattr(_read(node.value, scope), node.attr),
    ast.Subscript: lambda node, scope: _read(node.value, scope)[_read(node.slice, scope)],
    ast.Call: _length,
}


def _described(value: object) -> str:
    """A value in words; raises _Unknown for a kind that has none."""
    match value:
        case None | bool() | int() | float():
            return repr(value)
        case str() if len(value) <= _LONGEST_TEXT:
            return f'"{value}"'
        case str():
            return f"a text of {len(value)} characters"
        case list() | tuple():
            return f"a list of {len(value)}"
        case dict():
            return f"an object of {len(value)} members"
    raise _Unknown
