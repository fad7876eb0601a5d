"""Faults of input rules that hold on some channels, or in one way of checking, and not in all."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from verify_harness import phone_numbers
from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.faults.shorthand import with_check_in
from verify_harness.sandbox.records import Verification
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store
from verify_harness.sandbox.validation import Field, integer, nullable, text


def _as_e164(number: str) -> str:
    return f"+{re.sub('[^0-9]', '', number)}"


@fault(
    "whatsapp-mends-numbers",
    breaks="VFY-NUM-001",
    harm="On one channel a slip in a number sends the code to a stranger.",
)
def whatsapp_mends_numbers(rules: Rules) -> Rules:
    def check(value: Any) -> str | None:
        mended = _as_e164(value) if isinstance(value, str) else ""
        return None if phone_numbers.E164.fullmatch(mended) else "10016"

    def is_callable(number: str) -> bool:
        return rules.is_callable(_as_e164(number))

    return replace(with_check_in(rules, "whatsapp", "phone_number", check), is_callable=is_callable)


@fault(
    "flash-calls-trim-numbers",
    breaks="VFY-NUM-001",
    harm="What a filter in front judged is not the number that is called.",
)
def flash_calls_trim_numbers(rules: Rules) -> Rules:
    def check(value: Any) -> str | None:
        found = isinstance(value, str) and phone_numbers.E164.fullmatch(value.strip())
        return None if found else "10016"

    def is_callable(number: str) -> bool:
        return rules.is_callable(number.strip())

    return replace(
        with_check_in(rules, "flashcall", "phone_number", check), is_callable=is_callable
    )


@fault(
    "flash-calls-live-for-a-day",
    breaks="VFY-TRIG-007",
    harm="On one channel a code works for as long as somebody asks for.",
)
def flash_calls_live_for_a_day(rules: Rules) -> Rules:
    return with_check_in(rules, "flashcall", "timeout_secs", integer(1, 86_400))


@fault(
    "whatsapp-takes-long-own-codes",
    breaks="VFY-CODE-012",
    harm="On one channel a code is sent that no field has room for.",
)
def whatsapp_takes_long_own_codes(rules: Rules) -> Rules:
    check = nullable(text(4, 20, "[0-9]{4,20}"))
    return with_check_in(rules, "whatsapp", "custom_code", check)


@fault(
    "calls-take-own-codes-with-letters",
    breaks="VFY-CODE-012",
    harm="A voice reads out what no keypad has.",
)
def calls_take_own_codes_with_letters(rules: Rules) -> Rules:
    return with_check_in(rules, "call", "custom_code", nullable(text(4, 10, "[0-9a-z]{4,10}")))


@fault(
    "flash-call-takes-an-own-code",
    breaks="VFY-TRIG-011",
    harm="The phone shows digits that open nothing.",
)
def flash_call_takes_an_own_code(rules: Rules) -> Rules:
    (own,) = (field for field in rules.fields["sms"] if field.name == "custom_code")
    return replace(rules, fields={**rules.fields, "flashcall": (*rules.fields["flashcall"], own)})


@fault(
    "extension-dialled-on-flash-calls",
    breaks="VFY-TRIG-011",
    harm="A call that should ring once is answered by a switchboard.",
)
def extension_dialled_on_flash_calls(rules: Rules) -> Rules:
    (keys,) = (field for field in rules.fields["call"] if field.name == "extension")
    return replace(rules, fields={**rules.fields, "flashcall": (*rules.fields["flashcall"], keys)})


@fault(
    "whatsapp-takes-any-profile-id",
    breaks="VFY-TRIG-004",
    harm="A damaged id sends with somebody's settings.",
)
def whatsapp_takes_any_profile_id(rules: Rules) -> Rules:
    def declared(body: dict[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
        kept = rules.declared(body, fields)
        if fields is lenient:
            kept["verify_profile_id"] = kept["verify_profile_id"].strip()[:36]
        return kept

    changed = with_check_in(rules, "whatsapp", "verify_profile_id", text(36, 40))
    lenient = changed.fields["whatsapp"]
    return replace(changed, declared=declared)


@fault(
    "any-profile-checks-by-number",
    breaks="VFY-CODE-018",
    harm="One application's codes are judged for another.",
)
def any_profile_checks_by_number(rules: Rules) -> Rules:
    def judged_by_number(store: Store, number: str, profile_id: str) -> Verification | None:
        found = rules.judged_by_number(store, number, profile_id)
        return found or next(iter(store.records.newest_first(number)), None)

    return replace(rules, judged_by_number=judged_by_number)


@fault(
    "cut-profile-id-checks-by-number",
    breaks="VFY-CODE-018",
    harm="What names a profile in the log is not what was looked up.",
)
def cut_profile_id_checks_by_number(rules: Rules) -> Rules:
    def judged_by_number(store: Store, number: str, profile_id: str) -> Verification | None:
        return rules.judged_by_number(store, number, profile_id.strip()[:36])

    changed = with_check_in(rules, "check-by-number", "verify_profile_id", text(36, 40))
    return replace(changed, judged_by_number=judged_by_number)


@fault(
    "percent-checks-any-number",
    breaks="VFY-NUM-004",
    harm="A pattern in the address tries one code on everybody.",
)
def percent_checks_any_number(rules: Rules) -> Rules:
    def judged_by_number(store: Store, number: str, profile_id: str) -> Verification | None:
        if "%" not in raw[0]:
            return rules.judged_by_number(store, number, profile_id)
        every = store.records.verifications.values()
        return next((each for each in reversed(every) if each.profile_id == profile_id), None)

    def path_text(segment: str) -> str:
        raw[0] = rules.path_text(segment)
        return raw[0].replace("%", "0000000") if raw[0].startswith("+") else raw[0]

    raw = [""]
    return replace(rules, judged_by_number=judged_by_number, path_text=path_text)


@fault(
    "unknown-number-lists-the-newest",
    breaks="VFY-NUM-004",
    harm="A slip in a number shows a stranger's verification.",
)
def unknown_number_lists_the_newest(rules: Rules) -> Rules:
    def path_text(segment: str) -> str:
        number = rules.path_text(segment)
        is_damaged = number.startswith("+1") and not phone_numbers.E164.fullmatch(number)
        return newest[0] if is_damaged and newest else number

    def superseded_by(trigger: Verification, store: Store) -> Iterable[Verification]:
        newest[:] = [trigger.phone_number]
        return rules.superseded_by(trigger, store)

    newest: list[str] = []
    return replace(rules, path_text=path_text, superseded_by=superseded_by)
