"""One plain request for each operation: well-formed, and about objects that exist."""

from collections.abc import Mapping
from typing import Any

from verify_harness.contract.api import TRIGGERS, Api
from verify_harness.contract.check import current
from verify_harness.contract.furniture import furniture
from verify_harness.exchange import Exchange

WITH_BODY = (
    *TRIGGERS.values(),
    "VerifyVerificationCodeById",
    "VerifyVerificationCodeByPhoneNumber",
    "CreateVerifyProfile",
    "UpdateVerifyProfile",
    "CreateMessageTemplate",
    "UpdateMessageTemplate",
)
"""The operations that take a body."""

OPERATIONS = (
    *WITH_BODY,
    "RetrieveVerification",
    "ListVerifications",
    "ListProfiles",
    "GetVerifyProfile",
    "DeleteProfile",
    "ListProfileMessageTemplates",
    "LookupNumber",
)
"""All 17 operations."""


def damaged_ids(right: str) -> tuple[Any, ...]:
    """What is no id, but near one: cut, longer, padded, of another type, or a pattern."""
    return (
        *("", " ", "null", "*", "%", right[:-1], f"{right}0", f" {right}", f"{right}\n"),
        *(f"{right},{right}", f"'{right}'", None, True, 0, [right], {"id": right}),
    )


def call_plainly(api: Api, operation_id: str, *, authorization: str | None = "") -> Exchange:
    """Send the sample request of an operation."""
    return api.call(
        operation_id,
        body_of(api, operation_id),
        authorization=authorization,
        path=_path(api, operation_id),
    )


def url_of(api: Api, operation_id: str) -> str:
    """The address of the sample request of an operation."""
    return api.url(api.spec.operation(operation_id), _path(api, operation_id))


def body_of(api: Api, operation_id: str) -> Mapping[str, Any] | None:
    """The body of the sample request of an operation; None if it takes none."""
    profile = (
        {"verify_profile_id": furniture(api).profile["id"]} if _names_profile(operation_id) else {}
    )
    if operation_id in TRIGGERS.values():
        return {"phone_number": current().number(), **profile}
    if operation_id.startswith("VerifyVerificationCode"):
        return {"code": "0000", **profile}
    if operation_id.endswith("VerifyProfile") and operation_id in WITH_BODY:
        return {"name": "verify-harness sample", "sms": {}}
    return {"text": "{{code}}"} if operation_id in WITH_BODY else None


def _names_profile(operation_id: str) -> bool:
    by_number = operation_id == "VerifyVerificationCodeByPhoneNumber"
    return by_number or operation_id in TRIGGERS.values()


def _path(api: Api, operation_id: str) -> dict[str, str]:
    template = api.spec.operation(operation_id).path
    makers = furniture(api).path(operation_id)
    return {name: make() for name, make in makers.items() if f"{{{name}}}" in template}
