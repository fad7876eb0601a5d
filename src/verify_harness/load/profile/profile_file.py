"""Load profiles: who arrives when and does what, read from TOML and checked."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from verify_harness import bundled, toml_files
from verify_harness.errors import ContentError
from verify_harness.journal.embedded import Arrivals, Slo
from verify_harness.load.profile.slo_syntax import parse
from verify_harness.safety.permission import NO_CEILING, Ceiling
from verify_harness.suggest import did_you_mean
from verify_harness.toml_files import Text

__all__ = ["CHANNELS", "HABITS", "Arrivals", "Profile", "Shares", "Span", "Waits", "load_profile"]

CHANNELS = ("sms", "call", "flashcall", "whatsapp")
"""The channels of a verification (facts.md#verification-types)."""

MOST_PER_S = 1_000_000
"""Journeys a second that a profile may ask for; one process makes a thousandth of them."""
_MOST_SECS = 31 * 86_400
MOST_JOURNEYS = 100_000_000
"""Journeys of a profile in all."""

_Rate = Annotated[float, msgspec.Meta(gt=0, le=MOST_PER_S)]
_Duration = Annotated[float, msgspec.Meta(gt=0, le=_MOST_SECS)]
_NotNegative = Annotated[float, msgspec.Meta(ge=0, lt=1e9)]
_Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]
_Count = Annotated[int, msgspec.Meta(ge=1, le=MOST_JOURNEYS)]
_Steps = Annotated[int, msgspec.Meta(ge=1, le=10_000)]

Span = tuple[_NotNegative, _NotNegative]
"""The least and the most seconds of something drawn evenly between them."""


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


class _Stretch(_Table, frozen=True, kw_only=True, tag_field="shape", tag=str.lower):
    """One `[[arrivals]]` table; its shape says which keys it has."""

    duration_s: _Duration


class Constant(_Stretch, frozen=True, kw_only=True):
    rate_per_s: _Rate


class Poisson(Constant, frozen=True):
    pass


class Ramp(Constant, frozen=True, kw_only=True):
    from_rate_per_s: Annotated[float, msgspec.Meta(ge=0, le=MOST_PER_S)] = 0.0


class Spike(Ramp, frozen=True):
    pass


class Steps(Ramp, frozen=True, kw_only=True):
    steps: _Steps


class Closed(_Stretch, frozen=True, kw_only=True):
    users: _Count


class _Mix(_Table, frozen=True, kw_only=True):
    """Percent of the people by channel."""

    sms: _Percent = 0.0
    call: _Percent = 0.0
    flashcall: _Percent = 0.0
    whatsapp: _Percent = 0.0

    def __post_init__(self) -> None:
        total = sum(msgspec.structs.astuple(self))
        if not math.isclose(total, 100):
            raise ValueError(f"must add up to 100 percent, not {total:g}")


class Shares(_Table, frozen=True, kw_only=True):
    """Percent of the people who do something special; at most one of `HABITS` each."""

    wrong_code: _Percent = 0.0
    """Mistype once, then type the right code."""
    late_code: _Percent = 0.0
    """Type the right code when it has expired."""
    resend: _Percent = 0.0
    """Ask for a second message, and type its code."""
    abandon: _Percent = 0.0
    """Never type a code."""
    replay: _Percent = 0.0
    """Type a code again that was accepted."""
    lock_out: _Percent = 0.0
    """Type five wrong codes, then the right one."""
    double_submit: _Percent = 0.0
    """Send the right code twice at the same moment."""
    by_number: _Percent = 0.0
    """Have the code checked by the number rather than by the verification's id."""
    status_polling: _Percent = 0.0
    """Read the verification before and after the check."""
    list_by_number: _Percent = 0.0
    """List the verifications of their number."""
    lookup: _Percent = 0.0
    """Look their number up before they begin."""
    profile_admin: _Percent = 0.0
    """Administer a verify profile of their own: create, read, rename, delete it."""

    def __post_init__(self) -> None:
        if (total := sum(getattr(self, name) for name in HABITS)) > 100:
            raise ValueError(f"a person does one of {', '.join(HABITS)}, but add to {total:g}")


HABITS = ("wrong_code", "late_code", "resend", "abandon", "replay", "lock_out", "double_submit")
"""The shares of which a person has at most one."""


class Waits(_Table, frozen=True, kw_only=True):
    """How long things take on the person's side, in seconds."""

    delivery_delay_s: Span = (0.0, 0.0)
    typing_time_s: Span = (0.0, 0.0)

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            least, most = getattr(self, name)
            if least > most:
                raise ValueError(f"{name} must be [least, most] in seconds, not [{least}, {most}]")


class _File(_Table, frozen=True, kw_only=True):
    title: Text
    scenario: Text
    """A bundled one by name, or a Python file by its path from the profile's folder."""
    arrivals: Annotated[
        tuple[Constant | Poisson | Ramp | Spike | Steps | Closed, ...], msgspec.Meta(min_length=1)
    ]
    mix: _Mix
    shares: Shares = Shares()
    waits: Waits = Waits()
    slo: dict[str, str] = {}
    judged: bool = True
    users: _Count | None = None
    max_triggers: _Count | None = None
    max_rate_per_s: _Rate | None = None
    sample_percent: _Percent = 1.0
    client: Literal["lean"] = "lean"
    """Older profiles name a client; there is one."""


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
    slo: tuple[Slo, ...] = ()
    is_judged: bool = True
    """False: a missed SLO or a weak generator is told, but does not fail the run."""
    users: int | None = None
    """At most so many people at a time; others start late. None: as many as come."""
    sample_percent: float = 1.0
    """How many journeys have all their answers held against the spec and the reference model."""
    ceiling: Ceiling = NO_CEILING
    """The most that a load of it may trigger, whatever its arrivals say."""

    @property
    def duration_s(self) -> float:
        """How long people keep arriving."""
        return sum(stretch.duration_s for stretch in self.arrivals)

    @property
    def reference(self) -> str:
        """How a command line names it: a bundled profile by its name, any other by its path."""
        return self.name if self.path.parent == _bundled_profiles() else str(self.path)


_HINT = "`verify-harness init` writes a profile to begin with"


def load_profile(name_or_path: str) -> Profile:
    """The profile that is bundled under a name, or lies at a path; raises ContentError."""
    path = _find(name_or_path)
    file = toml_files.read(path, _File, hint=_HINT)
    _check_size(path, file)
    return Profile(
        name=path.stem,
        path=path,
        title=file.title,
        scenario=_scenario(path, file.scenario),
        arrivals=tuple(map(_arrivals, file.arrivals)),
        mix=msgspec.structs.asdict(file.mix),
        shares=file.shares,
        waits=file.waits,
        slo=tuple(_slo(path, *entry) for entry in file.slo.items()),
        is_judged=file.judged,
        users=file.users,
        sample_percent=file.sample_percent,
        ceiling=Ceiling(file.max_triggers, file.max_rate_per_s),
    )


def _check_size(path: Path, file: _File) -> None:
    stretches = map(_arrivals, file.arrivals)
    most = sum(max(each.rate_per_s, each.from_rate_per_s) * each.duration_s for each in stretches)
    if most > MOST_JOURNEYS:
        raise ContentError(
            f"{path}: arrivals: {most:,.0f} journeys are more than {MOST_JOURNEYS:,}.", hint=_HINT
        )


def _bundled_profiles() -> Path:
    return bundled.loadtests() / "profiles"


def _find(name_or_path: str) -> Path:
    if name_or_path.endswith(".toml"):
        return Path(name_or_path).resolve()
    folder = _bundled_profiles()
    path = folder / f"{name_or_path}.toml"
    names = sorted(item.stem for item in folder.glob("*.toml"))
    if path.stem not in names:
        raise ContentError(
            f"unknown load profile: {name_or_path!r}.",
            hint=f"{did_you_mean(name_or_path, names)} (a file of your own: its path, with .toml)",
        )
    return path


def _scenario(profile: Path, name: str) -> Path:
    if name.endswith(".py"):
        path = profile.parent / name
        if not path.is_file():
            raise ContentError(
                f"{profile}: scenario: {path} does not exist.",
                hint="the path starts at the profile",
            )
        return path
    folder = bundled.loadtests() / "scenarios"
    names = sorted(item.stem for item in folder.glob("*.py"))
    if name not in names:
        raise ContentError(
            f"{profile}: scenario: {name!r} is not bundled.", hint=did_you_mean(name, names)
        )
    return folder / f"{name}.py"


def _arrivals(stretch: _Stretch) -> Arrivals:
    shape = stretch.__struct_config__.tag
    values = {"shape": shape, "rate_per_s": 0.0, **msgspec.structs.asdict(stretch)}
    return msgspec.convert(values, Arrivals)


def _slo(path: Path, expression: str, limit: str) -> Slo:
    try:
        return parse(expression, limit, channels=CHANNELS)
    except ValueError as error:
        raise ContentError(f'{path}: slo: "{expression}" {error}.', hint=_SLO_HINT) from None


_SLO_HINT = 'for example "p95(trigger)" = "< 250 ms", or "completed(willing)" = "> 99 %"'
