"""TOML tables of a profile: how their values are read and refused."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeGuard

from verify_harness.errors import ContentError

Span = tuple[float, float]
"""The least and the most of something drawn evenly between them."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the file, and how to read and refuse its values; all raise ContentError."""

    file: Path
    name: str
    values: Mapping[str, Any]

    def error(self, key: str, problem: str, hint: str = "see the bundled profiles") -> ContentError:
        """A ContentError that names file, table and key."""
        where = f"[{self.name}] " if self.name not in {"", key} else ""
        return ContentError(f"{self.file}: {where}{key} {problem}.", hint)

    def allow(self, *keys: str) -> None:
        """Refuse keys nobody knows, so that a misspelt one is not silently without effect."""
        if not isinstance(self.values, Mapping):
            raise self.error(self.name, "must be a table")
        for key in self.values:
            if key not in keys:
                raise self.error(key, "is unknown", nearest(key, keys))

    def table(self, key: str) -> "Table":
        """The table below `key`; an absent one is empty."""
        return Table(self.file, key, self.values.get(key, {}))

    def text(self, key: str) -> str:
        """A string that is not empty."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value:
            raise self.error(key, f"must be a text, not {value!r}")
        return value

    def one_of(self, key: str, choices: tuple[str, ...] | list[str]) -> str:
        """One of some words."""
        value = self.text(key)
        if value not in choices:
            raise self.error(key, f"is {value!r}, which is unknown", nearest(value, choices))
        return value

    def positive(self, key: str) -> float:
        """A number above zero."""
        value = self.values.get(key)
        if not _is_number(value) or value <= 0:
            raise self.error(key, f"must be a number above 0, not {value!r}")
        return float(value)

    def not_negative(self, key: str) -> float:
        """A number from 0 on; 0 where it is absent."""
        value = self.values.get(key, 0)
        if not _is_number(value) or value < 0:
            raise self.error(key, f"must be a number from 0 on, not {value!r}")
        return float(value)

    def whole(self, key: str) -> int | None:
        """A whole number above zero; None where it is absent."""
        value = self.values.get(key)
        if value is not None and (
            not isinstance(value, int) or isinstance(value, bool) or value < 1
        ):
            raise self.error(key, f"must be a whole number above 0, not {value!r}")
        return None if value is None else int(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            raise self.error(key, f"must be true or false, not {value!r}")
        return value

    def percent(self, key: str, default: float = 0) -> float:
        """A number from 0 to 100."""
        value = self.values.get(key, default)
        if not _is_number(value) or not 0 <= value <= 100:
            raise self.error(key, f"must be a number from 0 to 100 (percent), not {value!r}")
        return float(value)

    def span(self, key: str) -> Span:
        """A pair [least, most] of seconds; [0, 0] where it is absent."""
        value = self.values.get(key, [0, 0])
        is_pair = isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))
        if not is_pair or not 0 <= value[0] <= value[1]:
            raise self.error(key, f"must be [least, most] in seconds, not {value!r}")
        return float(value[0]), float(value[1])


def _is_number(value: object) -> TypeGuard[float]:
    """Whether a TOML value is a finite number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def nearest(wrong: str, known: tuple[str, ...] | list[str]) -> str:
    """A hint: the known word that is most like a wrong one, or all of them."""
    match = get_close_matches(wrong, known, n=1, cutoff=0.5)
    return f"did you mean {match[0]}?" if match else f"known: {', '.join(known)}"
