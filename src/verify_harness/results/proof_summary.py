"""Proof: seeded faults, and what the checks made of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from verify_harness.journal.records import FaultJudged


@dataclass(frozen=True, slots=True)
class Proof:
    """How the suite did against seeded faults."""

    faults: tuple[FaultJudged, ...]
    matrix: bool
    """Whether every check ran for every fault, so that `by` is complete."""
    idle: tuple[str, ...]
    """Requirements that caught nothing; known in a matrix only."""

    @property
    def caught(self) -> int:
        """How many faults were caught."""
        return sum(item.caught for item in self.faults)

    @property
    def intended(self) -> int:
        """How many were caught by the requirement that they break."""
        return sum(item.fault.breaks in item.by for item in self.faults)

    @property
    def survivors(self) -> tuple[FaultJudged, ...]:
        """Faults that nobody caught and nobody expected to survive."""
        return tuple(item for item in self.faults if not item.caught and not item.fault.survives)

    @property
    def known(self) -> tuple[FaultJudged, ...]:
        """Faults that survived as listed."""
        return tuple(item for item in self.faults if not item.caught and item.fault.survives)

    @property
    def stale(self) -> tuple[FaultJudged, ...]:
        """Faults that are listed as survivors, but were caught."""
        return tuple(item for item in self.faults if item.caught and item.fault.survives)

    @property
    def alarmed(self) -> tuple[str, ...]:
        """The requirements that caught a fault, in the order of their ids."""
        return tuple(sorted({name for item in self.faults for name in item.by}))

    @property
    def holds(self) -> bool:
        """Whether the proof holds: no unexpected survivor, no stale entry."""
        return not self.survivors and not self.stale


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
