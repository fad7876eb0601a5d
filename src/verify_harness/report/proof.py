"""The proof part of the view: which seeded faults were caught, and by what."""

from collections.abc import Sequence

from verify_harness.journal.records import FaultJudged
from verify_harness.report.proof_model import Proof


def build_proof(lines: Sequence[FaultJudged], requirements: Sequence[str]) -> Proof | None:
    """What became of each fault; None where the run proved none.

    `requirements` are the ids that were judged: in a matrix, those that no fault alarmed are idle.
    """
    if not lines:
        return None
    faults = tuple(sorted(lines, key=_worst_first))
    alarmed = {name for fault in faults for name in fault.by}
    matrix = all(line.matrix for line in lines)
    idle = tuple(name for name in requirements if name not in alarmed) if matrix else ()
    return Proof(faults, matrix, idle)


def _worst_first(line: FaultJudged) -> tuple[bool, str, str]:
    return line.caught, line.fault.breaks, line.fault.id
