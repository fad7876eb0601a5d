"""What a comparison came to; `compare --json` prints it as it stands here."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

DOUBT = 0.01
"""How often two runs of the same build may be told apart, over all figures together."""
SCHEMA = "verify-harness/compare/1"

Judgement = Literal["regression", "no change", "improvement"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one step in both runs; `before`, `after` in `unit`."""

    step: str
    measure: str
    """p50, p95, p99, or failures: the share of requests that failed or were throttled."""
    unit: Literal["ms", "%"]
    before: float
    after: float
    change: float
    """In percent of `before` for latencies, in points for shares; `low` and `high` too."""
    low: float
    high: float
    p_value: float
    """After Holm's correction for the number of figures."""
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class LoadComparison:
    """All figures that both runs know well enough."""

    profile: str
    figures: tuple[Figure, ...]
    left_out: tuple[str, ...]
    """What could not be compared, and why."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that stands otherwise in the second run; `before` is None if the first lacks it."""

    subject: str
    """A requirement's id, an observation's key, an operation's id."""
    before: str | None
    after: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run `before` held against run `after`."""

    before: str
    after: str
    requirements: tuple[Change, ...]
    observations: tuple[Change, ...]
    operations: tuple[Change, ...]
    keywords: tuple[Change, ...]
    """By operation, the sides of schema keywords that no request showed."""
    load: LoadComparison | None
    notes: tuple[str, ...] = ()
    """What was not compared although both runs have it, and why."""

    @property
    def verdict(self) -> Judgement:
        """The worst of all that was judged."""
        figures = self.load.figures if self.load else ()
        found = {item.judgement for item in figures}
        found |= {item.judgement for item in self.requirements}
        if "regression" in found:
            return "regression"
        return "improvement" if "improvement" in found else "no change"

    @property
    def has_changed(self) -> bool:
        """Whether anything stands otherwise, for the better included."""
        changes = (self.requirements, self.observations, self.operations, self.keywords)
        return any(changes) or self.verdict != "no change"

    def as_json(self) -> dict[str, Any]:
        """The comparison as a JSON value."""
        return {"schema": SCHEMA, "verdict": self.verdict, **asdict(self)}
