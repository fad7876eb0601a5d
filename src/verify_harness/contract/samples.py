"""One plain request for each operation: well-formed, about objects that need not exist."""

from collections.abc import Mapping
from typing import Any

from verify_harness import numbers
from verify_harness.contract.api import TRIGGERS, Api
from verify_harness.exchange import Exchange

_ID = "00000000-0000-4000-8000-000000000001"
_NUMBER = numbers.nth(0)
_TRIGGER = {"phone_number": _NUMBER, "verify_profile_id": _ID}

BODIES: Mapping[str, Any] = {
    **dict.fromkeys(TRIGGERS.values(), _TRIGGER),
    "VerifyVerificationCodeById": {"code": "12345"},
    "VerifyVerificationCodeByPhoneNumber": {"code": "12345", "verify_profile_id": _ID},
    "CreateVerifyProfile": {"name": "verify-harness sample", "sms": {}},
    "UpdateVerifyProfile": {"name": "verify-harness sample"},
    "CreateMessageTemplate": {"text": "{{code}}"},
    "UpdateMessageTemplate": {"text": "{{code}}"},
}
"""The body of every operation that has one."""

WITH_BODY = tuple(BODIES)
OPERATIONS = (
    *BODIES,
    "RetrieveVerification",
    "ListVerifications",
    "ListProfiles",
    "GetVerifyProfile",
    "DeleteProfile",
    "ListProfileMessageTemplates",
    "LookupNumber",
)
"""All 17 operations."""

_PATH = {
    "verification_id": _ID,
    "verify_profile_id": _ID,
    "template_id": _ID,
    "phone_number": _NUMBER,
}


def call_plainly(api: Api, operation_id: str, *, authorization: str | None = "") -> Exchange:
    """Send the sample request of an operation."""
    body = BODIES.get(operation_id)
    return api.call(operation_id, body, authorization=authorization, path=_path(api, operation_id))


def url_of(api: Api, operation_id: str) -> str:
    """The address of the sample request of an operation."""
    return api.url(api.spec.operation(operation_id), _path(api, operation_id))


def _path(api: Api, operation_id: str) -> dict[str, str]:
    template = api.spec.operation(operation_id).path
    return {name: value for name, value in _PATH.items() if f"{{{name}}}" in template}
