"""What each request may hold: the documented fields (facts.md#operation-set), within our bounds."""

from collections.abc import Mapping
from types import MappingProxyType

from verify_harness.sandbox.validation import (
    Field,
    an_object,
    array,
    boolean,
    e164,
    integer,
    nullable,
    number,
    one_of,
    text,
    uuid,
)

_TIMEOUT = integer(1, 600)
_CUSTOM_CODE = nullable(text(4, 10, r"[0-9]{4,10}"))
_URL = text(1, 2000, r"(?s:https?://.+)")

_TARGET = (
    Field("phone_number", e164, required=True),
    Field("verify_profile_id", uuid, required=True),
)
_TIMED = Field("timeout_secs", _TIMEOUT)
_CODED = Field("custom_code", _CUSTOM_CODE)
_EXTENSION = Field("extension", nullable(text(0, 50, r"[0-9A-D*#wW]*")))

_APP_NAME = Field("app_name", text(1, 30, r"[A-Za-z0-9 -]{1,30}"))
_CODE_LENGTH = Field("code_length", integer(4, 10))
_BLOCK_TIMEOUT = Field("default_verification_timeout_secs", _TIMEOUT)
_TEMPLATE = Field("messaging_template_id", uuid)
_WHITELIST = Field("whitelisted_destinations", array(text(1, 2, r"[A-Z]{2}|\*")))

_SMS = (
    *(_APP_NAME, _CODE_LENGTH, _BLOCK_TIMEOUT, _TEMPLATE, _WHITELIST),
    Field("alpha_sender", nullable(text(1, 11, r"[A-Za-z0-9 ]{1,11}"))),
)
_CALL = (_APP_NAME, _CODE_LENGTH, _BLOCK_TIMEOUT, _TEMPLATE, _WHITELIST)
_FLASHCALL = (_APP_NAME, _BLOCK_TIMEOUT, _WHITELIST)
_WHATSAPP = (
    *(_BLOCK_TIMEOUT, _WHITELIST),
    Field("waba_id", nullable(text(0, 255))),
    Field("template_id", nullable(text(0, 255))),
    Field("sender_phone_number", nullable(e164)),
)

_PROFILE = (
    Field("language", text(5, 5, r"[a-z]{2}-[A-Z]{2}")),
    Field("webhook_url", _URL),
    Field("webhook_failover_url", _URL),
    Field("sms", an_object, fields=_SMS),
    Field("call", an_object, fields=_CALL),
    Field("whatsapp", an_object, fields=_WHATSAPP),
    Field("daily_spend_limit", number(0, 1_000_000)),
    Field("daily_spend_limit_enabled", boolean),
)
FLASHCALL = Field("flashcall", an_object, fields=_FLASHCALL)
"""A block that only a new profile takes, by the document (facts.md#c15)."""
_NAME = text(1, 255)
_TEMPLATE_BODY = (Field("text", text(1, 1000, r"(?s:.*\{\{code\}\}.*)"), required=True),)

FIELDS: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        "sms": (*_TARGET, _CODED, _TIMED),
        "call": (*_TARGET, _CODED, _TIMED, _EXTENSION),
        "flashcall": (*_TARGET, _TIMED),
        "whatsapp": (*_TARGET, _CODED, _TIMED),
        "check-by-id": (
            Field("code", text(0, 64)),
            Field("status", one_of("accepted", "rejected")),
        ),
        "check-by-number": (
            Field("code", text(0, 64), required=True),
            Field("verify_profile_id", uuid, required=True),
        ),
        "create-profile": (
            Field("name", _NAME, required=True),
            *_PROFILE,
            FLASHCALL,
        ),
        "update-profile": (Field("name", _NAME), *_PROFILE),
        "create-template": _TEMPLATE_BODY,
        "update-template": _TEMPLATE_BODY,
    }
)
"""By kind of request; a PATCH of `flashcall` is not declared and so ignored (facts.md#c15)."""
