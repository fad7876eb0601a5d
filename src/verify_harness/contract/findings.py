"""What one check found, and how it ended."""

from typing import Literal

from verify_harness.catalogue import Catalogue
from verify_harness.contract.check_exceptions import FaultCaught
from verify_harness.contract.check_journal import CheckJournal, Finding
from verify_harness.exchange import Exchange
from verify_harness.journal import redacted
from verify_harness.journal.records import Outcome
from verify_harness.targets import Target


class Findings:
    """The findings and the status of one check.

    `last_exchange` is the evidence for the next finding. `stop_at` is set in proofs: the
    requirement whose first finding ends the check.
    """

    def __init__(
        self,
        journal: CheckJournal,
        catalogue: Catalogue,
        target: Target,
        *,
        stop_at: str | None = None,
    ) -> None:
        self.reported: list[Finding] = []
        self.last_exchange: Exchange | None = None
        self.complete = False
        self._journal = journal
        self._catalogue = catalogue
        self._target = target
        self._stop_at = stop_at
        self._conclusion: tuple[Outcome, str | None] = ("pass", None)
        self._doubt: str | None = None
        self._kinds: set[tuple[str, str]] = set()
        self._observed: set[tuple[str, str, str | None]] = set()
        self._reached: dict[str, bool] = {}

    def report(
        self,
        requirement: str,
        message: str,
        *,
        blocked_by: str | None = None,
        exchange: Exchange | None = None,
    ) -> None:
        """Record that a requirement is broken; the check continues.

        The evidence is the last exchange unless another one is given. A requirement of basis
        `chosen` is only observed on targets that do not announce it.
        """
        entry = self._catalogue[requirement]
        if entry.basis == "chosen" and "chosen" not in self._target.announces:
            self.observe(requirement, message)
            return
        exchange = exchange or self.last_exchange
        shown = None
        if exchange is not None and exchange.is_from_intermediary:
            message = f"{message}; the answer is a page of HTML, as proxies and firewalls send it"
        if exchange is not None:
            shown = redacted(self._journal.recorded(exchange), self._journal.redactor)
        finding = Finding(requirement, message, blocked_by, shown)
        self.reported.append(finding)
        self._journal.finding(finding, severity=entry.severity, exchange=exchange)

    def report_once(self, requirement: str, message: str) -> None:
        """Report a finding of a generated request unless the check has one of its kind.

        The kind is the requirement and the message up to its first colon. Raises FaultCaught at
        the requirement that a proof looks for.
        """
        kind = (requirement, message.partition(":")[0])
        if kind in self._kinds:
            return
        self._kinds.add(kind)
        self.report(requirement, message)
        if requirement == self._stop_at:
            raise FaultCaught(requirement)

    def observe(self, key: str, value: str, operation_id: str | None = None) -> None:
        """Record which side of a documented conflict the target takes, once a check."""
        if (key, value, operation_id) in self._observed:
            return
        self._observed.add((key, value, operation_id))
        self._journal.observation(key, value, operation_id)

    def reached(self, operation_id: str, exchange: Exchange) -> None:
        """Count an operation as reached once one of its generated requests got a 2xx."""
        self._reached[operation_id] = self._reached.get(operation_id, False) or exchange.succeeded

    def settle(self) -> None:
        """Judge what only the completed check can show: each operation answered 2xx once."""
        for operation_id, reached in self._reached.items():
            if not reached:
                self.report("VFY-SPEC-007", f"{operation_id} never answered 2xx")
        self.complete = True

    def conclude(self, status: Literal["skip", "error"], reason: str) -> None:
        """Set the status for a check without findings; the first one stays, an error wins."""
        if self._conclusion[0] == "pass" or status == "error":
            self._conclusion = (status, reason)

    def doubt(self, reason: str) -> None:
        """Take what was found for chance: the check ends as flaky."""
        self._doubt = reason

    def finish(
        self, duration_s: float, requests_sha256: str | None, judged_by_model: int = 0
    ) -> None:
        """Write the result to the journal: findings outweigh an error, an error a skip."""
        status, reason = self._conclusion
        if self.reported:
            status = "flaky" if self._doubt else "fail"
        self._journal.finished(
            status,
            self._doubt or reason,
            duration_s,
            complete=self.complete,
            requests_sha256=requests_sha256,
            judged_by_model=judged_by_model,
        )
