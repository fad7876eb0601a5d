"""The coverage part of the view: the counts of all processes together."""

from collections import Counter
from collections.abc import Mapping, Sequence

from verify_harness.report.lines import CoverageLine
from verify_harness.report.model import Coverage, OperationCoverage

NOT_REACHED = "not answered in this run"


def build_coverage(lines: Sequence[CoverageLine]) -> Coverage | None:
    """What was exercised of the spec; None where no process said."""
    if not lines:
        return None
    names = dict.fromkeys(name for line in lines for name in line.operations)
    return Coverage(tuple(_operation(name, lines) for name in names))


def _operation(operation_id: str, lines: Sequence[CoverageLine]) -> OperationCoverage:
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
    operation_id: str, lines: Sequence[CoverageLine]
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
