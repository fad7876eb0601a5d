"""Faults that break the contract as the OpenAPI document states it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from verify_harness.sandbox.error_envelope import Problem, Refusal
from verify_harness.sandbox.exchange import Answer
from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.faults.shorthand import (
    edit_profile,
    edit_verification,
    every_twentieth,
    with_check,
)
from verify_harness.sandbox.records import Template
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store
from verify_harness.sandbox.validation import anything, integer, nullable, text
from verify_harness.sandbox.wire import Wire


@fault(
    "created-profile-is-201",
    breaks="VFY-SPEC-001",
    harm="A client that follows the documents takes a created profile for a failure.",
)
def created_profile_is_201(rules: Rules) -> Rules:
    return replace(rules, created_status=201)


@fault(
    "unknown-verification-is-410",
    breaks="VFY-SPEC-001",
    harm="Clients retry, because nobody told them what this status means.",
)
def unknown_verification_is_410(store: Store) -> Store:
    def missing(missing_in: Store, wanted: str, what: str) -> Refusal:
        refusal = store.missing(missing_in, wanted, what)
        return replace(refusal, status=410) if what == "verification" else refusal

    return replace(store, missing=missing)


@fault(
    "creation-time-is-a-number",
    breaks="VFY-SPEC-002",
    harm="Typed clients fail to read every verification.",
)
def creation_time_is_a_number(rules: Rules) -> Rules:
    def edit(shown: dict[str, Any]) -> None:
        shown["created_at"] = datetime.fromisoformat(shown["created_at"]).timestamp()

    return edit_verification(rules, edit)


@fault(
    "profile-limit-flag-is-a-word",
    breaks="VFY-SPEC-002",
    harm='The word "false" is true in many languages: a spend limit seems to be on.',
)
def profile_limit_flag_is_a_word(rules: Rules) -> Rules:
    def edit(shown: dict[str, object]) -> None:
        shown["daily_spend_limit_enabled"] = str(shown["daily_spend_limit_enabled"]).lower()

    return edit_profile(rules, edit)


@fault(
    "answers-are-plain-text",
    breaks="VFY-SPEC-003",
    harm="The Node and Go SDKs do not read an answer that is not labelled JSON.",
)
def answers_are_plain_text(wire: Wire) -> Wire:
    return replace(wire, media_type=b"text/plain; charset=utf-8")


@fault(
    "letters-in-a-code-crash",
    breaks="VFY-SPEC-004",
    harm="A typing mistake of a customer looks like an outage.",
)
def letters_in_a_code_crash(rules: Rules) -> Rules:
    def codes_match(given: str, code: str) -> bool:
        return int(given) >= 0 and given == code

    return replace(rules, codes_match=codes_match)


@fault(
    "timeout-unchecked",
    breaks="VFY-SPEC-005",
    harm="A code that lives for years is taken without a word.",
)
def timeout_unchecked(rules: Rules) -> Rules:
    return with_check(rules, "timeout_secs", integer(-(10**9), 10**9))


@fault(
    "profile-name-unchecked",
    breaks="VFY-SPEC-005",
    harm="A profile whose name is no text breaks every reader of the list.",
)
def profile_name_unchecked(rules: Rules) -> Rules:
    return with_check(rules, "name", anything)


@fault(
    "long-custom-codes-refused",
    breaks="VFY-CODE-012",
    harm="Customers with codes of their own of 9 or 10 digits cannot send them.",
)
def long_custom_codes_refused(rules: Rules) -> Rules:
    return with_check(rules, "custom_code", nullable(text(4, 8, "[0-9]{4,8}")))


@fault(
    "extension-with-pause-refused",
    breaks="VFY-SPEC-006",
    harm="Offices behind a switchboard that needs a pause cannot be called.",
)
def extension_with_pause_refused(rules: Rules) -> Rules:
    return with_check(rules, "extension", nullable(text(0, 50, "[0-9A-D*#]*")))


@fault(
    "templates-cannot-be-updated",
    breaks="VFY-SPEC-007",
    harm="A documented operation never works.",
)
def templates_cannot_be_updated(rules: Rules) -> Rules:
    def nothing(_template: Template) -> bool:
        return False

    return replace(rules, is_editable=nothing)


@fault(
    "answers-lack-a-data-wrapper",
    breaks="VFY-SPEC-002",
    harm="Every SDK finds nothing in a template answer.",
)
def answers_lack_a_data_wrapper(wire: Wire) -> Wire:
    def body(answer: Answer) -> object:
        shown = wire.body(answer)
        is_template = isinstance(shown.get("data"), dict) and "text" in shown["data"]
        return shown["data"] if is_template else shown

    return replace(wire, body=body)


@fault(
    "every-twentieth-request-fails",
    breaks="VFY-SPEC-004",
    harm="One customer in twenty meets an error that nobody can reproduce.",
)
def every_twentieth_request_fails(rules: Rules) -> Rules:
    def path_text(segment: str) -> str:
        if is_due():
            raise RuntimeError("every twentieth")
        return rules.path_text(segment)

    is_due = every_twentieth()
    return replace(rules, path_text=path_text)


@fault(
    "data-is-given-twice",
    breaks="VFY-SPEC-003",
    harm="One reader takes the first of two members and finds nothing, another takes the last.",
)
def data_is_given_twice(wire: Wire) -> Wire:
    def encode(value: Any) -> bytes:
        body = wire.encode(value)
        return b'{"data":null,' + body[1:] if body.startswith(b'{"data":') else body

    return replace(wire, encode=encode)


@fault(
    "trigger-fails-after-it-sent",
    breaks="VFY-SPEC-004",
    harm="Clients that try again send the code two or three times.",
)
def trigger_fails_after_it_sent(wire: Wire) -> Wire:
    async def hand_over(answer: Answer) -> Answer:
        shown = (answer.body or {}).get("data")
        if isinstance(shown, dict) and shown.get("status") == "pending":
            raise ConnectionError("the database of verifications went away")
        return answer

    return replace(wire, hand_over=hand_over)


@fault(
    "caller-identity-too-sure",
    breaks="VFY-SPEC-002",
    harm="A name that is a guess passes for one that was checked.",
)
def caller_identity_too_sure(rules: Rules) -> Rules:
    def look_up(number: str, country: str, wanted: frozenset[str]) -> dict[str, Any]:
        found = rules.look_up(number, country, wanted)
        if found["caller_identity"]:
            found["caller_identity"] = {**found["caller_identity"], "confidence_score": 100}
        return found

    return replace(rules, look_up=look_up)


@fault(
    "error-codes-are-numbers",
    breaks="VFY-SPEC-002",
    harm="Clients that compare the code with the documented text never find it.",
)
def error_codes_are_numbers(wire: Wire) -> Wire:
    def envelope(problems: tuple[Problem, ...]) -> Any:
        told = wire.envelope(problems)
        return {"errors": [{**each, "code": int(each["code"])} for each in told["errors"]]}

    return replace(wire, envelope=envelope)
