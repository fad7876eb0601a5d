"""Faults of telephone numbers."""

from dataclasses import replace
from urllib.parse import unquote

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.faults.shorthand import with_check
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.validation import text


@fault(
    "malformed-number-sent-to",
    breaks="VFY-NUM-001",
    harm="Messages are paid for that nobody can receive.",
)
def malformed_number_sent_to(rules: Rules) -> Rules:
    def is_callable(_number: str) -> bool:
        return True

    return replace(with_check(rules, "phone_number", text(0, 1000)), is_callable=is_callable)


@fault(
    "encoded-plus-unknown",
    breaks="VFY-NUM-002",
    harm="Clients that encode paths as they should get 404 for every number.",
)
def encoded_plus_unknown(rules: Rules) -> Rules:
    def path_text(segment: str) -> str:
        return segment

    return replace(rules, path_text=path_text)


@fault(
    "plus-becomes-a-space",
    breaks="VFY-NUM-002",
    harm="The vendor's own SDKs, which send a literal plus, find no number.",
)
def plus_becomes_a_space(rules: Rules) -> Rules:
    def path_text(segment: str) -> str:
        return unquote(segment.replace("+", " "))

    return replace(rules, path_text=path_text)


@fault(
    "extension-becomes-part-of-the-number",
    breaks="VFY-NUM-003",
    harm="A number with an extension is another one, with attempts of its own.",
)
def extension_becomes_part_of_the_number(rules: Rules) -> Rules:
    def path_text(segment: str) -> str:
        text = rules.path_text(segment)
        return f"+{''.join(filter(str.isdecimal, text))}" if text.startswith("+") else text

    return replace(rules, path_text=path_text)
