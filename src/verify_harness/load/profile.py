"""Load profiles: who arrives when and does what, read from TOML and checked (examples.md)."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeGuard

from verify_harness import content
from verify_harness.errors import ContentError

CHANNELS = ("sms", "call", "flashcall", "whatsapp")
"""The channels of a verification (facts §0.2)."""

SHAPES = ("constant", "poisson")
"""How arrivals are spread in time; `arrivals` knows what each means."""

Span = tuple[float, float]
"""The least and the most of something drawn evenly between them."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """One stretch of arrivals; stretches follow one another."""

    shape: str
    rate_per_s: float
    duration_s: float


@dataclass(frozen=True, slots=True)
class Shares:
    """Percent of the people who do something special."""

    wrong_code: float = 0.0
    """Mistype once, then type the right code."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long things take on the person's side, in seconds."""

    delivery_delay_s: Span = (0.0, 0.0)
    typing_time_s: Span = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Profile:
    """A checked load profile."""

    name: str
    path: Path
    title: str
    scenario: Path
    """The scenario's Python file."""
    arrivals: tuple[Arrivals, ...]
    mix: Mapping[str, float]
    """Percent of the people by channel; they add up to 100."""
    shares: Shares
    waits: Waits

    @property
    def duration_s(self) -> float:
        """How long people keep arriving."""
        return sum(stretch.duration_s for stretch in self.arrivals)


def load_profile(name_or_path: str) -> Profile:
    """The profile that is bundled under a name, or lies at a path; raises ContentError."""
    path = _find(name_or_path)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ContentError(f"{path}: {error}.", hint="a profile is a TOML file") from None
    top = _Table(path, "", values)
    top.allow("title", "scenario", "arrivals", "mix", "shares", "waits")
    return Profile(
        name=path.stem,
        path=path,
        title=top.text("title"),
        scenario=_scenario(top),
        arrivals=_arrivals(top),
        mix=_mix(top.table("mix")),
        shares=_shares(top.table("shares")),
        waits=_waits(top.table("waits")),
    )


def _find(name_or_path: str) -> Path:
    if name_or_path.endswith(".toml"):
        return Path(name_or_path).resolve()
    folder = content.loadtests() / "profiles"
    path = folder / f"{name_or_path}.toml"
    bundled = sorted(item.stem for item in folder.glob("*.toml"))
    if path.stem not in bundled:
        raise ContentError(
            f"there is no load profile {name_or_path!r} in {folder}.",
            hint=f"{_nearest(name_or_path, bundled)}; or give the path of a .toml file",
        )
    return path


def _scenario(top: "_Table") -> Path:
    """A bundled scenario by name, or a Python file by its path from the profile's folder."""
    name = top.text("scenario")
    if name.endswith(".py"):
        path = top.file.parent / name
        if not path.is_file():
            raise top.error("scenario", f"{path} does not exist", "the path starts at the profile")
        return path
    folder = content.loadtests() / "scenarios"
    bundled = sorted(item.stem for item in folder.glob("*.py"))
    top.one_of("scenario", bundled)
    return folder / f"{name}.py"


def _arrivals(top: "_Table") -> tuple[Arrivals, ...]:
    stretches = top.values.get("arrivals")
    if not isinstance(stretches, list) or not stretches:
        raise top.error("arrivals", "must be at least one [[arrivals]] table")
    return tuple(_stretch(_Table(top.file, "arrivals", values)) for values in stretches)


def _stretch(table: "_Table") -> Arrivals:
    table.allow(*(item.name for item in fields(Arrivals)))
    return Arrivals(
        shape=table.one_of("shape", SHAPES),
        rate_per_s=table.positive("rate_per_s"),
        duration_s=table.positive("duration_s"),
    )


def _mix(table: "_Table") -> Mapping[str, float]:
    table.allow(*CHANNELS)
    mix = {channel: table.percent(channel) for channel in CHANNELS}
    if not math.isclose(sum(mix.values()), 100):
        raise table.error("mix", f"must add up to 100 percent, not {sum(mix.values()):g}")
    return mix


def _shares(table: "_Table") -> Shares:
    names = [item.name for item in fields(Shares)]
    table.allow(*names)
    return Shares(**{name: table.percent(name) for name in names})


def _waits(table: "_Table") -> Waits:
    names = [item.name for item in fields(Waits)]
    table.allow(*names)
    return Waits(**{name: table.span(name) for name in names})


@dataclass(frozen=True, slots=True)
class _Table:
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
                raise self.error(key, "is unknown", _nearest(key, keys))

    def table(self, key: str) -> "_Table":
        """The table below `key`; an absent one is empty."""
        return _Table(self.file, key, self.values.get(key, {}))

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
            raise self.error(key, f"is {value!r}, which is unknown", _nearest(value, choices))
        return value

    def positive(self, key: str) -> float:
        """A number above zero."""
        value = self.values.get(key)
        if not _is_number(value) or value <= 0:
            raise self.error(key, f"must be a number above 0, not {value!r}")
        return float(value)

    def percent(self, key: str) -> float:
        """A number from 0 to 100; 0 where it is absent."""
        value = self.values.get(key, 0)
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


def _nearest(wrong: str, known: tuple[str, ...] | list[str]) -> str:
    match = get_close_matches(wrong, known, n=1, cutoff=0.5)
    return f"did you mean {match[0]}?" if match else f"known: {', '.join(known)}"
