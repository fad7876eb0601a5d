"""The plan of a proof: one JSON document that the coordinator writes and every worker reads."""

from pathlib import Path

import msgspec

from verify_harness.journal.embedded import Fault

CLAIMS = "proof-claims"
"""Folder beside the plan; the worker that creates a file named after a fault proves that fault."""


class ProofPlan(msgspec.Struct, frozen=True):
    """What to prove, and how."""

    faults: tuple[Fault, ...]
    clean: bool
    """Whether the sandbox without faults is checked too; no check may fail there."""
    matrix: bool = False
    """Whether every check runs for every fault, instead of stopping at the first finding."""
    repeats_with: tuple[str, ...] = ()
    """The options that a command needs to prove one of the faults again."""

    def write(self, path: Path) -> None:
        """Write the plan as JSON."""
        path.write_bytes(msgspec.json.encode(self))


def read_plan(path: Path) -> ProofPlan:
    """Read a plan; raises msgspec.ValidationError if the file holds none."""
    return msgspec.json.decode(path.read_bytes(), type=ProofPlan)


def finish(claims: Path, name: str) -> None:
    """Mark a claimed fault as judged: its file is no longer empty."""
    (claims / name).write_text("judged", encoding="ascii")


def finished(claims: Path) -> int:
    """How many faults were judged."""
    return sum(path.stat().st_size > 0 for path in claims.iterdir())
