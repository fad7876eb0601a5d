"""The journal records of one check, written here and nowhere else in this package."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from verify_harness.exchange import Exchange
from verify_harness.journal import Journal, records
from verify_harness.safety.code_relations import related
from verify_harness.safety.redaction import Redactor


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken requirement, with the redacted exchange that shows it."""

    requirement: str
    message: str
    blocked_by: str | None
    exchange: records.Exchange | None


class CheckJournal:
    """Writes records with the check's id and a sequence number.

    Secrets are redacted by value: `secrets` maps each to its replacement. Without a journal
    nothing is written.
    """

    def __init__(
        self, journal: Journal | None, check_id: str, secrets: Mapping[str, str] | None = None
    ) -> None:
        self._journal = journal
        self._check_id = check_id
        self._sequence = 0
        self.unkept: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """Without a journal: how often each operation was answered with each status."""
        self.redactor = Redactor(secrets)

    def started(
        self, requirements: Iterable[str], operations: Iterable[str] = (), title: str = ""
    ) -> None:
        """Record what the check is about."""
        self._write(
            records.CheckStarted(
                **self._stamp(),
                requirements=tuple(requirements),
                operations=tuple(operations),
                title=title or self._check_id,
            )
        )

    def exchange(self, exchange: Exchange) -> Exchange:
        """Record an exchange; returns it with its sequence number."""
        exchange = replace(exchange, sequence=self._next())
        if self._journal is None:
            self.unkept[exchange.operation_id or ""][str(exchange.status or "none")] += 1
        else:
            self._write(self.recorded(exchange))
        return exchange

    def counted(self, other: "CheckJournal") -> None:
        """Record how many exchanges another journal of this check got and did not keep."""
        if other.unkept:
            statuses = {name: dict(counts) for name, counts in other.unkept.items()}
            self._write(records.ExchangesCounted(**self._stamp(), statuses=statuses))

    def recorded(self, exchange: Exchange) -> records.Exchange:
        """The record of an exchange with its sequence number; only long bodies are redacted."""
        return records.Exchange.of(exchange, self._check_id, self.redactor.text)

    def finding(
        self, finding: Finding, *, severity: Literal["fail", "warn"], exchange: Exchange | None
    ) -> None:
        """Record a finding; it refers to its exchange by sequence number."""
        self._write(
            records.Finding(
                **self._stamp(),
                requirement=finding.requirement,
                severity=severity,
                message=finding.message,
                exchange_seq=exchange.sequence if exchange else None,
                blocked_by=finding.blocked_by,
                codes=related(self.redactor.codes),
            )
        )

    def lever_used(self, done: str, advance_secs: float | None) -> None:
        """Record what was changed about the target."""
        self._write(records.LeverUsed(**self._stamp(), done=done, advance_secs=advance_secs))

    def observation(self, key: str, value: str, operation_id: str | None) -> None:
        """Record which side of a documented conflict the target takes."""
        self._write(
            records.Observation(**self._stamp(), key=key, value=value, operation_id=operation_id)
        )

    def finished(
        self,
        status: records.Outcome,
        reason: str | None,
        duration_s: float,
        *,
        complete: bool = False,
        requests_sha256: str | None = None,
        judged_by_model: int = 0,
    ) -> None:
        """Record how the check ended; `complete` if it judged all of its requirements."""
        self._write(
            records.CheckFinished(
                **self._stamp(),
                status=status,
                reason=reason,
                complete=complete,
                duration_s=duration_s,
                requests_sha256=requests_sha256,
                judged_by_model=judged_by_model,
            )
        )

    def left_behind(self, error: Exception) -> None:
        """Note that clean-up failed; the note belongs to the run, not to the check."""
        self._write(records.Note(message=f"{self._check_id} left something behind: {error}"))

    def _stamp(self) -> dict[str, Any]:
        return {"check": self._check_id, "seq": self._next()}

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence

    def _write(self, record: records.AnyRecord) -> None:
        if self._journal is not None:
            self._journal.write(record, redactor=self.redactor)
