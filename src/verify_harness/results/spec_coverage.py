"""Coverage of the spec, all processes together; run.json holds it as it stands here."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from verify_harness.journal.records import Coverage as CoverageRecord

NOT_REACHED = "not answered in this run"


class Statuses(msgspec.Struct, frozen=True):
    """The statuses that one operation documents."""

    documented: tuple[str, ...]
    reached: tuple[str, ...]
    unreached: dict[str, str]
    """Those that were never answered, each with the reason."""


class Keywords(msgspec.Struct, frozen=True):
    """The two sides of each schema keyword of one operation: kept and broken."""

    total: int
    covered: int
    missing: tuple[str, ...]
    """The sides no request showed, such as `body/name maxLength invalid`."""


class OperationCoverage(msgspec.Struct, frozen=True):
    """What the run exercised of one operation."""

    operation_id: str
    statuses: Statuses
    keywords: Keywords


class StatusCount(msgspec.Struct, frozen=True):
    """How many statuses are documented, and how many of them were answered."""

    documented: int
    reached: int


class KeywordCount(msgspec.Struct, frozen=True):
    """How many sides of keywords there are, and how many of them requests showed."""

    total: int
    covered: int


class Coverage(msgspec.Struct, frozen=True):
    """What the run exercised of the spec; the counts are of all operations together."""

    statuses: StatusCount
    keywords: KeywordCount
    operations: tuple[OperationCoverage, ...]


def build_coverage(lines: Sequence[CoverageRecord]) -> Coverage | None:
    """What was exercised of the spec; None where no process said."""
    if not lines:
        return None
    names = dict.fromkeys(name for line in lines for name in line.operations)
    operations = tuple(_operation(name, lines) for name in names)
    return Coverage(
        statuses=StatusCount(
            documented=sum(len(item.statuses.documented) for item in operations),
            reached=sum(len(item.statuses.reached) for item in operations),
        ),
        keywords=KeywordCount(
            total=sum(item.keywords.total for item in operations),
            covered=sum(item.keywords.covered for item in operations),
        ),
        operations=operations,
    )


def _operation(operation_id: str, lines: Sequence[CoverageRecord]) -> OperationCoverage:
    statuses: Counter[str] = Counter()
    sides: Counter[str] = Counter()
    reasons: dict[str, str] = {}
    for line in lines:
        reasons |= line.unreachable.get(operation_id, {})
        if operation_id in line.operations:
            told = line.operations[operation_id]
            statuses.update(told.statuses)
            for point, counts in told.keywords.items():
                sides.update({f"{point} valid": counts.valid, f"{point} invalid": counts.invalid})
    missing = tuple(side for side, count in sides.items() if not count)
    return OperationCoverage(
        operation_id=operation_id,
        statuses=Statuses(
            documented=tuple(sorted(statuses)),
            reached=tuple(sorted(status for status, count in statuses.items() if count)),
            unreached={
                status: reasons.get(status, NOT_REACHED)
                for status, count in sorted(statuses.items())
                if not count
            },
        ),
        keywords=Keywords(total=len(sides), covered=len(sides) - len(missing), missing=missing),
    )
