"""Faults of the life cycle: what a verification is, becomes and ends as."""

from collections.abc import Iterable
from dataclasses import replace

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.records import Channel, Status, Verification
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store


def _showing(rules: Rules, hidden: Status, instead: Status) -> Rules:
    def shown_status(verification: Verification, now: float) -> Status:
        status = rules.shown_status(verification, now)
        return instead if status == hidden else status

    return replace(rules, shown_status=shown_status)


@fault(
    "call-reads-as-sms",
    breaks="VFY-LIFE-001",
    harm="Bills and statistics count calls as messages.",
)
def call_reads_as_sms(rules: Rules) -> Rules:
    def shown_type(verification: Verification) -> Channel:
        return "sms" if verification.channel == "call" else verification.channel

    return replace(rules, shown_type=shown_type)


@fault(
    "accepted-stays-pending",
    breaks="VFY-LIFE-002",
    harm="A back end that reads the status locks out a customer who typed the right code.",
)
def accepted_stays_pending(rules: Rules) -> Rules:
    return _showing(rules, "accepted", "pending")


@fault(
    "expired-reads-pending",
    breaks="VFY-LIFE-003",
    harm="An application waits for a code that can no longer be right.",
)
def expired_reads_pending(rules: Rules) -> Rules:
    def shown_status(verification: Verification, _now: float) -> Status:
        return verification.status

    return replace(rules, shown_status=shown_status)


@fault(
    "one-mistake-locks",
    breaks="VFY-LIFE-004",
    harm="One wrong digit costs the customer a new message.",
)
def one_mistake_locks(rules: Rules) -> Rules:
    def status_after_wrong_code(_failed_attempts: int) -> Status:
        return "invalid"

    return replace(rules, status_after_wrong_code=status_after_wrong_code)


@fault(
    "second-trigger-leaves-the-first",
    breaks="VFY-LIFE-005",
    harm="Every message ever sent is a valid code at the same time.",
)
def second_trigger_leaves_the_first(rules: Rules) -> Rules:
    def superseded_by(_trigger: Verification, _store: Store) -> Iterable[Verification]:
        return ()

    return replace(rules, superseded_by=superseded_by)


@fault(
    "by-number-judges-the-oldest",
    breaks="VFY-LIFE-005",
    harm="A customer who asked for a second message can never pass.",
)
def by_number_judges_the_oldest(rules: Rules) -> Rules:
    def judged_by_number(store: Store, number: str, profile_id: str) -> Verification | None:
        found = (each for each in store.records.of_number(number) if each.profile_id == profile_id)
        return next(iter(found), None)

    return replace(rules, judged_by_number=judged_by_number)


@fault(
    "locked-reads-pending",
    breaks="VFY-LIFE-006",
    harm="An attack by guessing cannot be seen from the statuses.",
)
def locked_reads_pending(rules: Rules) -> Rules:
    return _showing(rules, "invalid", "pending")


@fault(
    "outcome-set-for-any-code",
    breaks="VFY-LIFE-007",
    harm="A client passes a verification without knowing the code.",
)
def outcome_set_for_any_code(rules: Rules) -> Rules:
    def outcome_may_be_set(_verification: Verification) -> bool:
        return True

    return replace(rules, outcome_may_be_set=outcome_may_be_set)


@fault(
    "resend-keeps-the-old-code-alive",
    breaks="VFY-LIFE-005",
    harm="After a second message the code of the first still opens the account.",
)
def resend_keeps_the_old_code_alive(rules: Rules) -> Rules:
    def codes_for(verification: Verification, store: Store) -> tuple[str, ...]:
        same = store.records.of_number(verification.phone_number)
        return tuple(each.code for each in same if each.profile_id == verification.profile_id)

    return replace(rules, codes_for=codes_for)


@fault(
    "third-trigger-leaves-the-second",
    breaks="VFY-LIFE-005",
    harm="Whoever asks for a third message has two codes that work.",
)
def third_trigger_leaves_the_second(rules: Rules) -> Rules:
    def superseded_by(trigger: Verification, store: Store) -> Iterable[Verification]:
        earlier = sum(1 for _ in store.records.of_number(trigger.phone_number))
        return rules.superseded_by(trigger, store) if earlier < 2 else ()

    return replace(rules, superseded_by=superseded_by)


@fault(
    "reading-spends-an-attempt",
    breaks="VFY-LIFE-008",
    harm="An application that polls the status locks its customer out.",
)
def reading_spends_an_attempt(rules: Rules) -> Rules:
    def shown_status(verification: Verification, now: float) -> Status:
        verification.failed_attempts += now > verification.created_at
        return rules.shown_status(verification, now)

    return replace(rules, shown_status=shown_status)


@fault(
    "reading-prolongs-a-code",
    breaks="VFY-LIFE-008",
    harm="A code never gets late while somebody watches it.",
)
def reading_prolongs_a_code(rules: Rules) -> Rules:
    def shown_status(verification: Verification, now: float) -> Status:
        if not rules.is_late(verification, now):
            verification.expires_at = now + verification.timeout_secs
        return rules.shown_status(verification, now)

    return replace(rules, shown_status=shown_status)


@fault(
    "reading-counts-as-an-update",
    breaks="VFY-LIFE-008",
    harm="A copy that is kept in step by updated_at is copied anew at every look.",
)
def reading_counts_as_an_update(rules: Rules) -> Rules:
    def shown_status(verification: Verification, now: float) -> Status:
        verification.updated_at = now
        return rules.shown_status(verification, now)

    return replace(rules, shown_status=shown_status)
