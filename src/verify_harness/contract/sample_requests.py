"""One valid request for each operation, about objects that exist."""

from collections.abc import Mapping
from typing import Any

from verify_harness.contract.answer_errors import reads_answers
from verify_harness.contract.api import TRIGGERS, Api
from verify_harness.contract.context import current
from verify_harness.contract.existing_objects import existing_objects
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
"""Operations with a request body."""

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


@reads_answers
def call_plainly(api: Api, operation_id: str, *, authorization: str | None = "") -> Exchange:
    """Send the sample request of an operation."""
    return api.call(
        operation_id,
        body_of(api, operation_id),
        authorization=authorization,
        path=_path(api, operation_id),
    )


@reads_answers
def url_of(api: Api, operation_id: str) -> str:
    """The URL of the sample request of an operation."""
    return api.url(api.spec.operation(operation_id), _path(api, operation_id))


@reads_answers
def body_of(api: Api, operation_id: str) -> Mapping[str, Any] | None:
    """The body of the sample request of an operation; None for operations without one."""
    profile = (
        {"verify_profile_id": existing_objects(api).profile["id"]}
        if _names_profile(operation_id)
        else {}
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


@reads_answers
def _path(api: Api, operation_id: str) -> dict[str, str]:
    template = api.spec.operation(operation_id).path
    makers = existing_objects(api).path(operation_id)
    return {name: make() for name, make in makers.items() if f"{{{name}}}" in template}
