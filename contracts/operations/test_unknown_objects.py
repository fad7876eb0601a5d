"""What an operation says about an object that does not exist, which generated requests avoid."""

import pytest

from verify_harness.checks import Api, body_of, requirement

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
NAMED = {
    "RetrieveVerification": "verification_id",
    "VerifyVerificationCodeById": "verification_id",
    "GetVerifyProfile": "verify_profile_id",
    "UpdateVerifyProfile": "verify_profile_id",
    "DeleteProfile": "verify_profile_id",
    "UpdateMessageTemplate": "template_id",
}
"""The operations whose path names one object of ours, and its parameter."""


@requirement("VFY-SPEC-001")
@pytest.mark.parametrize("operation_id", NAMED)
def test_what_does_not_exist_is_answered_with_a_documented_status(
    api: Api, operation_id: str
) -> None:
    body = body_of(api, operation_id)
    answer = api.call(operation_id, body, path={NAMED[operation_id]: UNKNOWN_ID})
    assert 400 <= answer.status < 500
    assert api.spec.operation(operation_id).response(answer.status) is not None
