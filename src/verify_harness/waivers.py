"""Known failures that somebody has taken on: what, where, why, who, until when.

A waiver is a debt. One that is expired, or that names no requirement, or that nothing needs any
more, fails the run.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from verify_harness.errors import ContentError

FILE = Path("waivers.toml")
_KEYS = ("id", "target", "reason", "link", "owner", "expires")


@dataclass(frozen=True, slots=True)
class Waiver:
    """One tolerated failure; `target` is a host, or `*` for all."""

    id: str
    target: str
    reason: str
    link: str
    owner: str
    expires: date

    def covers(self, url: str) -> bool:
        """Whether the waiver is about this target."""
        return self.target in {"*", urlsplit(url).hostname, urlsplit(url).netloc}

    def as_json(self, today: date, known: Mapping[str, object]) -> dict[str, Any]:
        """The waiver as the journal holds it; `state` says whether it may still be used."""
        state = "expired" if self.expires < today else "open"
        return {
            **asdict(self),
            "expires": self.expires.isoformat(),
            "state": state if self.id in known else "unknown",
        }


def load(path: Path | None) -> tuple[Waiver, ...]:
    """The waivers in a file; without a path those in ./waivers.toml, if there is one.

    Raises ContentError naming the entry and key that is wrong.
    """
    if path is None and not FILE.is_file():
        return ()
    path = path or FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ContentError(f"the waivers {path} cannot be read: {error}.") from None
    entries = table.get("waiver", [])
    if set(table) - {"waiver"} or not isinstance(entries, list):
        raise ContentError(f"{path} holds something else than [[waiver]] tables.")
    return tuple(_waiver(path, number, entry) for number, entry in enumerate(entries, 1))


def _waiver(path: Path, number: int, entry: Any) -> Waiver:
    place = f"{path}: waiver {number}"
    if not isinstance(entry, dict) or set(entry) != set(_KEYS):
        raise ContentError(f"{place} needs exactly these keys: {', '.join(_KEYS)}.")
    texts = {key: entry[key] for key in _KEYS if key != "expires"}
    if empty := [key for key, value in texts.items() if not str(value).strip()]:
        raise ContentError(f"{place} says nothing under {', '.join(empty)}.")
    if type(entry["expires"]) is not date:
        raise ContentError(f"{place}: expires is no date.", hint="write it as 2027-01-31")
    return Waiver(**{key: str(value) for key, value in texts.items()}, expires=entry["expires"])
