"""Settings of profiles: their bounds, their letters, and what reads and old PATCHes leave alone."""

from typing import Any

import pytest

from verify_harness.checks import TRIGGERS, Api, Exchange, current, requirement, worst_inputs

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
EVERYWHERE = {"whitelisted_destinations": ["*"]}
NAMES = {each.name: str(each.filled()) for each in worst_inputs.of_kind("text")}


def create(api: Api, **fields: Any) -> Exchange:
    """Create a profile, or try to."""
    return api.call("CreateVerifyProfile", {"name": "settings", **fields})


def patch(api: Api, profile: dict[str, Any], change: dict[str, Any]) -> Exchange:
    """One PATCH of a profile."""
    return api.call("UpdateVerifyProfile", change, verify_profile_id=profile["id"])


def judge_bounds(api: Api, channel: str, name: str, good: list[int], bad: list[Any]) -> None:
    """A number of a block is taken within its bounds only."""
    profile = api.profile()
    patchable = channel != "flashcall"  # undeclared in a PATCH (facts.md#c15)
    for value in bad:
        block = {channel: {name: value, **EVERYWHERE}}
        assert 400 <= create(api, **block).status < 500
        assert not patchable or 400 <= patch(api, profile, block).status < 500
    for value in good:
        block = {channel: {name: value, **EVERYWHERE}}
        answers = [create(api, **block), *([patch(api, profile, block)] if patchable else [])]
        for answer in answers:
            assert answer.status == 200
            assert answer.data[channel][name] == value


@requirement("VFY-PROF-011", operations=["GetVerifyProfile", "ListProfiles"])
def test_reading_changes_no_profile(api: Api) -> None:
    made = api.profile()
    for _ in range(4):
        assert api.call("GetVerifyProfile", verify_profile_id=made["id"]).data == made
        api.call("ListProfiles", query={"filter[name]": made["name"]})


@requirement("VFY-PROF-012", operations=["UpdateVerifyProfile"])
def test_a_flash_call_block_in_a_patch_does_no_harm(api: Api) -> None:
    before = api.profile()
    answer = patch(api, before, {"flashcall": {"app_name": "Other"}})
    assert answer.status in {200, 400, 422}
    after = api.call("GetVerifyProfile", verify_profile_id=before["id"]).data
    taken = (after.get("flashcall") or {}).get("app_name") == "Other"
    seen = "refused" if not answer.succeeded else "taken" if taken else "ignored"
    current().findings.observe("C15", seen, "UpdateVerifyProfile")
    for channel in ("sms", "call", "whatsapp"):
        assert after.get(channel) == before.get(channel)
    body = {"phone_number": current().number(), "verify_profile_id": before["id"]}
    assert api.call(TRIGGERS["flashcall"], body).status == 200


@requirement("VFY-PROF-013", operations=["CreateVerifyProfile", "UpdateVerifyProfile"])
@pytest.mark.parametrize("name", ["sms", "call"])
def test_codes_have_four_to_ten_digits(api: Api, name: str) -> None:
    bad: list[Any] = [3, 0, -1, 11, 12, 10**9, "6", 5.5, True, None, [6]]
    judge_bounds(api, name, "code_length", [4, 6, 10], bad)


@requirement("VFY-PROF-014", operations=["CreateVerifyProfile", "UpdateVerifyProfile"])
def test_no_code_lives_longer_than_ten_minutes_by_default(api: Api, channel: str) -> None:
    bad: list[Any] = [0, -1, 601, 86_400, 10**12, "60", 1.5, True, None, [60]]
    judge_bounds(api, channel, "default_verification_timeout_secs", [1, 60, 600], bad)


@requirement("VFY-PROF-015", operations=["CreateVerifyProfile", "UpdateVerifyProfile"])
@pytest.mark.parametrize("what", NAMES)
def test_a_name_is_kept_letter_by_letter(api: Api, what: str) -> None:
    made = create(api, name=NAMES[what], sms=EVERYWHERE)
    profile = api.profile()
    renamed = patch(api, profile, {"name": NAMES[what]})
    for answer in (made, renamed):
        assert answer.succeeded or 400 <= answer.status < 500
        if answer.succeeded:
            made_of = answer.data or {}
            assert made_of.get("name") == NAMES[what]
            read = api.set_up("VFY-PROF-001", "GetVerifyProfile", verify_profile_id=made_of["id"])
            assert read["name"] == NAMES[what]


@requirement("VFY-PROF-016", operations=["CreateVerifyProfile", "UpdateVerifyProfile"])
@pytest.mark.parametrize("name", ["sms", "call"])
def test_a_profiles_template_exists(api: Api, name: str) -> None:
    profile = api.profile()
    block = {name: {"messaging_template_id": UNKNOWN_ID, **EVERYWHERE}}
    assert 400 <= create(api, **block).status < 500
    assert 400 <= patch(api, profile, block).status < 500
    assert api.call("GetVerifyProfile", verify_profile_id=profile["id"]).data == profile
