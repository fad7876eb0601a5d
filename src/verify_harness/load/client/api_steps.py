"""The kinds of requests that a journey makes; reports and SLOs know them by these names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_TRIGGER_PATH = re.compile(r"/verifications/[^/]+/?(\?.*)?")


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of request; `path` is the spec's, below the base URL."""

    name: str
    method: str
    path: str
    operation_id: str

    @property
    def is_repeatable(self) -> bool:
        """Whether it may be sent again where a kept connection broke before any answer."""
        return self.method == "GET"

    @property
    def is_trigger(self) -> bool:
        """Whether it sends a message or calls; a scenario of a user may give it another name."""
        return self.method == "POST" and _TRIGGER_PATH.fullmatch(self.path) is not None


_TRIGGER_OPERATIONS = {
    "sms": "CreateVerificationSms",
    "call": "CreateVerificationCall",
    "flashcall": "CreateFlashcallVerification",
    "whatsapp": "CreateWhatsappVerification",
}

TRIGGERS: Mapping[str, Step] = {
    channel: Step("trigger", "POST", f"/verifications/{channel}", operation_id)
    for channel, operation_id in _TRIGGER_OPERATIONS.items()
}
"""The trigger of each channel."""

CHECK = Step(
    "check", "POST", "/verifications/{verification_id}/actions/verify", "VerifyVerificationCodeById"
)
CHECK_BY_NUMBER = Step(
    "check-by-number",
    "POST",
    "/verifications/by_phone_number/{phone_number}/actions/verify",
    "VerifyVerificationCodeByPhoneNumber",
)
STATUS = Step("status", "GET", "/verifications/{verification_id}", "RetrieveVerification")
LIST = Step("list", "GET", "/verifications/by_phone_number/{phone_number}", "ListVerifications")
LOOKUP = Step("lookup", "GET", "/number_lookup/{phone_number}", "LookupNumber")
CREATE_PROFILE = Step("create-profile", "POST", "/verify_profiles", "CreateVerifyProfile")
READ_PROFILE = Step(
    "read-profile", "GET", "/verify_profiles/{verify_profile_id}", "GetVerifyProfile"
)
RENAME_PROFILE = Step(
    "rename-profile", "PATCH", "/verify_profiles/{verify_profile_id}", "UpdateVerifyProfile"
)
DELETE_PROFILE = Step(
    "delete-profile", "DELETE", "/verify_profiles/{verify_profile_id}", "DeleteProfile"
)

_OTHERS = (
    CHECK,
    CHECK_BY_NUMBER,
    STATUS,
    LIST,
    LOOKUP,
    CREATE_PROFILE,
    READ_PROFILE,
    RENAME_PROFILE,
    DELETE_PROFILE,
)
STEP_NAMES = (TRIGGERS["sms"].name, *(step.name for step in _OTHERS))
"""What an SLO may name."""


def step_of(name: str, channel: str | None) -> Step | None:
    """A step by its name, and by its channel where it is a trigger; None for a user's own."""
    if name == TRIGGERS["sms"].name:
        return TRIGGERS.get(channel or "")
    return next((step for step in _OTHERS if step.name == name), None)
