"""Known failures that somebody has taken on: what, where, why, who, until when.

A waiver is a debt. One that is expired, or that names no requirement, or that nothing needs any
more, fails the run.
"""

from collections.abc import Container, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from verify_harness import toml_files
from verify_harness.toml_files import Text

FILE = Path("waivers.toml")


class Waiver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One tolerated failure; `target` is a host, or `*` for all."""

    id: Text
    target: Text
    reason: Text
    link: Text
    owner: Text
    expires: date

    def covers(self, url: str) -> bool:
        """Whether the waiver is about this target."""
        return self.target in {"*", urlsplit(url).hostname, urlsplit(url).netloc}


class RecordedWaiver(Waiver, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """A waiver about the target of a run, and whether it may still be used."""

    state: Literal["open", "expired", "unknown"]
    """`unknown`: there is no such requirement."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    waiver: tuple[Waiver, ...] = ()


def load(path: Path | None) -> tuple[Waiver, ...]:
    """The waivers in a file; without a path those in ./waivers.toml, if there is one.

    Raises ContentError naming the entry and key that is wrong.
    """
    if path is None and not FILE.is_file():
        return ()
    return toml_files.read(path or FILE, _File, hint=_HINT).waiver


def recorded(
    waivers: Iterable[Waiver], url: str, known: Container[str]
) -> tuple[RecordedWaiver, ...]:
    """The waivers about a target, as they stand today; `known` are the requirements there are."""
    covering = (waiver for waiver in waivers if waiver.covers(url))
    return tuple(
        RecordedWaiver(**msgspec.structs.asdict(waiver), state=_state(waiver, known))
        for waiver in covering
    )


def _state(waiver: Waiver, known: Container[str]) -> Literal["open", "expired", "unknown"]:
    if waiver.id not in known:
        return "unknown"
    return "expired" if waiver.expires < datetime.now(UTC).date() else "open"


_HINT = f"a waiver holds {', '.join(Waiver.__struct_fields__)}; expires is a date: 2027-01-31"
