"""Proof, inside one worker process: the suite against tenants that have one fault each.

The checks are collected once and run again for every fault, so that a proof costs as little as the
checks it needs. Workers share the list of faults through a folder of claims.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from _pytest.runner import runtestprotocol

from verify_harness.contract import marks
from verify_harness.contract.check import Check
from verify_harness.contract.prover import Work
from verify_harness.contract.session import Session
from verify_harness.journal.embedded import Fault
from verify_harness.journal.records import Exchange, FaultJudged

CLEAN = "no-fault"
"""The first piece of work: the whole suite without any fault, which has to be silent."""


@dataclass
class Proof:
    """What is known about one fault so far."""

    fault: Fault
    by: list[str]
    checks: int = 0
    requests: int = 0
    message: str | None = None
    check: str | None = None
    exchange: Exchange | None = None

    @property
    def caught(self) -> bool:
        """Whether any check was alarmed."""
        return bool(self.by)

    def _intends(self, check: Check) -> bool:
        return bool(check.found[0].requirement == self.fault.breaks)

    def learn(self, check: Check) -> None:
        """Add what one check found; a blocked check points at its cause."""
        self.checks += 1
        self.requests += check.requests
        for finding in check.found:
            cause = finding.blocked_by or finding.requirement
            if cause not in self.by:
                self.by.append(cause)
        if check.found and (self.message is None or self._intends(check)):
            self.message = check.found[0].message
            self.check = check.id
            self.exchange = check.found[0].exchange


class ProofSession(Session):
    """A session that runs its checks once for each fault it can claim."""

    def __init__(self, config: pytest.Config) -> None:
        super().__init__(config)
        plan = msgspec.json.decode(Path(config.getoption("--prove")).read_bytes(), type=Work)
        self._work, self._matrix = plan.faults, plan.matrix
        self._claims, self._clean_first = Path(plan.claims), plan.clean

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Prove as long as there are unclaimed faults."""
        items = [item for item in session.items if marks.of(item) is not None]
        if self._clean_first and self._claim(CLEAN):
            for item in items:
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        for fault in self._work:
            if self._claim(fault.id):
                self._prove(fault, items)
        return True

    def _claim(self, name: str) -> bool:
        """Whether this process, and no other, takes a piece of work."""
        try:
            os.close(os.open(self._claims / name, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        return True

    def _prove(self, fault: Fault, items: list[pytest.Item]) -> None:
        started = time.monotonic()
        proof = Proof(fault, [])
        for item, intended in _intended_first(items, fault.breaks):
            if proof.caught and not intended and not self._matrix:
                break
            proof.learn(self._run(item, fault))
            if fault.breaks in proof.by and not self._matrix:
                break
        self._write(proof, time.monotonic() - started)

    def _run(self, item: pytest.Item, fault: Fault) -> Check:
        """One check against tenants with one fault; nothing of it is journalled by itself."""
        stop_at = None if self._matrix else fault.breaks
        with self.conduct(item, faults=(fault.id,), journal=None, stop_at=stop_at) as check:
            runtestprotocol(item, nextitem=None, log=False)
        return check

    def _write(self, proof: Proof, seconds: float) -> None:
        if self.journal is None:
            return
        self.journal.write(
            FaultJudged(
                fault=proof.fault,
                caught=proof.caught,
                by=tuple(proof.by),
                matrix=self._matrix,
                checks=proof.checks,
                requests=proof.requests,
                seconds=round(seconds, 3),
                message=proof.message,
                check=proof.check or "",
                exchange=proof.exchange,
                replay=f"verify-harness prove --fault {proof.fault.id} --seed {self.run_seed}",
            )
        )


def _intended_first(
    items: list[pytest.Item], requirement: str
) -> Iterator[tuple[pytest.Item, bool]]:
    """Each check, and whether it is meant to catch a break of that requirement.

    Those that are come first, the ones about nothing else before the broad ones.
    """
    bindings = [(item, marks.of(item)) for item in items]
    ranked = [(item, binding.ids) for item, binding in bindings if binding is not None]
    ranked.sort(key=lambda entry: (requirement not in entry[1], len(entry[1])))
    for item, ids in ranked:
        yield item, requirement in ids
