"""Codes: how they are drawn, chosen and compared (facts.md#generated-codes)."""

from collections.abc import Mapping
from random import Random
from typing import Any

from verify_harness.sandbox.records import Channel, Verification
from verify_harness.sandbox.store import Store

FLASHCALL_CODE_LENGTH = 5
DEFAULT_CODE_LENGTH = 5
_CALLER_PREFIX = "+120255"


def code_length(channel: Channel, settings: Mapping[str, Any]) -> int:
    """The channel's `code_length`; a flash call's code is the end of the caller's number."""
    if channel == "flashcall":
        return FLASHCALL_CODE_LENGTH
    length: int = settings["code_length"]
    return length


def draw_code(random: Random, length: int) -> str:
    """`length` digits, each code as likely as any other, leading zeros included."""
    return f"{random.randrange(10**length):0{length}d}"


def choose_code(custom_code: str | None, drawn: str) -> str:
    """The caller's own code wins over the drawn one."""
    return drawn if custom_code is None else custom_code


def codes_match(given: str, code: str) -> bool:
    """Whether the code typed is the code sent, digit by digit."""
    return given == code


def codes_for(verification: Verification, _store: Store) -> tuple[str, ...]:
    """The codes that open a verification: its own."""
    return (verification.code,)


def caller_for(code: str) -> str:
    """The number a flash call comes from; its last digits are the code."""
    return _CALLER_PREFIX + code
