"""Profiles: what may be written, what may not, and what a deletion ends."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from verify_harness.checks import TRIGGERS, Api, Exchange, Opener, current, requirement

CLOCKS_DIFFER_BY_SECS = 15 * 60
"""More than any two clocks that are set, less than any two time zones."""
READ_ONLY: dict[str, Any] = {
    "id": "11111111-1111-4111-8111-111111111111",
    "record_type": "administrator",
    "created_at": "1999-01-01T00:00:00.000000",
    "updated_at": "1999-01-01T00:00:00.000000",
}


def read(api: Api, profile: dict[str, Any]) -> dict[str, Any]:
    """A profile as it reads now."""
    found: dict[str, Any] = api.set_up(
        "VFY-PROF-001", "GetVerifyProfile", verify_profile_id=profile["id"]
    )
    return found


def patch(api: Api, profile: dict[str, Any], change: dict[str, Any]) -> Exchange:
    """One PATCH of a profile."""
    return api.call("UpdateVerifyProfile", change, verify_profile_id=profile["id"])


@requirement("VFY-PROF-005", operations=["CreateVerifyProfile", "UpdateVerifyProfile"])
@pytest.mark.parametrize(
    "block, field, good, bad",
    [
        ("sms", "app_name", ["A", "Shop 24-7", "x" * 30], ["", "x" * 31, "Shop!", "Käse", 5]),
        ("call", "app_name", ["A", "Shop 24-7", "x" * 30], ["", "x" * 31, "a_b", "tab\t", 5]),
        ("sms", "alpha_sender", ["A", "Bank 24", "x" * 11], ["", "x" * 12, "Bank-24", "Ünï", 5]),
    ],
    ids=["sms-app_name", "call-app_name", "sms-alpha_sender"],
)
def test_sender_names_keep_their_patterns(
    api: Api, block: str, field: str, good: list[str], bad: list[Any]
) -> None:
    kept = api.profile(**{block: {field: good[0], "whitelisted_destinations": ["*"]}})
    before = read(api, kept)
    for value in bad:
        change = {block: {field: value}}
        made = api.call("CreateVerifyProfile", {"name": "refused", **change})
        assert 400 <= made.status < 500
        assert 400 <= patch(api, kept, change).status < 500
    assert read(api, kept) == before
    for value in good:
        answer = patch(api, kept, {block: {field: value, "whitelisted_destinations": ["*"]}})
        assert answer.status == 200
        assert answer.data[block][field] == value


@requirement("VFY-PROF-020", operations=["CreateVerifyProfile", "UpdateVerifyProfile"])
def test_a_whatsapp_sender_is_a_telephone_number(api: Api) -> None:
    allowed = {"whitelisted_destinations": ["US"]}
    kept = api.profile(whatsapp=allowed)
    before = read(api, kept)
    for value in ("", "no number", "+", "+0", 5):
        change = {"whatsapp": {"sender_phone_number": value, **allowed}}
        made = api.call("CreateVerifyProfile", {"name": "refused", **change})
        assert 400 <= made.status < 500, f"a profile was created with the sender {value!r}"
        assert 400 <= patch(api, kept, change).status < 500
    assert read(api, kept) == before
    own = {"sender_phone_number": "+13035550177", **allowed}
    answer = patch(api, kept, {"whatsapp": own})
    assert answer.status == 200
    assert answer.data["whatsapp"]["sender_phone_number"] == own["sender_phone_number"]


@requirement("VFY-PROF-006", operations=["CreateVerifyProfile", "UpdateVerifyProfile"])
def test_unknown_fields_change_nothing(api: Api) -> None:
    extra = {"colour": "red", "is_admin": True, "daily_spend": 5}
    plain = api.profile()
    allowed = {"whitelisted_destinations": ["*"]}
    body = {"name": "with extras", "sms": {**allowed, **extra}, **extra}
    made = api.call("CreateVerifyProfile", body)
    if made.succeeded:
        assert not extra.keys() & made.data.keys()
        assert not extra.keys() & made.data["sms"].keys()
        assert made.data["sms"].keys() == plain["sms"].keys()
    patch(api, plain, extra)
    after = read(api, plain)
    assert after.keys() == plain.keys()
    assert {**after, "updated_at": None} == {**plain, "updated_at": None}


@requirement("VFY-PROF-007", operations=["CreateVerifyProfile"])
def test_read_only_fields_cannot_be_given(api: Api) -> None:
    body = {"name": "chosen by the caller", "sms": {"whitelisted_destinations": ["*"]}}
    made = api.call("CreateVerifyProfile", body | READ_ONLY)
    if made.succeeded:
        for name, value in READ_ONLY.items():
            assert made.data[name] != value
        assert read(api, made.data) == made.data


@requirement("VFY-PROF-007", operations=["UpdateVerifyProfile"])
@pytest.mark.parametrize("name", READ_ONLY)
def test_read_only_fields_cannot_be_changed(api: Api, name: str) -> None:
    profile = api.profile()
    patch(api, profile, {name: READ_ONLY[name], "name": "renamed"})
    after = read(api, profile)
    assert after[name] != READ_ONLY[name]
    assert name == "updated_at" or after[name] == profile[name]


@requirement("VFY-PROF-008", operations=["DeleteProfile"])
def test_a_deleted_profiles_verifications_end(open_verification: Opener, api: Api) -> None:
    profile = api.profile()
    ended, kept = open_verification(profile=profile), open_verification()
    api.set_up("VFY-PROF-003", "DeleteProfile", verify_profile_id=profile["id"])
    assert not ended.opens(ended.code)
    assert kept.opens(kept.code)


@requirement("VFY-PROF-008", operations=["DeleteProfile", *TRIGGERS.values()])
def test_a_deleted_profile_sends_nothing(api: Api, channel: str) -> None:
    profile = api.profile()
    body = {"phone_number": current().number(), "verify_profile_id": profile["id"]}
    before = api.call(TRIGGERS[channel], body)
    api.set_up("VFY-PROF-003", "DeleteProfile", verify_profile_id=profile["id"])
    sent = len(current().levers.messages()) if current().target.offers("outbox") else 0
    refused = api.call(TRIGGERS[channel], body | {"phone_number": current().number()})
    assert before.status == 200
    assert 400 <= refused.status < 500
    assert not sent or len(current().levers.messages()) == sent


@requirement("VFY-PROF-009", operations=["CreateVerifyProfile", "UpdateVerifyProfile"])
def test_a_patch_moves_updated_at_and_not_created_at(api: Api) -> None:
    made = api.profile()
    assert made["created_at"] <= made["updated_at"]
    current().levers.advance_clock(7)
    after = patch(api, made, {"name": "renamed"}).data
    assert after["created_at"] == made["created_at"]
    assert after["updated_at"] > made["updated_at"]
    current().levers.advance_clock(7)
    assert read(api, made) == after


@requirement("VFY-PROF-009", operations=["CreateVerifyProfile", *TRIGGERS.values()])
def test_times_are_those_of_the_request_in_utc(api: Api, channel: str) -> None:
    profile = api.profile()
    for made in (profile, Opener(api, channel, "by_id")(profile=profile).data):
        answer = current().last
        assert answer is not None
        now = parsedate_to_datetime(answer.header("date") or "")
        for name in ("created_at", "updated_at"):
            told = datetime.fromisoformat(made[name]).replace(tzinfo=UTC)
            assert abs((now - told).total_seconds()) < CLOCKS_DIFFER_BY_SECS


@requirement("VFY-PROF-010", operations=["UpdateVerifyProfile"])
@pytest.mark.parametrize(
    "bad",
    [{"sms": {"code_length": 99}}, {"language": 5}, {"webhook_url": "no address"}, {"call": 1}],
    ids=["code_length", "language", "webhook_url", "call"],
)
def test_a_refused_patch_changes_nothing(api: Api, bad: dict[str, Any]) -> None:
    profile = api.profile()
    good = {"name": "half", "daily_spend_limit": 3, "sms": {"app_name": "half"}}
    assert 400 <= patch(api, profile, good | bad).status < 500
    assert read(api, profile) == profile
    assert patch(api, profile, {"name": "whole"}).status == 200
