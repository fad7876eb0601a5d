"""The catalogue of requirements: permanent ids, each with its sources and weight."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from verify_harness import content
from verify_harness.errors import ContentError

Basis = Literal["documented", "standard", "security", "chosen", "own"]
Severity = Literal["fail", "warn"]

_ID = re.compile(r"VFY-([A-Z]+)-\d{3}", re.ASCII)
_BASES = ("documented", "standard", "security", "chosen")
_SEVERITIES = ("fail", "warn")
_KEYS = {"title", "statement", "sources", "basis", "severity", "levers", "price_class"}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One rule that a Verify API has to keep; `levers` names what a target must offer to see it."""

    id: str
    title: str
    statement: str
    sources: tuple[str, ...]
    basis: Basis
    severity: Severity = "fail"
    levers: tuple[str, ...] = ()
    price_class: str = "trigger"

    @property
    def area(self) -> str:
        """The middle of the id: `CODE` of `VFY-CODE-004`."""
        return "OWN" if self.basis == "own" else self.id.split("-")[1]

    def as_json(self) -> dict[str, Any]:
        """The requirement as the journal holds it."""
        return {**asdict(self), "area": self.area}


Catalogue = Mapping[str, Requirement]


@cache
def load(path: Path | None = None) -> Catalogue:
    """The requirements by id, in the file's order; raises ContentError naming entry and key."""
    path = path or content.specs() / "requirements.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"the catalogue {path} cannot be read: {error}.") from None
    return {name: _requirement(path, name, table) for name, table in tables.items()}


def _requirement(path: Path, name: str, table: Any) -> Requirement:
    if not _ID.fullmatch(name) or not isinstance(table, dict):
        raise ContentError(f"{path.name}: {name!r} is not a requirement id such as VFY-CODE-004.")
    if unknown := set(table) - _KEYS:
        raise ContentError(f"{path.name}: {name} has unknown keys: {', '.join(sorted(unknown))}.")
    if missing := {"title", "statement", "sources", "basis"} - set(table):
        raise ContentError(f"{path.name}: {name} lacks {', '.join(sorted(missing))}.")
    basis = table["basis"]
    severity = table.get("severity", "fail")
    if basis not in _BASES or severity not in _SEVERITIES:
        raise ContentError(
            f"{path.name}: {name} has basis {basis!r} and severity {severity!r}.",
            hint=f"basis is one of {', '.join(_BASES)}; severity is fail or warn",
        )
    lists = {key: tuple(table[key]) for key in ("sources", "levers") if key in table}
    return Requirement(id=name, **{**table, **lists})
