"""Which operation a request belongs to."""

import pytest

from verify_harness.spec import Spec

ID = "4900017a-e7c8-e79e-0a7c-0d98f49b09cc"


@pytest.mark.parametrize(
    "method,path,operation_id",
    [
        ("POST", "/verifications/sms", "CreateVerificationSms"),
        ("post", "/verifications/sms", "CreateVerificationSms"),
        ("GET", f"/verifications/{ID}", "RetrieveVerification"),
        ("POST", f"/verifications/{ID}/actions/verify", "VerifyVerificationCodeById"),
        ("GET", "/verifications/by_phone_number/+13035550123", "ListVerifications"),
        ("GET", "/verifications/by_phone_number/%2B13035550123", "ListVerifications"),
        (
            "POST",
            "/verifications/by_phone_number/+13035550123/actions/verify",
            "VerifyVerificationCodeByPhoneNumber",
        ),
        ("GET", "/verify_profiles?page[number]=2", "ListProfiles"),
        ("GET", "/verify_profiles/templates", "ListProfileMessageTemplates"),
        ("GET", f"/verify_profiles/{ID}", "GetVerifyProfile"),
        ("PATCH", f"/verify_profiles/templates/{ID}", "UpdateMessageTemplate"),
        ("GET", "/number_lookup/+13035550123?type=carrier&type=caller-name", "LookupNumber"),
    ],
)
def test_a_request_finds_its_operation(
    base: Spec, method: str, path: str, operation_id: str
) -> None:
    operation = base.match(method, path)
    assert operation is not None
    assert operation.operation_id == operation_id


@pytest.mark.parametrize(
    "method,path",
    [
        ("GET", "/verifications/sms"),
        ("DELETE", "/verify_profiles/templates"),
        ("GET", "/verifications/"),
        ("GET", "/verifications"),
        ("POST", "/verifications/by_phone_number//actions/verify"),
        ("GET", "/v2/verify_profiles"),
        ("GET", ""),
    ],
)
def test_a_literal_path_or_a_missing_part_finds_nothing(base: Spec, method: str, path: str) -> None:
    assert base.match(method, path) is None


def test_an_unknown_operation_id_is_a_key_error(base: Spec) -> None:
    with pytest.raises(KeyError):
        base.operation("Gone")
