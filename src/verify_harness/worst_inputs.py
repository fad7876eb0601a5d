"""Known worst inputs, read from `specs/worst_inputs.toml`: tried in full, whatever the seed."""

import json
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from verify_harness import bundled
from verify_harness.errors import ContentError

Kind = Literal["code", "number", "text"]

_FORMS = frozenset({"text", "json", "absent"})
_KEYS = _FORMS | {"digits", "sources"}


class Absent:
    """Stands for a member that is left out."""


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class WorstInput:
    """One input: a text with places to fill in, a JSON literal, or a member that is left out."""

    name: str
    sources: tuple[str, ...]
    text: str | None = None
    json: str | None = None
    digits: str = string.digits

    def filled(self, **values: str) -> Any:
        """The value to send; `ABSENT` for a member that is left out."""
        if self.json is not None:
            return json.loads(self.json)
        if self.text is None:
            return ABSENT
        text = self.text
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", value)
        return text.translate(str.maketrans(string.digits, self.digits))


@cache
def load(path: Path | None = None) -> Mapping[str, tuple[WorstInput, ...]]:
    """The inputs by kind, in the file's order; raises ContentError naming the entry."""
    path = path or bundled.specs() / "worst_inputs.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"the worst inputs {path} cannot be read: {error}.") from None
    return {
        kind: tuple(_row(f"{path.name}: {kind}.{name}", name, row) for name, row in rows.items())
        for kind, rows in tables.items()
    }


def of_kind(kind: Kind) -> tuple[WorstInput, ...]:
    """The inputs of one kind."""
    return load()[kind]


def _row(place: str, name: str, row: Any) -> WorstInput:
    if not isinstance(row, dict) or len(_FORMS & row.keys()) != 1 or row.keys() - _KEYS:
        raise ContentError(f"{place} has one of text, json and absent, and sources.")
    if not row.get("sources"):
        raise ContentError(f"{place} names no source.")
    if len(digits := row.get("digits", string.digits)) != len(string.digits):
        raise ContentError(f"{place} has {len(digits)} digits instead of ten.")
    return WorstInput(name, tuple(row["sources"]), row.get("text"), row.get("json"), digits)
