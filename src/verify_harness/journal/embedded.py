"""What several records hold: each thing has one type, in the journal and in everything above it."""

from typing import Literal

import msgspec


class Request(msgspec.Struct, frozen=True):
    """What was sent: redacted, keys as `$TELNYX_API_KEY`; long bodies are cut."""

    method: str
    url: str
    headers: dict[str, str]
    body: str | None


class Response(msgspec.Struct, frozen=True):
    """What came back; `truncated` where the body was cut."""

    status: int
    headers: dict[str, str]
    body: str
    truncated: bool = False


class Target(msgspec.Struct, frozen=True):
    """The system under test."""

    url: str = ""
    kind: str = ""
    levers: tuple[str, ...] = ()


class Operation(msgspec.Struct, frozen=True):
    """An operation of the spec."""

    operation_id: str
    method: str
    path: str


class Fault(msgspec.Struct, frozen=True):
    """A seeded defect as the sandbox announces it; `survives` is why it may stay uncaught."""

    id: str
    breaks: str
    """The requirement it breaks."""
    area: str
    layer: str
    harm: str
    survives: str | None = None


class Arrivals(msgspec.Struct, frozen=True):
    """One stretch of arrivals; stretches follow one another."""

    shape: Literal["constant", "poisson", "ramp", "steps", "spike", "closed"]
    rate_per_s: float
    """The rate, and for shapes that change it the highest one; 0 for `closed`."""
    duration_s: float
    from_rate_per_s: float = 0.0
    """Where `ramp`, `steps` and `spike` begin (and `spike` ends)."""
    steps: int = 1
    """How many equal levels `steps` has."""
    users: int = 0
    """How many people `closed` keeps busy, one journey after the other."""


class LoadProfile(msgspec.Struct, frozen=True):
    """What a load profile asks for."""

    name: str
    title: str
    scenario: str
    arrivals: tuple[Arrivals, ...]
    mix: dict[str, float]
    """Percent of the people by channel."""
    reference: str | None = None
    """How a command line names it, where that is not its name."""
    judged: bool = True
    """Whether its limits decide the verdict."""


class Planned(msgspec.Struct, frozen=True):
    """How much load was planned."""

    journeys: int
    duration_s: float
    curve: tuple[tuple[float, float], ...] = ()
    """Corners (second, journeys per second)."""


class Slo(msgspec.Struct, frozen=True):
    """One limit; `bound` is in milliseconds for latencies and in percent for shares."""

    expression: str
    limit: str
    measure: str
    """`p50` … `p99.9`, `max`, `error_rate`, `unanswered`, `throttled`, `completed`."""
    step: str | None
    """None: all steps together."""
    channel: str | None
    only_willing: bool
    """Of `completed`: leave out the people who give up."""
    comparison: str
    bound: float
    window_s: int | None = None
    """Every stretch of so many seconds must keep the limit; None: the run as a whole."""
    aborts: bool = False
    """Whether the first stretch that misses it ends the load."""


class Journeys(msgspec.Struct, frozen=True):
    """How many journeys there were; a run that ends early leaves some without an outcome."""

    planned: int = 0
    started: int = 0
    completed: int = 0
    failed: int = 0
    late_starts: int = 0
    abandoned: int = 0


class LoadFailure(msgspec.Struct, frozen=True):
    """A kind of failure under load and how often it occurred."""

    step: str
    message: str
    count: int


class Probe(msgspec.Struct, frozen=True):
    """One rate that a capacity search tried; `reason` says why it was not kept."""

    rate_per_s: float
    kept: bool
    reason: str | None = None


class Capacity(msgspec.Struct, frozen=True):
    """Journeys a second: `low_per_s` keeps the SLO, twice; `high_per_s` misses it.

    `high_per_s` is null where no rate was missed; `ends` is then why no higher one was tried.
    """

    low_per_s: float
    high_per_s: float | None
    probes: tuple[Probe, ...]
    ends: str | None = None


class Sides(msgspec.Struct, frozen=True):
    """How many requests kept a schema keyword, and how many broke it."""

    valid: int = 0
    invalid: int = 0


class OperationCoverage(msgspec.Struct, frozen=True):
    """What one process exercised of one operation; all that is documented is there, if as zero."""

    statuses: dict[str, int]
    keywords: dict[str, Sides]
    """By `place keyword`, such as `body/sms/code_length maximum`."""
