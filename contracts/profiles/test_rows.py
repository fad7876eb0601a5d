"""Rows of lists, member by member, with values that nothing has by default."""

from typing import Any

import pytest

from verify_harness.checks import CHANNELS, Api, Opener, current, requirement

STOCK = ("2ca3f1da-5621-4aa6-ae56-df21caff79e0", "0abb5b4f-459f-445a-bfcd-488998b7572d")
UNUSUAL: dict[str, Any] = {
    "language": "sv-SE",
    "webhook_url": "http://127.0.0.1:9/row",
    "webhook_failover_url": "http://127.0.0.1:9/row?again",
    "daily_spend_limit": 41.25,
    "daily_spend_limit_enabled": True,
    "sms": {
        "app_name": "Row 1",
        "code_length": 8,
        "default_verification_timeout_secs": 111,
        "messaging_template_id": STOCK[0],
        "alpha_sender": "Rows",
        "whitelisted_destinations": ["GB", "US"],
    },
    "call": {
        "app_name": "Row 2",
        "code_length": 9,
        "default_verification_timeout_secs": 122,
        "messaging_template_id": STOCK[1],
        "whitelisted_destinations": ["CA"],
    },
    "flashcall": {
        "app_name": "Row 3",
        "default_verification_timeout_secs": 133,
        "whitelisted_destinations": ["FR", "DE"],
    },
    "whatsapp": {
        "default_verification_timeout_secs": 144,
        "waba_id": "998877",
        "template_id": "row_template",
        "sender_phone_number": "+13035550177",
        "whitelisted_destinations": ["*"],
    },
}
"""Every member that a profile can have, none of them at its default."""


def read(api: Api, profile_id: str) -> Any:
    """A profile as it reads by its id."""
    return api.call("GetVerifyProfile", verify_profile_id=profile_id).data


def page(api: Api, number: int, **more: str | int) -> list[dict[str, Any]]:
    """The rows of one page of two."""
    query: dict[str, str | int] = {"page[size]": 2, "page[number]": number, **more}
    rows: list[dict[str, Any]] = api.call("ListProfiles", query=query).data
    return rows


@requirement("VFY-LIST-009", operations=["ListProfiles"])
def test_rows_are_whole_on_every_page_and_under_a_filter(api: Api) -> None:
    tag = current().tag
    made = [api.profile(name=f"{tag} {index}", **UNUSUAL)["id"] for index in range(5)]
    change = {"language": "it-IT", "call": {"app_name": "Row 4"}}
    api.set_up("VFY-PROF-002", "UpdateVerifyProfile", change, verify_profile_id=made[2])
    met = [row for number in (1, 2, 3) for row in page(api, number, **{"filter[name]": tag})]
    assert sorted(row["id"] for row in met) == sorted(made)
    for row in met:
        assert row == read(api, row["id"])


@requirement("VFY-LIST-009", operations=["ListProfiles"])
@pytest.mark.parametrize("number", [1, 2])
def test_rows_are_whole_without_a_filter(api: Api, number: int) -> None:
    for index in range(4):
        api.profile(name=f"{current().tag} {index}", **UNUSUAL)
    rows = page(api, number)
    assert len(rows) == 2
    for row in rows:
        assert row == read(api, row["id"])


@requirement("VFY-LIST-009", operations=["ListVerifications"])
def test_a_numbers_rows_are_whole(api: Api, channel: str) -> None:
    number, profile = current().number(), api.profile()
    others = [each for each in CHANNELS if each != channel]
    made = [
        Opener(api, each, "by_id")(number=number, profile=profile, timeout_secs=70 + at)
        for at, each in enumerate((channel, *others, channel))
    ]
    made[-1].accept()
    rows = {row["id"]: row for row in api.call("ListVerifications", phone_number=number).data}
    for each in made:
        assert rows.get(each.id) == each.read()
