"""One worker of a proof: runs the checks against tenants that have one fault each.

The checks are collected once and run again for every fault, so a fault costs no more than the
checks that find it. Workers divide the faults by creating files in a common folder.
"""

import os
import shlex
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from verify_harness.contract.binding import binding_of
from verify_harness.contract.context import CheckContext
from verify_harness.contract.session import Session
from verify_harness.journal.embedded import Fault
from verify_harness.journal.records import Exchange, FaultJudged
from verify_harness.proof.plan import CLAIMS, finish, read_plan

CLEAN = "no-fault"
"""The first claim: the whole suite without any fault, where no check may fail."""


@dataclass
class Proof:
    """What the checks found about one fault so far."""

    fault: Fault
    by: list[str] = field(default_factory=list)
    """The requirements that were found broken, the first one first."""
    checks: int = 0
    requests: int = 0
    message: str | None = None
    check: str | None = None
    exchange: Exchange | None = None

    def add(self, check: CheckContext) -> None:
        """Add what one check found; a blocked check counts for the requirement that blocks it."""
        reported = check.findings.reported
        self.checks += 1
        self.requests += check.requests
        for finding in reported:
            cause = finding.blocked_by or finding.requirement
            if cause not in self.by:
                self.by.append(cause)
        if reported and (self.message is None or reported[0].requirement == self.fault.breaks):
            self.message = reported[0].message
            self.check = check.id
            self.exchange = reported[0].exchange


class ProofSession(Session):
    """A session that runs its checks once for each fault that it claims."""

    def __init__(self, config: pytest.Config) -> None:
        super().__init__(config)
        path = Path(config.getoption("--prove"))
        self._plan = read_plan(path)
        self._claims = path.parent / CLAIMS

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Prove faults until none is left to claim."""
        items = [item for item in session.items if binding_of(item) is not None]
        if self._plan.clean and self._claim(CLEAN):
            for item in items:
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        for fault in self._plan.faults:
            if self._claim(fault.id):
                self._prove(fault, items)
                finish(self._claims, fault.id)
        return True

    def _claim(self, name: str) -> bool:
        """Whether this process is the first to claim a piece of work."""
        try:
            os.close(os.open(self._claims / name, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        return True

    def _prove(self, fault: Fault, items: Sequence[pytest.Item]) -> None:
        started = time.monotonic()
        proof, matrix = Proof(fault), self._plan.matrix
        for item, intended in _intended_first(items, fault.breaks):
            if proof.by and not intended and not matrix:
                break
            proof.add(self._run(item, fault))
            if fault.breaks in proof.by and not matrix:
                break
        self._write(proof, time.monotonic() - started)

    def _run(self, item: pytest.Item, fault: Fault) -> CheckContext:
        """Run one check against tenants with one fault, without journalling its exchanges."""
        stop_at = None if self._plan.matrix else fault.breaks
        with self.conduct(item, faults=(fault.id,), journal=None, stop_at=stop_at) as check:
            runtestprotocol(item, nextitem=None, log=False)
        return check

    def _write(self, proof: Proof, seconds: float) -> None:
        if self.journal is None:
            return
        self.journal.write(
            FaultJudged(
                fault=proof.fault,
                caught=bool(proof.by),
                by=tuple(proof.by),
                matrix=self._plan.matrix,
                checks=proof.checks,
                requests=proof.requests,
                seconds=round(seconds, 3),
                message=proof.message,
                check=proof.check or "",
                exchange=proof.exchange,
                replay=self._again(proof.fault),
            )
        )

    def _again(self, fault: Fault) -> str:
        """The command that proves the fault once more."""
        words = ["prove", "--fault", fault.id, "--seed", str(self.task.seed)]
        return shlex.join(["verify-harness", *words, *self._plan.repeats_with])


def _intended_first(
    items: Sequence[pytest.Item], requirement: str
) -> Iterator[tuple[pytest.Item, bool]]:
    """Each check, and whether it is bound to that requirement.

    Bound checks come first, those with the fewest other requirements before the rest.
    """
    bindings = [(item, binding_of(item)) for item in items]
    ranked = [(item, binding.ids) for item, binding in bindings if binding is not None]
    ranked.sort(key=lambda entry: (requirement not in entry[1], len(entry[1])))
    for item, ids in ranked:
        yield item, requirement in ids
