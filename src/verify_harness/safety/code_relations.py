"""How two codes differ, in words that do not give either away."""

import unicodedata
from collections.abc import Callable, Mapping

_SHORTEST = 3


def _digits(code: str) -> str:
    return "".join(character for character in code if character in "0123456789")


def _plain(code: str) -> str:
    digits = (unicodedata.decimal(character, None) for character in code)
    return "".join("?" if digit is None else str(digit) for digit in digits)


def _differ_in_one(code: str, other: str) -> bool:
    pairs = zip(code, other, strict=False)
    return len(code) == len(other) and sum(one != two for one, two in pairs) == 1


_RELATIONS: tuple[tuple[str, Callable[[str, str], bool]], ...] = (
    ("without its first digit", lambda code, other: code == other[1:]),
    ("without its last digit", lambda code, other: code == other[:-1]),
    ("with a zero before it", lambda code, other: code == f"0{other}"),
    ("without its leading zeros", lambda code, other: code == other.lstrip("0")),
    ("with further zeros before it", lambda code, other: code.lstrip("0") == other.lstrip("0")),
    ("with one more digit at its end", lambda code, other: code[:-1] == other),
    ("with one more digit before it", lambda code, other: code[1:] == other),
    ("with spaces around it", lambda code, other: code.strip() == other),
    ("with other characters between its digits", lambda code, other: _digits(code) == other),
    ("in other digits than ASCII's", lambda code, other: _plain(code) == other),
    ("backwards", lambda code, other: code == other[::-1]),
    ("with one digit changed", _differ_in_one),
)


def related(codes: Mapping[str, str]) -> dict[str, str]:
    """By pseudonym, what a code is of one that came before it; those without any are left out.

    `codes` are the pseudonyms by code, in the order in which they came.
    """
    found: dict[str, str] = {}
    known: list[tuple[str, str]] = []
    for code, name in codes.items():
        phrases = (_phrase(code, other, other_name) for other, other_name in known)
        if phrase := next(filter(None, phrases), None):
            found[name] = phrase
        known.append((code, name))
    return found


def _phrase(code: str, other: str, name: str) -> str | None:
    if len(other) < _SHORTEST:
        return None
    return next((f"{name} {words}" for words, holds in _RELATIONS if holds(code, other)), None)
