"""Faults of endings: what a verification must not become once it has ended, and what it keeps."""

from dataclasses import replace
from typing import Any

from verify_harness.sandbox.clock import timestamp
from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.faults.shorthand import edit_verification, with_check
from verify_harness.sandbox.records import Status, Verification
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store
from verify_harness.sandbox.validation import Field, one_of


@fault(
    "wrong-codes-undo-acceptance",
    breaks="VFY-LIFE-009",
    harm="Anybody can take away what a customer has proved.",
)
def wrong_codes_undo_acceptance(rules: Rules) -> Rules:
    def codes_for(verification: Verification, store: Store) -> tuple[str, ...]:
        used = verification.status == "accepted"
        return () if used else rules.codes_for(verification, store)

    open_statuses = rules.checkable_statuses | {"accepted"}
    return replace(rules, codes_for=codes_for, checkable_statuses=open_statuses)


@fault(
    "verdict-revives-what-was-locked",
    breaks="VFY-LIFE-009",
    harm="A verification that was guessed at too often counts as passed.",
)
def verdict_revives_what_was_locked(rules: Rules) -> Rules:
    def codes_for(verification: Verification, store: Store) -> tuple[str, ...]:
        locked = verification.status == "invalid"
        return () if locked else rules.codes_for(verification, store)

    open_statuses = rules.checkable_statuses | {"invalid"}
    return replace(rules, codes_for=codes_for, checkable_statuses=open_statuses)


@fault(
    "verdict-rejected-is-refused",
    breaks="VFY-LIFE-010",
    harm="A back end that saw a fraud cannot end the verification.",
)
def verdict_rejected_is_refused(rules: Rules) -> Rules:
    return with_check(rules, "status", one_of("accepted"))


@fault(
    "verdict-beside-a-code-counts",
    breaks="VFY-LIFE-011",
    harm="A wrong code with a verdict beside it passes.",
)
def verdict_beside_a_code_counts(rules: Rules) -> Rules:
    def declared(body: dict[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
        kept = rules.declared(body, fields)
        if kept.keys() == {"code", "status"}:
            del kept["code"]
        return kept

    return replace(rules, declared=declared)


@fault(
    "acceptance-moves-created-at",
    breaks="VFY-LIFE-012",
    harm="Nobody can tell how long a customer took.",
)
def acceptance_moves_created_at(rules: Rules) -> Rules:
    def edit(shown: dict[str, Any]) -> None:
        if shown["status"] == "accepted":
            shown["created_at"] = shown["updated_at"]

    return edit_verification(rules, edit)


@fault(
    "verification-dated-ahead",
    breaks="VFY-LIFE-012",
    harm="Records sort as if they had been made after they were changed.",
)
def verification_dated_ahead(rules: Rules) -> Rules:
    def render_verification(verification: Verification, *shown: Any) -> dict[str, Any]:
        ahead = timestamp(verification.created_at + 60)
        return {**rules.render_verification(verification, *shown), "created_at": ahead}

    return replace(rules, render_verification=render_verification)


@fault(
    "ended-verification-forgets-its-code",
    breaks="VFY-LIFE-012",
    harm="A caller cannot tell afterwards which of its codes was used.",
)
def ended_verification_forgets_its_code(rules: Rules) -> Rules:
    def edit(shown: dict[str, Any]) -> None:
        if shown["status"] != "pending":
            shown["custom_code"] = None

    return edit_verification(rules, edit)


@fault(
    "wrong-code-reads-accepted",
    breaks="VFY-LIFE-004",
    harm="A back end that reads the status lets anybody in after one wrong code.",
)
def wrong_code_reads_accepted(rules: Rules) -> Rules:
    def shown_status(verification: Verification, now: float) -> Status:
        wrong = verification.failed_attempts > 0
        return "accepted" if wrong else rules.shown_status(verification, now)

    return replace(rules, shown_status=shown_status)


@fault(
    "accepted-reads-approved",
    breaks="VFY-LIFE-002",
    harm="A back end that waits for the documented word locks every customer out.",
)
def accepted_reads_approved(rules: Rules) -> Rules:
    def edit(shown: dict[str, Any]) -> None:
        if shown["status"] == "accepted":
            shown["status"] = "approved"

    return edit_verification(rules, edit)


@fault(
    "codes-live-three-seconds-longer",
    breaks="VFY-CODE-005",
    harm="The countdown says that a code is over, and it is not.",
)
def codes_live_three_seconds_longer(rules: Rules) -> Rules:
    def is_late(verification: Verification, now: float) -> bool:
        return rules.is_late(verification, now - 3)

    return replace(rules, is_late=is_late)
