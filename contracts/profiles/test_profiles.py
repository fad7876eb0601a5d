"""Profiles: what is written is what is read, and nothing else moves."""

from typing import Any

from verify_harness.checks import Api, current, requirement

FULL: dict[str, Any] = {
    "name": "Checkout of the harness, 40 characters.",
    "language": "fr-FR",
    "webhook_url": "http://127.0.0.1:9/hook",
    "webhook_failover_url": "http://127.0.0.1:9/failover",
    "daily_spend_limit": 12.5,
    "daily_spend_limit_enabled": True,
    "sms": {
        "app_name": "Harness 1",
        "code_length": 7,
        "default_verification_timeout_secs": 222,
        "alpha_sender": "Harness",
        "whitelisted_destinations": ["US", "GB"],
    },
    "call": {
        "app_name": "Harness 2",
        "code_length": 8,
        "default_verification_timeout_secs": 333,
        "whitelisted_destinations": ["US", "FR"],
    },
    "whatsapp": {"default_verification_timeout_secs": 444, "whitelisted_destinations": ["CA"]},
}


RARE: dict[str, Any] = {
    "sms": {
        "messaging_template_id": "2ca3f1da-5621-4aa6-ae56-df21caff79e0",
        "whitelisted_destinations": ["*"],
    },
    "call": {
        "messaging_template_id": "0abb5b4f-459f-445a-bfcd-488998b7572d",
        "whitelisted_destinations": ["*"],
    },
    "flashcall": {"app_name": "Harness 4", "default_verification_timeout_secs": 155},
    "whatsapp": {
        "default_verification_timeout_secs": 166,
        "waba_id": "1234567890",
        "template_id": "authentication_template_id",
        "sender_phone_number": "+13035550100",
        "whitelisted_destinations": ["US", "CA"],
    },
}
"""The fields that FULL leaves out; the templates are stock ones."""


KNOWN = {*FULL, *RARE, "id", "record_type", "created_at", "updated_at"}
"""The documented members; others may come (facts.md#profile-further-members)."""


def holds(found: Any, wanted: Any) -> bool:
    """Whether every member of `wanted` is in `found` with that value, at any depth."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(holds(found.get(k), v) for k, v in wanted.items())
    return bool(found == wanted)


@requirement("VFY-PROF-001", operations=["CreateVerifyProfile", "GetVerifyProfile"])
def test_a_profile_reads_as_it_was_created(api: Api) -> None:
    made = api.profile(**FULL)
    current().findings.observe("C6", str(made["record_type"]), "CreateVerifyProfile")
    for name in {"whatsapp", "rcs"} & made.keys():
        current().findings.observe("C14", name, "CreateVerifyProfile")
    read = api.call("GetVerifyProfile", verify_profile_id=made["id"])
    assert holds(made, FULL)
    assert read.data == made
    for name in made.keys() - KNOWN:
        current().findings.observe("D14", f"profiles have a member {name}", "GetVerifyProfile")
    assert made["record_type"] == "verification_profile"


@requirement("VFY-PROF-001", operations=["CreateVerifyProfile", "GetVerifyProfile"])
def test_every_field_of_every_channel_reads_back(api: Api) -> None:
    made = api.profile(**RARE)
    read = api.call("GetVerifyProfile", verify_profile_id=made["id"])
    assert holds(made, RARE)
    assert read.data == made


@requirement("VFY-PROF-002", operations=["UpdateVerifyProfile"])
def test_patch_changes_what_it_names_and_nothing_else(api: Api) -> None:
    before, other = api.profile(**FULL), api.profile()
    for change in (
        {"name": "renamed"},
        {"language": "de-DE"},
        {"daily_spend_limit_enabled": False},
    ):
        after = patched(api, before, change)
        assert _without_stamp(after) == _without_stamp(before | change)
        before = after
    assert api.call("GetVerifyProfile", verify_profile_id=other["id"]).data == other


@requirement("VFY-PROF-002", operations=["UpdateVerifyProfile"])
def test_patch_of_a_block_keeps_the_other_blocks(api: Api) -> None:
    before, defaults = api.profile(**FULL), api.profile(sms={}, call={})
    changes = {"sms": {"code_length": 4}, "call": {"app_name": "Harness 3"}}
    for channel, change in changes.items():
        after = patched(api, before, {channel: change})
        merged, replaced = before[channel] | change, defaults[channel] | change
        merges_only = current().target.says_documented
        assert after[channel] == merged or (after[channel] == replaced and not merges_only)
        current().findings.observe("C4", "merge" if after[channel] == merged else "replace")
        assert _without_stamp(after) == _without_stamp(before | {channel: after[channel]})
        before = after


def patched(api: Api, profile: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """The profile as it reads after a PATCH, which has to answer just that."""
    answer = api.call("UpdateVerifyProfile", change, verify_profile_id=profile["id"])
    after: dict[str, Any] = api.call("GetVerifyProfile", verify_profile_id=profile["id"]).data
    assert answer.status == 200
    assert answer.data == after
    return after


def _without_stamp(profile: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in profile.items() if key != "updated_at"}


@requirement("VFY-PROF-003", operations=["DeleteProfile"])
def test_a_deleted_profile_is_gone(api: Api) -> None:
    doomed, kept = api.profile(), api.profile()
    answer = api.call("DeleteProfile", verify_profile_id=doomed["id"])
    assert answer.status == 200
    assert answer.data["id"] == doomed["id"]
    assert api.call("GetVerifyProfile", verify_profile_id=doomed["id"]).status == 404
    assert api.call("DeleteProfile", verify_profile_id=doomed["id"]).status == 404
    assert api.call("GetVerifyProfile", verify_profile_id=kept["id"]).data == kept


@requirement("VFY-PROF-004", operations=["CreateVerifyProfile"])
def test_defaults_are_the_documented_ones(api: Api) -> None:
    made = api.profile()
    for name in ("default_verification_timeout_secs", "default_timeout_secs"):
        if name in made["sms"]:
            current().findings.observe("C5", name, "CreateVerifyProfile")
    current().findings.observe("C16", str(made["sms"]["code_length"]), "CreateVerifyProfile")
    assert made["language"] == "en-US"
    if current().target.says_documented:  # conflict C16
        assert made["sms"]["code_length"] == 5
    assert made["call"]["code_length"] == made["sms"]["code_length"]
    for channel in ("sms", "call", "flashcall", "whatsapp"):
        assert made[channel]["default_verification_timeout_secs"] == 300


@requirement("VFY-PROF-004", operations=["CreateVerifyProfile"])
def test_a_profile_with_a_name_only_is_made_or_refused(api: Api) -> None:
    answer = api.call("CreateVerifyProfile", {"name": "verify-harness C1"})
    current().findings.observe("C1", str(answer.status), "CreateVerifyProfile")
    assert answer.status in {200, 400, 422}
    if answer.succeeded:
        assert answer.data["language"] == "en-US"
        api.call("DeleteProfile", verify_profile_id=answer.data["id"])


def _own(api: Api, names: list[str]) -> dict[str, str]:
    """Profiles of these names, by id."""
    return {api.profile(name=name)["id"]: name for name in names}


@requirement("VFY-LIST-002", operations=["ListProfiles"], level="smoke")
def test_counts_are_true(api: Api) -> None:
    tag = current().tag
    _own(api, [f"{tag} {index}" for index in range(5)])
    for size, pages in ((2, 3), (5, 1), (4, 2), (1, 5)):
        page = api.call("ListProfiles", query={"filter[name]": tag, "page[size]": size}).json
        assert page["meta"] == {
            "total_results": 5,
            "total_pages": pages,
            "page_size": size,
            "page_number": 1,
        }
        assert len(page["data"]) == size


@requirement("VFY-LIST-002", operations=["ListProfiles"])
def test_counts_are_the_same_on_every_page(api: Api) -> None:
    tag = current().tag
    _own(api, [f"{tag} {index}" for index in range(5)])
    for number in (1, 2, 3):
        query: dict[str, str | int] = {"page[size]": 2, "page[number]": number}
        meta = api.call("ListProfiles", query=query | {"filter[name]": tag}).json["meta"]
        counts = (meta["total_results"], meta["total_pages"], meta["page_number"])
        assert counts == (5, 3, number)


@requirement("VFY-LIST-003", operations=["ListProfiles"])
def test_pages_hold_each_row_once(api: Api) -> None:
    tag = current().tag
    made = _own(api, [f"{tag} {index}" for index in range(7)])
    met: list[str] = []
    for number in range(1, 6):
        query: dict[str, str | int] = {"page[size]": 3, "page[number]": number}
        rows = api.call("ListProfiles", query=query | {"filter[name]": tag}).data
        assert len(rows) <= 3
        met += [row["id"] for row in rows]
    assert sorted(met) == sorted(made)


@requirement("VFY-LIST-004", operations=["ListProfiles"])
def test_a_filter_by_name_finds_that_name(api: Api) -> None:
    tag = current().tag
    made = _own(api, [f"{tag} apple", f"{tag} pear", f"{tag} apple tart"])
    rows = api.call("ListProfiles", query={"filter[name]": f"{tag} apple"}).data
    found = {row["id"]: row["name"] for row in rows}
    exact = {key: name for key, name in made.items() if name == f"{tag} apple"}
    assert exact.items() <= found.items()
    assert all(f"{tag} apple" in name for name in found.values())
