"""The catalogue of requirements: permanent ids, each with its sources and weight."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from verify_harness import bundled, toml_files
from verify_harness.errors import ContentError
from verify_harness.toml_files import Text

Basis = Literal["documented", "standard", "security", "chosen", "own"]
Severity = Literal["fail", "warn"]

_ID = re.compile(r"VFY-([A-Z]+)-\d{3}", re.ASCII)


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file says under an id; `levers` names what a target must offer to see it."""

    title: Text
    statement: Text
    sources: tuple[str, ...]
    basis: Basis
    severity: Severity = "fail"
    levers: tuple[str, ...] = ()
    price_class: str = "trigger"


class Requirement(_Entry, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """One rule that a Verify API has to keep."""

    id: str

    @property
    def area(self) -> str:
        """The middle of the id: `CODE` of `VFY-CODE-004`; `other` for an id of another form."""
        if self.basis == "own":
            return "OWN"
        parts = self.id.split("-")
        return parts[1] if len(parts) == 3 else "other"


Catalogue = Mapping[str, Requirement]


@cache
def load(path: Path | None = None) -> Catalogue:
    """The requirements by id, in the file's order; raises ContentError naming entry and key."""
    path = path or bundled.specs() / "requirements.toml"
    entries = toml_files.read_tables(path, _Entry)
    if wrong := [name for name in entries if not _ID.fullmatch(name)]:
        raise ContentError(f"{path}: {wrong[0]!r} is not a requirement id such as VFY-CODE-004.")
    return {
        name: Requirement(id=name, **msgspec.structs.asdict(entry))
        for name, entry in entries.items()
    }


def chosen() -> frozenset[str]:
    """The ids of what nobody documents and we chose; only a target that announces it keeps it."""
    return frozenset(each.id for each in load().values() if each.basis == "chosen")
