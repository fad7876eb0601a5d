"""One verification as the facts describe it: its statuses, its attempts and its time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

MAX_ATTEMPTS = 5
"""Wrong codes that end a verification (facts.md#five-attempts)."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What the model knows of one verification; times are seconds on the caller's clock."""

    code: str
    triggered_at_secs: float
    timeout_secs: float
    status: str = "pending"
    failed_attempts: int = 0

    def at(self, now_secs: float) -> "Verification":
        """The same verification at a later time: past its validity, a pending one is expired."""
        over = now_secs >= self.triggered_at_secs + self.timeout_secs
        return replace(self, status="expired") if over and self.status == "pending" else self


@dataclass(frozen=True, slots=True)
class Expected:
    """The acceptable values of one field of an answer's `data`, and the requirement behind them."""

    field: str
    values: frozenset[str]
    requirement_id: str

    def allows(self, data: Mapping[str, Any]) -> bool:
        """Whether the field is there with one of the values."""
        return data.get(self.field) in self.values


REFUSED = frozenset({"rejected", "expired", "max_attempts_exceeded"})
"""What may stand for "not verified" (conflicts C3 and C26)."""
REFUSED_BECAUSE = {
    "pending": "VFY-CODE-002",
    "accepted": "VFY-CODE-004",
    "expired": "VFY-CODE-005",
    "invalid": "VFY-CODE-006",
}
STATUS_BECAUSE = {
    "accepted": "VFY-LIFE-002",
    "expired": "VFY-LIFE-003",
    "pending": "VFY-LIFE-004",
    "invalid": "VFY-LIFE-006",
}


def checked(
    verification: Verification, code: str, now_secs: float
) -> tuple[Verification, Expected]:
    """The verification after a code was checked, and what the answer has to say."""
    before = verification.at(now_secs)
    if before.status != "pending":
        return before, Expected("response_code", REFUSED, REFUSED_BECAUSE[before.status])
    if code == before.code:
        accepted = Expected("response_code", frozenset({"accepted"}), "VFY-CODE-001")
        return replace(before, status="accepted"), accepted
    failed = before.failed_attempts + 1
    status = "invalid" if failed >= MAX_ATTEMPTS else "pending"
    after = replace(before, failed_attempts=failed, status=status)
    return after, Expected("response_code", REFUSED, "VFY-CODE-002")


def read(verification: Verification, now_secs: float) -> Expected:
    """What a read of the verification has to say about its status.

    One that was never checked is pending because it was triggered so (VFY-LIFE-001).
    """
    now = verification.at(now_secs)
    untouched = now.status == "pending" and now.failed_attempts == 0
    reason = "VFY-LIFE-001" if untouched else STATUS_BECAUSE[now.status]
    return Expected("status", frozenset({now.status}), reason)
