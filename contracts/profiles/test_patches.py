"""PATCH of lists and blocks: in the old one's place, at once, and one after the other."""

from typing import Any

import pytest

from verify_harness.checks import TRIGGERS, Api, current, requirement

PATCHABLE = ("sms", "call", "whatsapp")
"""A PATCH of flashcall is not declared (conflict C15)."""
MEMBERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "sms": ({"code_length": 7}, {"app_name": "Two"}),
    "call": ({"app_name": "Two"}, {"default_verification_timeout_secs": 91}),
    "whatsapp": ({"waba_id": "4711"}, {"template_id": "two"}),
}
"""Two changes of one block, of different members."""


def patched(api: Api, profile_id: str, change: dict[str, Any]) -> dict[str, Any]:
    """The profile as it reads after a PATCH, which has to answer just that."""
    answer = api.call("UpdateVerifyProfile", change, verify_profile_id=profile_id)
    assert answer.status == 200
    after = api.call("GetVerifyProfile", verify_profile_id=profile_id).data
    assert answer.data == after
    found: dict[str, Any] = after
    return found


def is_sent_to(api: Api, channel: str, profile_id: str, country: str) -> bool:
    """Whether a trigger for a number of this country is taken."""
    body = {"phone_number": current().number_in(country), "verify_profile_id": profile_id}
    return api.call(TRIGGERS[channel], body).succeeded


@requirement("VFY-PROF-017", operations=["UpdateVerifyProfile"])
@pytest.mark.parametrize("name", PATCHABLE)
def test_a_list_in_a_patch_takes_the_old_ones_place(api: Api, name: str) -> None:
    profile_id = api.profile(**{name: {"whitelisted_destinations": ["US", "GB"]}})["id"]
    for countries in (["FR"], ["GB", "CA", "DE"], ["GB", "CA", "DE"], ["DE"], ["CA", "US"]):
        change = {name: {"whitelisted_destinations": countries}}
        after = patched(api, profile_id, change)
        assert after[name]["whitelisted_destinations"] == countries
        for country in ("US", "GB", "FR", "DE"):
            assert is_sent_to(api, name, profile_id, country) == (country in countries)


@requirement("VFY-PROF-002", operations=["UpdateVerifyProfile"])
@pytest.mark.parametrize("name", PATCHABLE)
def test_two_patches_in_a_row_both_stay(api: Api, name: str) -> None:
    american = {"whitelisted_destinations": ["US"]}  # some accounts have to name them (C1)
    made = api.profile(**{name: american})
    first, second = ({**change, **american} for change in MEMBERS[name])
    once = patched(api, made["id"], {name: first, "name": "first"})
    twice = patched(api, made["id"], {name: second, "language": "sv-SE"})
    assert once[name] == {**made[name], **first}
    merged, replaced = {**once[name], **second}, {**made[name], **second}
    merges_only = current().target.says_documented
    assert twice[name] == merged or (twice[name] == replaced and not merges_only)
    assert (twice["name"], twice["language"]) == ("first", "sv-SE")
    for other in ("sms", "call", "flashcall", "whatsapp"):
        assert other == name or twice[other] == made[other]


@requirement("VFY-PROF-002", operations=["UpdateVerifyProfile"])
def test_patches_of_two_blocks_do_not_meet(api: Api) -> None:
    made = api.profile()
    for name in PATCHABLE:
        change = {name: {"whitelisted_destinations": ["SE"]}}
        patched(api, made["id"], change)
    after = api.call("GetVerifyProfile", verify_profile_id=made["id"]).data
    for name in PATCHABLE:
        assert after[name]["whitelisted_destinations"] == ["SE"]
    assert after["flashcall"] == made["flashcall"]
    assert after["name"] == made["name"]
