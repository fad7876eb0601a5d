"""Finds a secret in a text: whole or in parts, plain or in the encodings that servers echo."""

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

SHORTEST = 8
"""Characters of a secret that are a clue to it; fewer are left as they are."""

_BASE64_CHARACTERS_A_WINDOW = SHORTEST * 8 // 6 - 1
"""What of a window's base64 does not depend on its neighbours, wherever the window begins."""

_SEED = 4
"""Characters of the pieces that are looked for first."""

_STRIDE = SHORTEST - _SEED + 1
"""Of so many neighbouring pieces each part that counts holds one, wherever it begins."""

_ESCAPE_ROUNDS = 3
_GAPS = re.compile(r"\s+|\\[nrt]")
_JSON_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/]))')
_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class Found:
    """Where a secret, or a part of it, stands in a text."""

    start: int
    end: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Spelling:
    """One encoding of a secret, in lower case; parts of it count from `shortest` characters on.

    Each part that counts holds one of the `seeds` (offset and text) whole: they are short, and lie
    so close to each other that no part of that length fits between them. So a text without a
    secret costs a few searches, however many cuts there are.
    """

    text: str
    shortest: int
    seeds: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, text: str, shortest: int) -> "Spelling":
        """A spelling with its seeds."""
        text = lowered(text)
        stride = shortest - _SEED + 1
        seeds = tuple((at, text[at : at + _SEED]) for at in range(0, len(text) - _SEED + 1, stride))
        return cls(text, shortest, seeds)

    def found_in(self, text: str) -> Iterator[Found]:
        """Every part of the secret in a text of lower case."""
        for offset, seed in self.seeds:
            at = text.find(seed)
            while at >= 0:
                found = self._around(text, at, offset)
                if found.end - found.start >= self.shortest:
                    yield found
                at = text.find(seed, max(found.end, at + 1))

    def _around(self, text: str, at: int, offset: int) -> Found:
        """The longest part of the secret around a seed that stands in the text at `at`."""
        start, first = at, offset
        while start and first and text[start - 1] == self.text[first - 1]:
            start, first = start - 1, first - 1
        end, last = at, offset
        while end < len(text) and last < len(self.text) and text[end] == self.text[last]:
            end, last = end + 1, last + 1
        return Found(start, end, last - first == len(self.text))


class Secret:
    """A secret and the name that stands in its place."""

    def __init__(self, value: str, name: str) -> None:
        self._value = _GAPS.sub("", value)
        self._name = name
        self._spellings = tuple(_spellings(value))
        self.pieces = frozenset(piece for each in self._spellings for piece in _pieces(each.text))
        """All pieces of all spellings."""

    def replaced(self, text: str) -> str:
        """The text without the secret; escapes are resolved where they hide it."""
        text = self._plainly(text)
        opened = text
        for _ in range(_ESCAPE_ROUNDS):
            if (further := _without_escapes(opened)) == opened:
                break
            opened = further
            if (clean := self._plainly(opened)) != opened:
                text = opened = clean
        return text

    def _plainly(self, text: str) -> str:
        compact = _compact(text)
        lower = lowered(compact)
        parts = _merged(each for kind in self._spellings for each in kind.found_in(lower))
        if not parts:
            return text
        places = [at for at, _ in _kept(text)]
        for part in reversed(parts):
            start, end = places[part.start], places[part.end - 1] + 1
            name = self._named(part, compact[part.start : part.end])
            text = text[:start] + name + text[end:]
        return text

    def _named(self, part: Found, found: str) -> str:
        if not part.is_whole:
            return f"{self._name}(cut)"
        is_plain = lowered(found) == lowered(self._value)
        return f"{self._name}(other capitals)" if is_plain and found != self._value else self._name


class Secrets:
    """Several secrets. Most texts hold no trace of any: that is seen by a few of their pieces."""

    def __init__(self, known: Iterable[Secret]) -> None:
        self._known = tuple(known)
        self._pieces = frozenset().union(*(secret.pieces for secret in self._known))

    def replaced(self, text: str) -> str:
        """The text without any of the secrets."""
        if any(self._may_stand_in(form) for form in _opened(text)):
            for secret in self._known:
                text = secret.replaced(text)
        return text

    def _may_stand_in(self, text: str) -> bool:
        """Whether a part that counts may stand there: it holds one of the pieces looked at."""
        lower = lowered(_compact(text))
        return not self._pieces.isdisjoint(_pieces(lower, _STRIDE))


def _opened(text: str) -> Iterator[str]:
    """The text as it is and with its escapes resolved, once and again."""
    yield text
    for _ in range(_ESCAPE_ROUNDS):
        if (further := _without_escapes(text)) == text:
            return
        yield (text := further)


def _pieces(text: str, stride: int = 1) -> list[str]:
    return [text[at : at + _SEED] for at in range(0, len(text) - _SEED + 1, stride)]


def _compact(text: str) -> str:
    """The text without gaps."""
    return _GAPS.sub("", text) if "\\" in text else "".join(text.split())


def lowered(text: str) -> str:
    """ASCII letters in lower case; every character keeps its place."""
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)


def _kept(text: str) -> Iterator[tuple[int, str]]:
    """The characters that stand outside of gaps, with their places."""
    gaps = {at for gap in _GAPS.finditer(text) for at in range(*gap.span())}
    return ((at, character) for at, character in enumerate(text) if at not in gaps)


def _merged(parts: Iterable[Found]) -> list[Found]:
    """Parts in order, those that overlap as one; whole if one of them is."""
    merged: list[Found] = []
    for part in sorted(parts, key=lambda each: each.start):
        if merged and part.start < merged[-1].end:
            last = merged.pop()
            whole = last.is_whole or part.is_whole
            part = Found(last.start, max(last.end, part.end), whole)  # noqa: PLW2901 - grown
        merged.append(part)
    return merged


def _spellings(secret: str) -> Iterator[Spelling]:
    """A secret plain, reversed, in hex and in base64 at each offset; escapes are resolved."""
    plain, raw = _GAPS.sub("", secret), secret.encode()
    yield Spelling.of(plain, SHORTEST)
    yield Spelling.of(plain[::-1], SHORTEST)
    yield Spelling.of(raw.hex(), 2 * SHORTEST)
    yield from (Spelling.of(core, _BASE64_CHARACTERS_A_WINDOW) for core in _base64_cores(raw))


def _base64_cores(raw: bytes) -> set[str]:
    """The parts of the secret's base64 that do not depend on what stands around it."""
    return {
        encode(b"\0" * offset + raw).decode()[-(-offset * 8 // 6) : (offset + len(raw)) * 8 // 6]
        for offset in range(3)
        for encode in (base64.b64encode, base64.urlsafe_b64encode)
    }


def _without_escapes(text: str) -> str:
    """The text with percent, HTML and JSON escapes resolved, once."""
    if "%" in text:
        text = unquote(text)
    if "&" in text:
        text = unescape(text)
    return _JSON_ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else escape[2]
