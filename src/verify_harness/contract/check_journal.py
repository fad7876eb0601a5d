"""The journal records of one check, written here and nowhere else in this package."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from verify_harness.exchange import Exchange, as_json
from verify_harness.journal import Journal
from verify_harness.redact import Redactor


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken requirement, with the redacted exchange that shows it."""

    requirement: str
    message: str
    blocked_by: str | None
    exchange: Mapping[str, Any] | None


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
        self.redactor = Redactor(secrets)

    def started(
        self, requirements: Iterable[str], operations: Iterable[str] = (), title: str = ""
    ) -> None:
        """Record what the check is about."""
        self._write(
            "check-started",
            requirements=list(requirements),
            operations=list(operations),
            title=title or self._check_id,
        )

    def exchange(self, exchange: Exchange) -> Exchange:
        """Record an exchange; returns it with its sequence number."""
        return replace(exchange, sequence=self._write("exchange", **as_json(exchange)))

    def finding(self, finding: Finding, *, severity: str, exchange: Exchange | None) -> None:
        """Record a finding; it refers to its exchange by sequence number."""
        self._write(
            "finding",
            requirement=finding.requirement,
            severity=severity,
            message=finding.message,
            exchange=exchange.sequence if exchange else None,
            blocked_by=finding.blocked_by,
        )

    def observation(self, key: str, value: str, operation_id: str | None) -> None:
        """Record which side of a documented conflict the target takes."""
        self._write("observation", key=key, value=value, operation_id=operation_id)

    def finished(
        self,
        status: str,
        reason: str | None,
        duration_s: float,
        *,
        complete: bool = False,
        requests_sha256: str | None = None,
    ) -> None:
        """Record how the check ended; `complete` if it judged all of its requirements."""
        self._write(
            "check-finished",
            status=status,
            reason=reason,
            complete=complete,
            duration_s=duration_s,
            requests_sha256=requests_sha256,
        )

    def left_behind(self, error: Exception) -> None:
        """Note that clean-up failed; the note belongs to the run, not to the check."""
        if self._journal is not None:
            self._journal.write("note", message=f"{self._check_id} left something behind: {error}")

    def _write(self, kind: str, **fields: Any) -> int:
        self._sequence += 1
        if self._journal is not None:
            stamp = {"check": self._check_id, "seq": self._sequence}
            self._journal.write(kind, redactor=self.redactor, **stamp, **fields)
        return self._sequence
