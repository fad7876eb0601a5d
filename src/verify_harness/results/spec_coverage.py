"""The coverage part of the view: the counts of all processes together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verify_harness.journal.records import Coverage as CoverageRecord

NOT_REACHED = "not answered in this run"


@dataclass(frozen=True, slots=True)
class OperationCoverage:
    """What the run exercised of one operation of the spec."""

    operation_id: str
    documented: tuple[str, ...]
    reached: tuple[str, ...]
    unreached: Mapping[str, str]
    """Documented statuses that were never answered, each with the reason."""
    keyword_sides: int
    """Twice the number of schema keywords: each can be kept and broken."""
    missing: tuple[str, ...]
    """The sides no request showed, such as `body/name maxLength invalid`."""

    @property
    def covered(self) -> int:
        """How many sides of keywords requests showed."""
        return self.keyword_sides - len(self.missing)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the run exercised of the spec."""

    operations: tuple[OperationCoverage, ...]

    @property
    def documented(self) -> int:
        """How many statuses are documented, all operations together."""
        return sum(len(item.documented) for item in self.operations)

    @property
    def reached(self) -> int:
        """How many of them were answered."""
        return sum(len(item.reached) for item in self.operations)

    @property
    def keyword_sides(self) -> int:
        """How many sides the keywords have, all operations together."""
        return sum(item.keyword_sides for item in self.operations)

    @property
    def covered(self) -> int:
        """How many of them requests showed."""
        return sum(item.covered for item in self.operations)


def build_coverage(lines: Sequence[CoverageRecord]) -> Coverage | None:
    """What was exercised of the spec; None where no process said."""
    if not lines:
        return None
    names = dict.fromkeys(name for line in lines for name in line.operations)
    return Coverage(tuple(_operation(name, lines) for name in names))


def _operation(operation_id: str, lines: Sequence[CoverageRecord]) -> OperationCoverage:
    statuses, sides = _sums(operation_id, lines)
    reasons = {
        status: reason
        for line in lines
        for status, reason in line.unreachable.get(operation_id, {}).items()
    }
    return OperationCoverage(
        operation_id=operation_id,
        documented=tuple(sorted(statuses)),
        reached=tuple(sorted(status for status, count in statuses.items() if count)),
        unreached={
            status: reasons.get(status, NOT_REACHED)
            for status, count in sorted(statuses.items())
            if not count
        },
        keyword_sides=len(sides),
        missing=tuple(side for side, count in sides.items() if not count),
    )


def _sums(
    operation_id: str, lines: Sequence[CoverageRecord]
) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Counts by status, and by side of a keyword; what was never seen is there with zero."""
    statuses: Counter[str] = Counter()
    sides: Counter[str] = Counter()
    for line in lines:
        if operation_id not in line.operations:
            continue
        told = line.operations[operation_id]
        statuses.update(told.statuses)
        for point, counts in told.keywords.items():
            sides.update({f"{point} valid": counts.valid, f"{point} invalid": counts.invalid})
    return statuses, sides
