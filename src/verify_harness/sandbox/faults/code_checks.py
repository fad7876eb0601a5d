"""Faults of codes: right, wrong, used, late, leaked."""

from asyncio import sleep
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from verify_harness.sandbox.exchange import Answer
from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.faults.shorthand import every_twentieth
from verify_harness.sandbox.records import Channel, Verification
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store
from verify_harness.sandbox.wire import Headers, Wire


@fault(
    "right-code-rejected",
    breaks="VFY-CODE-001",
    harm="Nobody can sign in.",
)
def right_code_rejected(rules: Rules) -> Rules:
    def codes_match(_given: str, _code: str) -> bool:
        return False

    return replace(rules, codes_match=codes_match)


@fault(
    "any-code-accepted",
    breaks="VFY-CODE-002",
    harm="Any digits open any account.",
)
def any_code_accepted(rules: Rules) -> Rules:
    def codes_match(given: str, code: str) -> bool:
        return len(given) == len(code)

    return replace(rules, codes_match=codes_match)


@fault(
    "start-of-code-suffices",
    breaks="VFY-CODE-002",
    harm="Four digits of six are a hundred times easier to guess.",
)
def start_of_code_suffices(rules: Rules) -> Rules:
    def codes_match(given: str, code: str) -> bool:
        return len(given) >= 4 and code.startswith(given)

    return replace(rules, codes_match=codes_match)


@fault(
    "rejection-is-400",
    breaks="VFY-CODE-003",
    harm="Clients take a mistyped code for a broken request.",
)
def rejection_is_400(rules: Rules) -> Rules:
    return replace(rules, rejected_status=400)


@fault(
    "check-hides-the-number",
    breaks="VFY-CODE-003",
    harm="A client cannot tell whose code was judged.",
)
def check_hides_the_number(rules: Rules) -> Rules:
    def render_check(verification: Verification, response_code: str) -> dict[str, Any]:
        masked = verification.phone_number[:-4] + "0000"
        return {**rules.render_check(verification, response_code), "phone_number": masked}

    return replace(rules, render_check=render_check)


@fault(
    "code-works-twice",
    breaks="VFY-CODE-004",
    harm="A code read over a shoulder opens the account again.",
)
def code_works_twice(rules: Rules) -> Rules:
    return replace(rules, checkable_statuses=rules.checkable_statuses | {"accepted"})


@fault(
    "late-code-accepted",
    breaks="VFY-CODE-005",
    harm="A code found in an old message still opens the account.",
)
def late_code_accepted(rules: Rules) -> Rules:
    def is_late(_verification: Verification, _now: float) -> bool:
        return False

    return replace(rules, is_late=is_late)


@fault(
    "leading-zeros-ignored",
    breaks="VFY-CODE-007",
    harm="Codes that start with zeros have fewer digits to guess.",
)
def leading_zeros_ignored(rules: Rules) -> Rules:
    def codes_match(given: str, code: str) -> bool:
        return given.lstrip("0") == code.lstrip("0")

    return replace(rules, codes_match=codes_match)


@fault(
    "code-length-ignored",
    breaks="VFY-CODE-008",
    harm="A profile that asks for eight digits sends five.",
)
def code_length_ignored(rules: Rules) -> Rules:
    def code_length(_channel: Channel, _settings: Mapping[str, Any]) -> int:
        return 5

    return replace(rules, code_length=code_length)


@fault(
    "codes-with-letters",
    breaks="VFY-CODE-008",
    harm="A code that is read out in a call, or typed on a number pad, cannot be entered.",
)
def codes_with_letters(rules: Rules) -> Rules:
    def draw_code(random: Random, length: int) -> str:
        return f"{random.randrange(16**length):0{length}x}"

    return replace(rules, draw_code=draw_code)


@fault(
    "code-in-the-answer",
    breaks="VFY-CODE-009",
    harm="Whoever triggers a verification can pass it without the phone.",
)
def code_in_the_answer(rules: Rules) -> Rules:
    def render_verification(verification: Verification, *shown: Any) -> dict[str, Any]:
        rendered = rules.render_verification(verification, *shown)
        return {**rendered, "code": verification.code}

    return replace(rules, render_verification=render_verification)


@fault(
    "code-in-a-header",
    breaks="VFY-CODE-009",
    harm="A debug header gives the code to every proxy on the way.",
)
def code_in_a_header(wire: Wire) -> Wire:
    def more_headers(answer: Answer) -> Headers:
        if answer.verification is None:
            return []
        return [(b"x-debug-code", answer.verification.code.encode())]

    return replace(wire, more_headers=more_headers)


@fault(
    "any-code-of-the-account-opens",
    breaks="VFY-CODE-010",
    harm="A code sent to the attacker's phone opens the victim's account.",
)
def any_code_of_the_account_opens(rules: Rules) -> Rules:
    def codes_for(_verification: Verification, store: Store) -> tuple[str, ...]:
        return tuple(each.code for each in store.records.verifications.values())

    return replace(rules, codes_for=codes_for)


@fault(
    "checks-race",
    breaks="VFY-CODE-004",
    harm="Two checks at the same moment both pass with one code.",
)
def checks_race(store: Store) -> Store:
    async def yielding(doing: str) -> None:
        if doing == "check":
            await sleep(0.01)

    return replace(store, seam=yielding)


@fault(
    "every-twentieth-guess-accepted",
    breaks="VFY-CODE-002",
    harm="Whoever guesses often enough gets in, and no test with one wrong code sees it.",
)
def every_twentieth_guess_accepted(rules: Rules) -> Rules:
    def codes_match(given: str, code: str) -> bool:
        return rules.codes_match(given, code) or is_due()

    is_due = every_twentieth()
    return replace(rules, codes_match=codes_match)


@fault(
    "right-code-rejected-after-a-mistake",
    breaks="VFY-CODE-002",
    harm="A customer who mistyped once can never pass.",
)
def right_code_rejected_after_a_mistake(rules: Rules) -> Rules:
    def codes_for(verification: Verification, store: Store) -> tuple[str, ...]:
        return () if verification.failed_attempts else rules.codes_for(verification, store)

    return replace(rules, codes_for=codes_for)


@fault(
    "whatsapp-code-works-twice",
    breaks="VFY-CODE-004",
    harm="On one channel a code read over a shoulder opens the account again.",
)
def whatsapp_code_works_twice(rules: Rules) -> Rules:
    def is_checkable(verification: Verification, open_statuses: frozenset[str]) -> bool:
        used = verification.channel == "whatsapp" and verification.status == "accepted"
        return used or rules.is_checkable(verification, open_statuses)

    return replace(rules, is_checkable=is_checkable)


@fault(
    "flash-call-code-never-late",
    breaks="VFY-CODE-005",
    harm="The list of missed calls on a lost phone opens the account.",
)
def flash_call_code_never_late(rules: Rules) -> Rules:
    def is_late(verification: Verification, now: float) -> bool:
        return verification.channel != "flashcall" and rules.is_late(verification, now)

    return replace(rules, is_late=is_late)


@fault(
    "leading-zeros-dropped-when-drawn",
    breaks="VFY-CODE-008",
    harm="One code in ten is a digit short, and forms that want five digits refuse it.",
)
def leading_zeros_dropped_when_drawn(rules: Rules) -> Rules:
    def draw_code(random: Random, length: int) -> str:
        return str(int(rules.draw_code(random, length)))

    return replace(rules, draw_code=draw_code)


@fault(
    "code-in-the-answer-of-calls",
    breaks="VFY-CODE-009",
    harm="On one channel whoever triggers a verification can pass it without the phone.",
)
def code_in_the_answer_of_calls(rules: Rules) -> Rules:
    def render_verification(verification: Verification, *shown: Any) -> dict[str, Any]:
        rendered = rules.render_verification(verification, *shown)
        if verification.channel != "call":
            return rendered
        return {**rendered, "custom_code": verification.code}

    return replace(rules, render_verification=render_verification)


@fault(
    "codes-shared-by-profiles-of-a-number",
    breaks="VFY-CODE-010",
    harm="The code of one application opens another one's account of the same person.",
)
def codes_shared_by_profiles_of_a_number(rules: Rules) -> Rules:
    def codes_for(verification: Verification, store: Store) -> tuple[str, ...]:
        same_number = store.records.of_number(verification.phone_number)
        return tuple(each.code for each in same_number if each.status == "pending")

    return replace(rules, codes_for=codes_for)


@fault(
    "flash-call-from-one-number",
    breaks="VFY-CODE-013",
    harm="The phone shows a caller that has nothing to do with the code.",
)
def flash_call_from_one_number(rules: Rules) -> Rules:
    def caller_for(_code: str) -> str:
        return rules.caller_for("00000")

    return replace(rules, caller_for=caller_for)
