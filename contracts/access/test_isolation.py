"""Two tenants: what belongs to one does not exist for the other."""

from typing import Any

import pytest

from verify_harness.checks import TRIGGERS, Api, Exchange, Opener, current, requirement

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


def same_refusal(foreign: Exchange, unknown: Exchange) -> bool:
    """Whether an id of somebody else's and an id of nobody's are refused alike."""
    return 400 <= foreign.status < 500 and (foreign.status, foreign.error_codes) == (
        unknown.status,
        unknown.error_codes,
    )


@requirement("VFY-ISO-001", operations=["GetVerifyProfile", "RetrieveVerification"])
@pytest.mark.parametrize("owner", [0, 1])
def test_another_tenants_objects_cannot_be_read(api: Api, channel: str, owner: int) -> None:
    api = api if owner == 0 else api.other
    stranger = api.other if owner == 0 else Api(api.spec)
    verification = Opener(api, channel, "by_id")()
    reads = {
        "GetVerifyProfile": ("verify_profile_id", verification.profile_id),
        "RetrieveVerification": ("verification_id", verification.id),
    }
    for operation_id, (name, value) in reads.items():
        foreign = stranger.call(operation_id, path={name: value})
        unknown = stranger.call(operation_id, path={name: UNKNOWN_ID})
        assert same_refusal(foreign, unknown)


@requirement("VFY-ISO-001", operations=["ListVerifications", "ListProfiles"])
def test_another_tenants_objects_are_not_listed(api: Api) -> None:
    verification = Opener(api, "sms", "by_id")()
    by_number = api.other.call("ListVerifications", phone_number=verification.number)
    assert by_number.status == 404 or by_number.data == []
    profiles = api.other.call("ListProfiles", query={"page[size]": 250}).data
    assert verification.profile_id not in [row["id"] for row in profiles]


@requirement("VFY-ISO-001", operations=["ListProfileMessageTemplates"])
def test_another_tenants_templates_are_not_listed(api: Api) -> None:
    text = {"text": f"Only mine {current().seed}: {{{{code}}}}"}
    made = api.set_up("VFY-TMPL-001", "CreateMessageTemplate", text)
    rows = api.other.call("ListProfileMessageTemplates").data
    assert made["id"] not in [row["id"] for row in rows]


@requirement("VFY-ISO-002", operations=["UpdateVerifyProfile", "DeleteProfile"])
def test_another_tenants_profile_cannot_be_changed(api: Api) -> None:
    profile = api.profile()
    attempts: dict[str, Any] = {"UpdateVerifyProfile": {"name": "stolen"}, "DeleteProfile": None}
    for operation_id, body in attempts.items():
        foreign = api.other.call(operation_id, body, verify_profile_id=profile["id"])
        unknown = api.other.call(operation_id, body, verify_profile_id=UNKNOWN_ID)
        assert same_refusal(foreign, unknown)
        assert api.call("GetVerifyProfile", verify_profile_id=profile["id"]).data == profile


@requirement("VFY-ISO-002", operations=list(TRIGGERS.values()))
def test_another_tenants_profile_cannot_be_used(api: Api, channel: str) -> None:
    body = {"phone_number": current().number(), "verify_profile_id": api.profile()["id"]}
    answer = api.other.call(TRIGGERS[channel], body)
    assert 400 <= answer.status < 500
    assert current().levers.sent_nothing()


@requirement("VFY-ISO-002", operations=["VerifyVerificationCodeById"])
def test_another_tenants_verification_cannot_be_checked(open_verification: Opener) -> None:
    verification = open_verification()
    foreign = verification.as_tenant(verification.api.other)
    answer = foreign.submit(verification.code)
    assert not answer.succeeded
    assert verification.status == "pending"
    assert verification.opens(verification.code)


@requirement("VFY-ISO-002", operations=["UpdateMessageTemplate"])
def test_another_tenants_template_cannot_be_changed(api: Api) -> None:
    text = {"text": f"Only mine {current().seed}: {{{{code}}}}"}
    made = api.set_up("VFY-TMPL-001", "CreateMessageTemplate", text)
    theft = {"text": "stolen {{code}}"}
    foreign = api.other.call("UpdateMessageTemplate", theft, template_id=made["id"])
    unknown = api.other.call("UpdateMessageTemplate", theft, template_id=UNKNOWN_ID)
    assert same_refusal(foreign, unknown)
    assert made in api.call("ListProfileMessageTemplates").data
