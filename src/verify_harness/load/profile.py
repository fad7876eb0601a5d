"""Load profiles: who arrives when and does what, read from TOML and checked (examples.md)."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from verify_harness import content
from verify_harness.errors import ContentError
from verify_harness.load.slo import Slo, parse
from verify_harness.load.tables import Span, Table, nearest

CHANNELS = ("sms", "call", "flashcall", "whatsapp")
"""The channels of a verification (facts §0.2)."""

SHAPES = ("constant", "poisson", "ramp", "steps", "spike", "closed")
"""How arrivals are spread in time; `arrivals` knows what each means."""

_CLIENT = "lean"


@dataclass(frozen=True, slots=True)
class Arrivals:
    """One stretch of arrivals; stretches follow one another."""

    shape: str
    rate_per_s: float
    """The rate, and for shapes that change it the highest one; 0 for `closed`."""
    duration_s: float
    from_rate_per_s: float = 0.0
    """Where `ramp`, `steps` and `spike` begin (and `spike` ends)."""
    steps: int = 1
    """How many equal levels `steps` has."""
    users: int = 0
    """How many people `closed` keeps busy, one journey after the other."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Percent of the people who do something special; at most one of `HABITS` each."""

    wrong_code: float = 0.0
    """Mistype once, then type the right code."""
    late_code: float = 0.0
    """Type the right code when it has expired."""
    resend: float = 0.0
    """Ask for a second message, and type its code."""
    abandon: float = 0.0
    """Never type a code."""
    replay: float = 0.0
    """Type a code again that was accepted."""
    lock_out: float = 0.0
    """Type five wrong codes, then the right one."""
    double_submit: float = 0.0
    """Send the right code twice at the same moment."""
    by_number: float = 0.0
    """Have the code checked by the number rather than by the verification's id."""
    status_polling: float = 0.0
    """Read the verification before and after the check."""
    list_by_number: float = 0.0
    """List the verifications of their number."""
    lookup: float = 0.0
    """Look their number up before they begin."""
    profile_admin: float = 0.0
    """Administer a verify profile of their own: create, read, rename, delete it."""


HABITS = ("wrong_code", "late_code", "resend", "abandon", "replay", "lock_out", "double_submit")
"""The shares of which a person has at most one."""


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
    slo: tuple[Slo, ...] = ()
    is_judged: bool = True
    """False: a missed SLO or a weak generator is told, but does not fail the run."""
    users: int | None = None
    """At most so many people at a time; others start late. None: as many as come."""
    sample_percent: float = 1.0
    """How many answers are held against the whole spec."""

    @property
    def duration_s(self) -> float:
        """How long people keep arriving."""
        return sum(stretch.duration_s for stretch in self.arrivals)


_KEYS = (
    *("title", "scenario", "arrivals", "mix", "shares", "waits", "slo"),
    *("judged", "users", "sample_percent", "client"),
)


def load_profile(name_or_path: str) -> Profile:
    """The profile that is bundled under a name, or lies at a path; raises ContentError."""
    path = _find(name_or_path)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ContentError(f"{path}: {error}.", hint="a profile is a TOML file") from None
    top = Table(path, "", values)
    top.allow(*_KEYS)
    _refuse_other_clients(top)
    return Profile(
        name=path.stem,
        path=path,
        title=top.text("title"),
        scenario=_scenario(top),
        arrivals=_arrivals(top),
        mix=_mix(top.table("mix")),
        shares=_shares(top.table("shares")),
        waits=_waits(top.table("waits")),
        slo=_slo(top.table("slo")),
        is_judged=top.flag("judged", default=True),
        users=top.whole("users"),
        sample_percent=top.percent("sample_percent", default=1),
    )


def _refuse_other_clients(top: Table) -> None:
    """Older profiles chose between two clients; what is left of that is refused by a sentence."""
    named = top.values.get("client", _CLIENT)
    if named != _CLIENT:
        hint = "leave client out; for locust's FastHttpUser, run a locustfile of your own"
        raise top.error("client", f"is {named!r}, but only {_CLIENT!r} is left", hint)


def _find(name_or_path: str) -> Path:
    if name_or_path.endswith(".toml"):
        return Path(name_or_path).resolve()
    folder = content.loadtests() / "profiles"
    path = folder / f"{name_or_path}.toml"
    bundled = sorted(item.stem for item in folder.glob("*.toml"))
    if path.stem not in bundled:
        raise ContentError(
            f"there is no load profile {name_or_path!r} in {folder}.",
            hint=f"{nearest(name_or_path, bundled)}; or give the path of a .toml file",
        )
    return path


def _scenario(top: Table) -> Path:
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


def _arrivals(top: Table) -> tuple[Arrivals, ...]:
    stretches = top.values.get("arrivals")
    if not isinstance(stretches, list) or not stretches:
        raise top.error("arrivals", "must be at least one [[arrivals]] table")
    return tuple(_stretch(Table(top.file, "arrivals", values)) for values in stretches)


def _stretch(table: Table) -> Arrivals:
    table.allow(*(item.name for item in fields(Arrivals)))
    shape = table.one_of("shape", SHAPES)
    table.allow("shape", "duration_s", *_SHAPE_KEYS.get(shape, ("rate_per_s", "from_rate_per_s")))
    is_closed = shape == "closed"
    if "steps" not in table.values and shape == "steps":
        raise table.error("steps", "says how many levels there are; it is missing")
    if "users" not in table.values and is_closed:
        raise table.error("users", "says how many people there are; it is missing")
    return Arrivals(
        shape=shape,
        rate_per_s=0.0 if is_closed else table.positive("rate_per_s"),
        duration_s=table.positive("duration_s"),
        from_rate_per_s=table.not_negative("from_rate_per_s"),
        steps=table.whole("steps") or 1,
        users=table.whole("users") or 0,
    )


_SHAPE_KEYS = {
    "constant": ("rate_per_s",),
    "poisson": ("rate_per_s",),
    "steps": ("rate_per_s", "from_rate_per_s", "steps"),
    "closed": ("users",),
}


def _mix(table: Table) -> Mapping[str, float]:
    table.allow(*CHANNELS)
    mix = {channel: table.percent(channel) for channel in CHANNELS}
    if not math.isclose(sum(mix.values()), 100):
        raise table.error("mix", f"must add up to 100 percent, not {sum(mix.values()):g}")
    return mix


def _shares(table: Table) -> Shares:
    names = [item.name for item in fields(Shares)]
    table.allow(*names)
    shares = {name: table.percent(name) for name in names}
    if (total := sum(shares[name] for name in HABITS)) > 100:
        raise table.error(
            "shares", f"a person does one of {', '.join(HABITS)}, but add to {total:g}"
        )
    return Shares(**shares)


def _waits(table: Table) -> Waits:
    names = [item.name for item in fields(Waits)]
    table.allow(*names)
    return Waits(**{name: table.span(name) for name in names})


def _slo(table: Table) -> tuple[Slo, ...]:
    table.allow(*table.values if isinstance(table.values, Mapping) else ())
    limits = []
    for expression in table.values:
        try:
            limits.append(parse(expression, table.text(expression), channels=CHANNELS))
        except ValueError as error:
            raise table.error(f'"{expression}"', str(error), _SLO_HINT) from None
    return tuple(limits)


_SLO_HINT = 'for example "p95(trigger)" = "< 250 ms", or "completed(willing)" = "> 99 %"'
