"""Ids and numbers: what they tell, and what another tenant's tell."""

import re
from typing import Any

import pytest

from verify_harness.checks import TRIGGERS, Api, Exchange, Opener, current, requirement

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
MADE = 12
"""Twelve ids drawn at random are in order once in 240 million runs."""


def made(api: Api, kind: str) -> str:
    """The id of a new object."""
    if kind == "profile":
        return str(api.profile()["id"])
    if kind == "template":
        text = {"text": f"{current().random.getrandbits(32)}: {{{{code}}}}"}
        return str(api.set_up("VFY-TMPL-001", "CreateMessageTemplate", text)["id"])
    profile = current().remembered("profile", api.profile)
    body = {"phone_number": current().number(), "verify_profile_id": profile["id"]}
    return str(api.set_up("VFY-LIFE-001", TRIGGERS[kind], body)["id"])


@requirement("VFY-ISO-004")
@pytest.mark.parametrize("kind", [*TRIGGERS, "profile", "template"])
def test_ids_tell_nothing(api: Api, kind: str) -> None:
    ids = [made(api, kind) for _ in range(MADE)]
    assert all(UUID.fullmatch(each) for each in ids)
    assert len(set(ids)) == MADE
    assert sorted(ids) not in (ids, ids[::-1])
    assert len({each[:4] for each in ids}) > 1


def outline(answer: Exchange) -> tuple[int, list[str], Any]:
    """What an answer says, whichever number it is about."""
    body = answer.json if isinstance(answer.json, dict) else {}
    return answer.status, answer.error_codes, (body.get("data"), body.get("meta"))


@requirement("VFY-ISO-001", operations=["ListVerifications"])
def test_another_tenants_number_is_nobodys(api: Api) -> None:
    foreign = Opener(api, "sms", "by_id")().number
    unknown = current().number()
    lists = [api.other.call("ListVerifications", phone_number=each) for each in (foreign, unknown)]
    assert outline(lists[0]) == outline(lists[1])


@requirement("VFY-ISO-001", operations=["VerifyVerificationCodeByPhoneNumber"])
def test_another_tenants_number_is_checked_like_nobodys(api: Api) -> None:
    verification, unknown = Opener(api, "sms", "by_number")(), current().number()
    body = {"code": verification.code, "verify_profile_id": api.other.profile()["id"]}
    answers = [
        api.other.call("VerifyVerificationCodeByPhoneNumber", body, phone_number=each)
        for each in (verification.number, unknown)
    ]
    verdicts = [(answer.data or {}).get("response_code") for answer in answers]
    assert verdicts[0] == verdicts[1] != "accepted"
    assert (answers[0].status, answers[0].error_codes) == (
        answers[1].status,
        answers[1].error_codes,
    )
    assert verification.opens(verification.code)


@requirement("VFY-ISO-003", operations=["CreateVerifyProfile", "UpdateVerifyProfile"])
@pytest.mark.parametrize("channel_name", ["sms", "call"])
def test_another_tenants_template_cannot_be_used(api: Api, channel_name: str) -> None:
    template_id, own = made(api, "template"), api.other.profile()
    refusals = []
    for each in (template_id, UNKNOWN_ID):
        block = {channel_name: {"messaging_template_id": each, "whitelisted_destinations": ["*"]}}
        create = api.other.call("CreateVerifyProfile", {"name": "theft", **block})
        patch = api.other.call("UpdateVerifyProfile", block, verify_profile_id=own["id"])
        assert 400 <= create.status < 500
        assert 400 <= patch.status < 500
        refusals.append([(answer.status, answer.error_codes) for answer in (create, patch)])
    assert refusals[0] == refusals[1]
    assert api.other.call("GetVerifyProfile", verify_profile_id=own["id"]).data == own
