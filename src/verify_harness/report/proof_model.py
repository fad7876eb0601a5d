"""The view model of a proof: seeded faults, and what the checks made of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """A seeded defect, and what the checks made of it."""

    id: str
    title: str
    """The harm it would do."""
    breaks: str
    layer: str
    caught: bool
    by: tuple[str, ...]
    """The requirements that were alarmed, the first one first."""
    checks: int
    requests: int
    seconds: float
    message: str | None
    check: str
    replay: str
    survives: str | None
    """Why it is known to stay uncaught."""

    @property
    def intended(self) -> bool:
        """Whether the requirement that it breaks was among the alarmed ones."""
        return self.breaks in self.by


@dataclass(frozen=True, slots=True)
class Proof:
    """How the suite did against seeded faults."""

    faults: tuple[Fault, ...]
    matrix: bool
    """Whether every check ran for every fault, so that `by` is complete."""
    idle: tuple[str, ...]
    """Requirements that caught nothing; known in a matrix only."""

    @property
    def caught(self) -> int:
        """How many faults were caught."""
        return sum(fault.caught for fault in self.faults)

    @property
    def intended(self) -> int:
        """How many were caught by the requirement that they break."""
        return sum(fault.intended for fault in self.faults)

    @property
    def survivors(self) -> tuple[Fault, ...]:
        """Faults that nobody caught and nobody expected to survive."""
        return tuple(fault for fault in self.faults if not fault.caught and not fault.survives)

    @property
    def known(self) -> tuple[Fault, ...]:
        """Faults that survived as listed."""
        return tuple(fault for fault in self.faults if not fault.caught and fault.survives)

    @property
    def stale(self) -> tuple[Fault, ...]:
        """Faults that are listed as survivors, but were caught."""
        return tuple(fault for fault in self.faults if fault.caught and fault.survives)

    @property
    def holds(self) -> bool:
        """Whether the proof holds: no unexpected survivor, no stale entry."""
        return not self.survivors and not self.stale
