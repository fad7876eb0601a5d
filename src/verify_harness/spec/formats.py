"""The custom string formats of the contract, as predicates that any validator can use.

None of them says whether a value exists, only whether it has the form.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from verify_harness import phone_numbers

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_CODE = re.compile(r"[0-9]{4,10}", re.ASCII)
_DTMF = re.compile(r"[0-9A-D*#wW]*", re.ASCII)


def is_e164(value: str) -> bool:
    """Whether `value` is a number in E.164 with its plus sign."""
    return phone_numbers.E164.fullmatch(value) is not None


def is_verification_code(value: str) -> bool:
    """Whether `value` could be a code: 4 to 10 ASCII digits (facts.md#code-length-range)."""
    return _CODE.fullmatch(value) is not None


def is_dtmf_digits(value: str) -> bool:
    """Whether `value` can be dialled: digits, A-D, *, #, pauses (facts.md#extension-alphabet)."""
    return _DTMF.fullmatch(value) is not None


def is_uuid(value: str) -> bool:
    """Whether `value` is UUID-shaped; version and variant digits are free (facts.md#ids)."""
    return _UUID.fullmatch(value) is not None


FORMATS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "e164": is_e164,
        "verification-code": is_verification_code,
        "dtmf-digits": is_dtmf_digits,
        "uuid": is_uuid,
    }
)
"""Every custom format by the name it has in the document."""

ANSWER_FORMATS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {"e164": is_e164, "uuid": is_uuid}
)
"""The formats that an answer is held to; the other two only steer what is sent."""
