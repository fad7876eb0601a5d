"""Profiles: created, read, listed, changed, deleted."""

from typing import Any

import pytest

from tests.sandbox.conftest import Account

UNKNOWN = "12ade33a-21c0-473b-b055-b3c836e1c292"


def _create(account: Account, **fields: Any) -> dict[str, Any]:
    answer = account.api.post("/verify_profiles", json={"name": "p", **fields})
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()["data"]
    return shown


def test_a_profile_of_a_name_only_has_the_documented_defaults(account: Account) -> None:
    shown = _create(account, name="Test Profile")
    assert shown.pop("created_at") == shown.pop("updated_at")
    assert shown.pop("id")
    assert shown == {
        "name": "Test Profile",
        "language": "en-US",
        "webhook_url": None,
        "webhook_failover_url": None,
        "record_type": "verification_profile",
        "daily_spend_limit": None,
        "daily_spend_limit_enabled": False,
    }


def test_each_channel_block_is_filled_with_its_defaults(account: Account) -> None:
    shown = _create(account, sms={}, call={}, flashcall={}, whatsapp={})
    common: dict[str, Any] = {
        "app_name": None,
        "default_verification_timeout_secs": 300,
        "whitelisted_destinations": [],
    }
    message = {**common, "code_length": 5, "messaging_template_id": None}
    extra = {"waba_id": None, "template_id": None, "sender_phone_number": None}
    assert shown["sms"] == {**message, "alpha_sender": "Telnyx"}
    assert shown["call"] == message
    assert shown["flashcall"] == common
    assert shown["whatsapp"] == {**message, **extra}


def test_a_created_profile_reads_back_equal(account: Account) -> None:
    fields = {
        "name": "Ünïcode — 名",
        "language": "de-DE",
        "webhook_url": "http://example.com/webhook",
        "webhook_failover_url": "https://example.com/failover",
        "daily_spend_limit": 12.5,
        "daily_spend_limit_enabled": True,
    }
    sms = {"app_name": "Shop 24", "code_length": 6, "alpha_sender": None}
    shown = _create(account, **fields, sms=sms)
    assert {key: shown[key] for key in fields} == fields
    assert {key: shown["sms"][key] for key in sms} == sms
    assert account.api.get(f"/verify_profiles/{shown['id']}").json() == {"data": shown}


def test_a_patch_changes_what_it_names_and_keeps_the_rest(account: Account) -> None:
    shown = _create(account, language="fr-FR", sms={"code_length": 7, "app_name": "Shop"})
    patch = {"name": "new", "sms": {"app_name": "Other"}, "call": {"code_length": 4}}
    changed = account.api.patch(f"/verify_profiles/{shown['id']}", json=patch).json()["data"]
    assert changed["name"] == "new"
    assert changed["language"] == "fr-FR"
    assert changed["sms"] == {**shown["sms"], "app_name": "Other"}
    assert changed["call"]["code_length"] == 4
    assert changed["updated_at"] > changed["created_at"]


def test_a_patch_ignores_flashcall_and_an_empty_one_changes_nothing(account: Account) -> None:
    shown = _create(account, sms={})
    for patch in ({"flashcall": {"app_name": "x"}}, {}):
        answer = account.api.patch(f"/verify_profiles/{shown['id']}", json=patch)
        assert answer.json() == {"data": shown}


def test_a_patch_without_a_body_is_400(account: Account) -> None:
    shown = _create(account)
    headers = {"content-type": "application/json"}
    answer = account.api.patch(f"/verify_profiles/{shown['id']}", headers=headers)
    assert answer.status_code == 400


def test_a_deleted_profile_is_returned_and_gone(account: Account) -> None:
    shown = _create(account, sms={})
    path = f"/verify_profiles/{shown['id']}"
    pending = account.trigger(verify_profile_id=shown["id"], custom_code="12345")
    answer = account.api.delete(path)
    assert answer.status_code == 200
    assert answer.json() == {"data": shown}
    for again in (
        account.api.get(path),
        account.api.delete(path),
        account.api.patch(path, json={}),
    ):
        assert again.status_code == 404
    assert account.status(pending) == "expired"
    assert account.check(pending, "12345") == "rejected"


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH"])
def test_an_unknown_profile_is_404(account: Account, method: str) -> None:
    body: dict[str, Any] | None = {} if method == "PATCH" else None
    answer = account.api.request(method, f"/verify_profiles/{UNKNOWN}", json=body)
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["code"] == "10005"


@pytest.mark.parametrize(
    "pointer, fields",
    [
        ("/name", {"name": ""}),
        ("/name", {"name": "x" * 256}),
        ("/name", {"name": None}),
        ("/language", {"language": "english"}),
        ("/webhook_url", {"webhook_url": "ftp://example.com"}),
        ("/webhook_url", {"webhook_url": "http://" + "x" * 2000}),
        ("/daily_spend_limit", {"daily_spend_limit": -1}),
        ("/daily_spend_limit", {"daily_spend_limit": True}),
        ("/daily_spend_limit_enabled", {"daily_spend_limit_enabled": 1}),
        ("/sms", {"sms": None}),
        ("/sms/code_length", {"sms": {"code_length": 3}}),
        ("/sms/code_length", {"sms": {"code_length": 11}}),
        ("/sms/alpha_sender", {"sms": {"alpha_sender": "twelve chars"}}),
        ("/sms/app_name", {"sms": {"app_name": "a_b"}}),
        ("/sms/messaging_template_id", {"sms": {"messaging_template_id": UNKNOWN}}),
        (
            "/call/default_verification_timeout_secs",
            {"call": {"default_verification_timeout_secs": 601}},
        ),
        ("/call/whitelisted_destinations", {"call": {"whitelisted_destinations": ["usa"]}}),
        ("/whatsapp/whitelisted_destinations", {"whatsapp": {"whitelisted_destinations": "US"}}),
    ],
)
def test_a_bad_field_is_refused_by_create_and_update(
    account: Account, pointer: str, fields: dict[str, Any]
) -> None:
    profile = f"/verify_profiles/{_create(account)['id']}"
    for answer in (
        account.api.post("/verify_profiles", json={"name": "p", **fields}),
        account.api.patch(profile, json=fields),
    ):
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["source"] == {"pointer": pointer}


def test_pages_hold_every_profile_once_in_order(account: Account) -> None:
    created = [_create(account, name=f"p{index}")["id"] for index in range(7)]
    seen = []
    for number in (1, 2, 3):
        query = {"page[number]": number, "page[size]": 3}
        listed = account.api.get("/verify_profiles", params=query).json()
        seen += [each["id"] for each in listed["data"]]
        assert listed["meta"] == {
            "total_pages": 3,
            "total_results": 7,
            "page_size": 3,
            "page_number": number,
        }
    assert seen == created


def test_a_page_beyond_the_end_is_empty_with_true_meta(account: Account) -> None:
    _create(account)
    listed = account.api.get("/verify_profiles", params={"page[number]": 9}).json()
    assert listed["data"] == []
    assert listed["meta"] == {
        "total_pages": 1,
        "total_results": 1,
        "page_size": 25,
        "page_number": 9,
    }


@pytest.mark.parametrize(
    "query", ["page[number]=0", "page[size]=251", "page[size]=x", "page[number]=", "page[size]=-1"]
)
def test_a_bad_page_is_400_and_names_the_parameter(account: Account, query: str) -> None:
    answer = account.api.get(f"/verify_profiles?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["source"] == {"parameter": query.partition("=")[0]}


def test_the_name_filter_is_a_part_of_the_name_case_by_case(account: Account) -> None:
    for name in ("shop one", "Shop two", "bank"):
        _create(account, name=name)
    listed = account.api.get("/verify_profiles", params={"filter[name]": "shop"}).json()
    assert [each["name"] for each in listed["data"]] == ["shop one"]
    assert listed["meta"]["total_results"] == 1
