"""Faults of codes that the caller brings along."""

from dataclasses import replace
from typing import Any

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.faults.shorthand import with_check
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.validation import nullable, text


@fault(
    "custom-code-not-used",
    breaks="VFY-CODE-011",
    harm="The message shows another code than the caller's own.",
)
def custom_code_not_used(rules: Rules) -> Rules:
    def choose_code(_custom_code: str | None, drawn: str) -> str:
        return drawn

    return replace(rules, choose_code=choose_code)


@fault(
    "own-codes-with-letters",
    breaks="VFY-CODE-012",
    harm="A code that cannot be typed on a number pad is sent.",
)
def own_codes_with_letters(rules: Rules) -> Rules:
    return with_check(rules, "custom_code", nullable(text(4, 10, "[0-9a-z]{4,10}")))


@fault(
    "own-codes-of-one-digit",
    breaks="VFY-CODE-012",
    harm="A careless caller sends codes that are guessed at the first try.",
)
def own_codes_of_one_digit(rules: Rules) -> Rules:
    return with_check(rules, "custom_code", nullable(text(1, 10, "[0-9]{1,10}")))


@fault(
    "own-codes-in-any-script",
    breaks="VFY-CODE-012",
    harm="A code in digits of another script is sent that no keypad here has.",
)
def own_codes_in_any_script(rules: Rules) -> Rules:
    def check(value: Any) -> str | None:
        is_code = type(value) is str and value.isdecimal() and 4 <= len(value) <= 10
        return None if value is None or is_code else "10015"

    return with_check(rules, "custom_code", check)
