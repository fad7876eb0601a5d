"""Which bodies break the contract, field by field."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from verify_harness import phone_numbers

Rule = Callable[[Any], bool]
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One field that has to be refused."""

    pointer: str
    requirement: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a request may hold."""

    name: str
    holds: Rule
    requirement: str
    is_required: bool = False
    members: tuple["Field", ...] = ()


def _text(pattern: str, low: int = 0, high: int = 100_000) -> Rule:
    shape = re.compile(pattern, re.ASCII | re.DOTALL)

    def holds(value: Any) -> bool:
        is_text = isinstance(value, str) and low <= len(value) <= high
        return is_text and shape.fullmatch(value) is not None

    return holds


def _whole(low: int, high: int) -> Rule:
    return lambda value: type(value) is int and low <= value <= high


def _or_null(rule: Rule) -> Rule:
    return lambda value: value is None or rule(value)


def _amount(value: Any) -> bool:
    return type(value) in {int, float} and 0 <= value <= 1_000_000


def _countries(value: Any) -> bool:
    entry = re.compile(r"[A-Z]{2}|\*")
    return isinstance(value, list) and all(
        isinstance(each, str) and entry.fullmatch(each) for each in value
    )


def _flag(value: Any) -> bool:
    return type(value) is bool


def _object(value: Any) -> bool:
    return isinstance(value, dict)


_ANY = _text(r".*")
_ID = _text(_UUID.pattern)
_E164 = _text(phone_numbers.E164.pattern)
_APP_NAME = Field("app_name", _text(r"[A-Za-z0-9 -]{1,30}"), "VFY-PROF-005")
_CODE_LENGTH = Field("code_length", _whole(4, 10), "VFY-PROF-013")
_TIMEOUT = Field("default_verification_timeout_secs", _whole(1, 600), "VFY-PROF-014")
_TEMPLATE = Field("messaging_template_id", _ID, "VFY-PROF-016")
_COUNTRIES = Field("whitelisted_destinations", _countries, "VFY-DEST-003")
_ALPHA = Field("alpha_sender", _or_null(_text(r"[A-Za-z0-9 ]{1,11}")), "VFY-PROF-005")
_META = tuple(
    Field(name, _or_null(rule), "VFY-SPEC-005")
    for name, rule in (
        ("waba_id", _text(r".*", 0, 255)),
        ("template_id", _text(r".*", 0, 255)),
        ("sender_phone_number", _E164),
    )
)
SETTINGS: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        "sms": (_APP_NAME, _CODE_LENGTH, _TIMEOUT, _TEMPLATE, _COUNTRIES, _ALPHA),
        "call": (_APP_NAME, _CODE_LENGTH, _TIMEOUT, _TEMPLATE, _COUNTRIES),
        "flashcall": (_APP_NAME, _TIMEOUT, _COUNTRIES),
        "whatsapp": (_TIMEOUT, _COUNTRIES, *_META),
    }
)
"""What the block of each channel takes (facts.md#channel-blocks)."""


def _block(channel: str) -> Field:
    return Field(channel, _object, "VFY-SPEC-005", members=SETTINGS[channel])


_URL = _text(r"https?://.+", 1, 2000)
_PROFILE = (
    Field("language", _text(r"[a-z]{2}-[A-Z]{2}"), "VFY-SPEC-005"),
    Field("webhook_url", _URL, "VFY-HOOK-007"),
    Field("webhook_failover_url", _URL, "VFY-HOOK-007"),
    Field("daily_spend_limit", _amount, "VFY-SPEC-005"),
    Field("daily_spend_limit_enabled", _flag, "VFY-SPEC-005"),
    *(_block(channel) for channel in ("sms", "call", "whatsapp")),
)
_NAME = _text(r".+", 1, 255)
_TARGET = (
    Field("phone_number", _E164, "VFY-NUM-001", is_required=True),
    Field("verify_profile_id", _ID, "VFY-TRIG-004", is_required=True),
    Field("timeout_secs", _whole(1, 600), "VFY-TRIG-007"),
)
_OWN_CODE = Field("custom_code", _or_null(_text(r"[0-9]{4,10}")), "VFY-CODE-012")
_KEYS = Field("extension", _or_null(_text(r"[0-9A-D*#wW]{0,50}")), "VFY-TRIG-006")
_TEXT = (Field("text", _text(r".*\{\{code\}\}.*", 1, 1000), "VFY-TMPL-005", is_required=True),)

FIELDS: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        "CreateVerificationSms": (*_TARGET, _OWN_CODE),
        "CreateVerificationCall": (*_TARGET, _OWN_CODE, _KEYS),
        "CreateFlashcallVerification": _TARGET,
        "CreateWhatsappVerification": (*_TARGET, _OWN_CODE),
        "CreateVerifyProfile": (
            Field("name", _NAME, "VFY-SPEC-005", is_required=True),
            *_PROFILE,
            _block("flashcall"),
        ),
        "UpdateVerifyProfile": (Field("name", _NAME, "VFY-SPEC-005"), *_PROFILE),
        "CreateMessageTemplate": _TEXT,
        "UpdateMessageTemplate": _TEXT,
    }
)
"""The fields of each operation with a body of its own, and what they have to keep."""


def problems(operation: str, body: Any) -> list[Problem]:
    """The fields of a body that have to be refused; fields that nobody declared are not judged."""
    if not isinstance(body, dict):
        return [Problem("", "VFY-SPEC-005")]
    return list(_problems(FIELDS.get(operation, ()), body, ""))


def _problems(fields: tuple[Field, ...], body: Mapping[str, Any], at: str) -> Iterator[Problem]:
    for field in fields:
        pointer = f"{at}/{field.name}"
        if field.name not in body:
            if field.is_required:
                yield Problem(pointer, "VFY-SPEC-005")
        elif not field.holds(body[field.name]):
            yield Problem(pointer, field.requirement)
        else:
            yield from _problems(field.members, body[field.name], pointer) if field.members else ()


def is_id(text: Any) -> bool:
    """Whether a text is shaped like an id (facts.md#ids)."""
    return isinstance(text, str) and _UUID.fullmatch(text) is not None


def declared(operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a body that the operation declares."""
    known = {field.name: field for field in FIELDS.get(operation, ())}
    kept: dict[str, Any] = {}
    for name, value in body.items():
        field = known.get(name)
        if field is not None and field.members and isinstance(value, Mapping):
            inside = {each.name for each in field.members}
            kept[name] = {key: each for key, each in value.items() if key in inside}
        elif field is not None:
            kept[name] = value
    return kept
