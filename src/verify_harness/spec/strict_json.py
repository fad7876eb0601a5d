"""Reads JSON as every client would: RFC 8259, and nothing that two readers would take differently.

What is refused beyond syntax: a key given twice, NaN and infinities, a lone surrogate, an integer
beyond 64 bits, more than `MAX_DEPTH` levels (RFC 7493, I-JSON, names the same but the depth).
"""

import json
import re
from collections.abc import Iterator
from math import isfinite
from typing import Any

MAX_DEPTH = 64
"""How deep arrays and objects may be nested; common readers stop between 64 and 512."""

_LEAST, _MOST = -(2**63), 2**64 - 1
_MOST_DIGITS = 20
_TEXT = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class NotJson(ValueError):
    """Why a text is not strict JSON, and the JSON pointer of the value where that shows."""

    def __init__(self, keyword: str, reason: str, pointer: str = "") -> None:
        super().__init__(reason)
        self.keyword = keyword
        """syntax, encoding, depth, duplicate, number or surrogate."""
        self.pointer = pointer


def decode(body: bytes) -> str:
    """The text of a body; raises NotJson where it is not UTF-8 or starts with a byte order mark."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJson("encoding", f"byte {error.start} is not UTF-8") from None
    if text.startswith("\ufeff"):
        raise NotJson("encoding", "it starts with a byte order mark")
    return text


def parse(text: str, *, max_depth: int = MAX_DEPTH, bounds_integers: bool = True) -> Any:
    """The value of a JSON text; raises NotJson. Never recurses deeper than `max_depth`."""
    _refuse_depth(text, max_depth)
    reader = _Reader(bounds_integers=bounds_integers)
    try:
        value = json.loads(
            text,
            object_pairs_hook=reader.members,
            parse_int=reader.integer,
            parse_float=reader.number,
            parse_constant=reader.constant,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise NotJson("syntax", f"{place}: not JSON") from None
    if _ESCAPED_SURROGATE.search(text):
        reader.look_for_surrogates(value)
    reader.raise_first(value)
    return value


def scalar(text: str) -> Any:
    """What a text outside JSON, such as a header's, stands for: a number, true, or just a text."""
    try:
        value = parse(text)
    except NotJson:
        return text
    return text if isinstance(value, dict | list | str) else value


def values(value: Any) -> Iterator[tuple[str, Any]]:
    """Each value with its JSON pointer, from the outside in."""
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        pointer, node = waiting.pop()
        yield pointer, node
        if isinstance(node, dict):
            waiting += [(f"{pointer}/{escape(name)}", item) for name, item in node.items()]
        elif isinstance(node, list):
            waiting += [(f"{pointer}/{index}", item) for index, item in enumerate(node)]


def escape(name: str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _refuse_depth(text: str, max_depth: int) -> None:
    """Look at the nesting before building anything, so that building cannot overrun the stack."""
    if text.count("[") + text.count("{") <= max_depth:
        return
    depth = 0
    for bracket in _TEXT.sub("", text).encode(errors="replace").translate(None, _NO_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > max_depth:
            raise NotJson("depth", f"it is nested too deeply (more than {max_depth} levels)")


class _Reader:
    """Remembers what the C parser lets pass; where it stands is looked for only if there is any."""

    def __init__(self, *, bounds_integers: bool) -> None:
        self._bounds_integers = bounds_integers
        self._odd: list[tuple[str, str, Any]] = []
        """Keyword, reason, and the very value that is odd."""

    def members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            names = [name for name, _ in pairs]
            twin = next(name for name in names if names.count(name) > 1)
            self._odd.append(("duplicate", f"the key {twin[:60]!r} is given twice", members))
        return members

    def integer(self, digits: str) -> int:
        within = len(digits) <= _MOST_DIGITS and _LEAST <= int(digits) <= _MOST
        if self._bounds_integers and not within:
            return self._number(f"an integer of {len(digits)} characters, beyond 64 bits")
        try:
            return int(digits)
        except ValueError:  # more digits than Python reads
            return self._number(f"an integer of {len(digits)} characters")

    def number(self, digits: str) -> float:
        number = float(digits)
        return number if isfinite(number) else self._number("a number beyond a double's range")

    def constant(self, name: str) -> float:
        return self._number(f"{name} is not JSON")

    def _number(self, reason: str) -> int:
        odd = _Odd()
        self._odd.append(("number", reason, odd))
        return odd

    def look_for_surrogates(self, value: Any) -> None:
        for _, node in values(value):
            texts = node if isinstance(node, dict) else (node,) if isinstance(node, str) else ()
            if any(_SURROGATE.search(text) for text in texts):
                self._odd.append(("surrogate", "a text is not valid Unicode", node))

    def raise_first(self, value: Any) -> None:
        """Raise NotJson for the first oddity found; the outermost object is read last."""
        if self._odd:
            keyword, reason, odd = self._odd[-1]
            pointers = (pointer for pointer, node in values(value) if node is odd)
            raise NotJson(keyword, reason, next(pointers, ""))


class _Odd(int):
    """Stands for a number that is none, so that its place can be found."""
