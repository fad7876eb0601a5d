"""What is open, late, locked and superseded (facts.md#verification-statuses)."""

from collections.abc import Iterable
from enum import Enum
from typing import Literal

from verify_harness.sandbox.records import Channel, Status, Verification
from verify_harness.sandbox.store import Store

Way = Literal["by_id", "by_number"]

MAX_ATTEMPTS = 5
"""Wrong codes until a verification is locked (facts.md#five-attempts)."""


class Verdict(Enum):
    """What a check found; the dialect decides which word the caller reads."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    LATE = "late"
    LOCKED = "locked"
    CLOSED = "closed"


RESPONSE_CODES = {
    Verdict.ACCEPTED: "accepted",
    Verdict.WRONG: "rejected",
    Verdict.LATE: "rejected",
    Verdict.LOCKED: "rejected",
    Verdict.CLOSED: "rejected",
}
"""Two words only (facts.md#check-answer)."""

OBSERVED_RESPONSE_CODES = RESPONSE_CODES | {
    Verdict.LATE: "expired",
    Verdict.LOCKED: "max_attempts_exceeded",
}
"""Four words (facts.md#c3)."""


def is_late(verification: Verification, now: float) -> bool:
    """Whether the time of a verification is over."""
    return now >= verification.expires_at


def is_open(verification: Verification, now: float) -> bool:
    """Whether a verification has not ended, by a check or by its time."""
    return verification.status == "pending" and now < verification.expires_at


def shown_status(verification: Verification, now: float) -> Status:
    """The status a reader sees; it turns to `expired` by itself."""
    if verification.status == "pending" and now >= verification.expires_at:
        return "expired"
    return verification.status


def shown_type(verification: Verification) -> Channel:
    """The channel of the path it was triggered on."""
    return verification.channel


def status_after_wrong_code(failed_attempts: int) -> Status:
    """Pending until the last attempt is used up."""
    return "invalid" if failed_attempts >= MAX_ATTEMPTS else "pending"


def superseded_by(trigger: Verification, store: Store) -> Iterable[Verification]:
    """The pending verifications that a new one of the same number and profile ends (our choice)."""
    for earlier in store.records.newest_first(trigger.phone_number):
        if earlier.profile_id == trigger.profile_id:
            # Only the newest of a number and profile can still be pending.
            return (earlier,) if is_open(earlier, trigger.created_at) else ()
    return ()


def judged_by_number(store: Store, number: str, profile_id: str) -> Verification | None:
    """The newest pending verification of a number and profile, or else the newest."""
    newest = None
    for records in store.writable:
        for verification in records.newest_first(number):
            if verification.profile_id != profile_id:
                continue
            if verification.status == "pending":
                return verification
            newest = newest or verification
    return newest


def is_checkable(verification: Verification, open_statuses: frozenset[str]) -> bool:
    """Whether a code is compared at all."""
    return verification.status in open_statuses


def count_wrong_code(verification: Verification, _way: Way) -> int:
    """How many attempts are used up: one count, however a code is checked."""
    verification.failed_attempts += 1
    return verification.failed_attempts


def outcome_may_be_set(verification: Verification) -> bool:
    """Whether the caller may say how it ended: with an own code (facts.md#caller-verdict)."""
    return verification.custom_code is not None
