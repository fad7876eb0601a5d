"""Which side of each documented conflict the sandbox takes: by dialect, or as a target was seen to.

The sides are named as the checks name what they observe, so that what `verify-harness observe`
wrote down about a target can be imitated.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from verify_harness.errors import UsageError
from verify_harness.sandbox import auth, lifecycle, profiles, requests, webhooks
from verify_harness.sandbox.rules import Rules

DOCUMENTED = Rules()

_FLASH_CALLS_CAN_BE_PATCHED = {
    **requests.FIELDS,
    "update-profile": (*requests.FIELDS["update-profile"], requests.FLASHCALL),
}

SIDES: Mapping[str, Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "C1": {
            "200": {"has_channels_enough": profiles.needs_no_channel},
            "400": {"has_channels_enough": profiles.needs_a_channel},
        },
        "C3": {
            "rejected": {"response_codes": lifecycle.RESPONSE_CODES},
            "expired, max_attempts_exceeded, rejected": {
                "response_codes": lifecycle.OBSERVED_RESPONSE_CODES
            },
        },
        "C4": {
            "merge": {"merge_block": profiles.merge_block},
            "replace": {"merge_block": profiles.replace_block},
        },
        "C8": {
            "401": {"missing_key": auth.missing_key},
            "404": {"missing_key": auth.missing_key_observed},
        },
        "C15": {
            "ignored": {"fields": requests.FIELDS},
            "taken": {"fields": _FLASH_CALLS_CAN_BE_PATCHED},
        },
        "C16": {
            str(length): {"block_defaults": profiles.block_defaults(length)}
            for length in range(4, 11)
        },
        "C22": {"text": {}},
        "C23": {"400": {"invalid_status": 400}, "422": {"invalid_status": 422}},
        "C24": {
            "received": {"is_received": webhooks.is_received},
            "not received": {"is_received": webhooks.is_received_as_200},
        },
    }
)
"""By conflict (facts.md#c1 and following) and observed side: the rules that make it so."""


def imitated(sides: Mapping[str, str]) -> Rules:
    """The documented rules with these sides taken; what SIDES does not have is left as it was."""
    changes: dict[str, Any] = {}
    for conflict, side in sides.items():
        changes |= SIDES.get(conflict, {}).get(side, {})
    return replace(DOCUMENTED, **changes)


def not_imitated(sides: Mapping[str, str]) -> list[str]:
    """The conflicts whose side the sandbox cannot take."""
    return [each for each, side in sides.items() if side not in SIDES.get(each, {})]


OBSERVED = imitated(
    {
        "C1": "400",
        "C3": "expired, max_attempts_exceeded, rejected",
        "C4": "replace",
        "C8": "404",
        "C23": "422",
        "C24": "not received",
    }
)

DIALECTS: Mapping[str, Rules] = MappingProxyType({"documented": DOCUMENTED, "observed": OBSERVED})


def rules_of(dialect: str) -> Rules:
    """The clean rules of a dialect; UsageError if there is none of that name."""
    if dialect not in DIALECTS:
        raise UsageError(f"no dialect {dialect!r}.", hint="use documented or observed")
    return DIALECTS[dialect]
