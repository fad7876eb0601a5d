"""The four triggers."""

import pytest

from tests.sandbox.conftest import Account
from verify_harness import phone_numbers

CHANNELS = ["sms", "call", "flashcall", "whatsapp"]
NUMBER = phone_numbers.nth(0)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_trigger_answers_with_a_pending_verification(account: Account, channel: str) -> None:
    profile = account.profile()
    shown = account.trigger(channel, phone_number=NUMBER, verify_profile_id=profile)
    created_at = shown.pop("created_at")
    assert shown.pop("updated_at") == created_at
    assert shown.pop("id")
    assert shown == {
        "type": channel,
        "record_type": "verification",
        "phone_number": NUMBER,
        "verify_profile_id": profile,
        "custom_code": None,
        "timeout_secs": 300,
        "status": "pending",
    }


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_trigger_sends_one_message_on_its_channel(account: Account, channel: str) -> None:
    shown = account.trigger(channel)
    (message,) = account.outbox()
    assert message["number"] == 1
    assert message["channel"] == channel
    assert message["to"] == shown["phone_number"]
    assert message["verification_id"] == shown["id"]
    assert message["verify_profile_id"] == shown["verify_profile_id"]


def test_a_flash_call_hides_the_code_in_the_callers_number(account: Account) -> None:
    account.trigger("flashcall", custom_code="4444")
    (message,) = account.outbox()
    assert message["caller"].endswith(message["code"])
    assert message["text"] is None
    assert len(message["code"]) == 5


def test_a_custom_code_is_echoed_and_sent(account: Account) -> None:
    shown = account.trigger(custom_code="00429")
    assert shown["custom_code"] == "00429"
    assert account.code_of(shown) == "00429"


@pytest.mark.parametrize("channel", ["sms", "call"])
def test_a_drawn_code_has_the_length_of_the_channel(account: Account, channel: str) -> None:
    profile = account.profile(**{channel: {"code_length": 8}})
    code = account.code_of(account.trigger(channel, verify_profile_id=profile))
    assert len(code) == 8
    assert code.isdigit()


def test_a_drawn_code_never_comes_back(account: Account) -> None:
    shown = account.trigger()
    read = account.api.get(f"/verifications/{shown['id']}")
    assert account.code_of(shown) not in {str(value) for value in shown.values()}
    assert account.code_of(shown) not in {str(value) for value in read.json()["data"].values()}


def test_the_profiles_timeout_applies_unless_another_is_asked_for(account: Account) -> None:
    profile = account.profile(call={"default_verification_timeout_secs": 60})
    assert account.trigger("call", verify_profile_id=profile)["timeout_secs"] == 60
    assert account.trigger("call", verify_profile_id=profile, timeout_secs=9)["timeout_secs"] == 9


@pytest.mark.parametrize(
    "field, value",
    [
        ("phone_number", "303-555-0100"),
        ("phone_number", "+1303555010"),
        ("phone_number", "+999123456789"),
        ("phone_number", 13035550100),
        ("verify_profile_id", "not-an-id"),
        ("timeout_secs", 0),
        ("timeout_secs", 601),
        ("timeout_secs", True),
        ("timeout_secs", "300"),
        ("custom_code", "123"),
        ("custom_code", "12345678901"),
        ("custom_code", "12a45"),
        ("custom_code", "\uff11\uff12\uff13\uff14\uff15"),
        ("extension", "1x2"),
        ("extension", "1" * 51),
    ],
)
def test_a_bad_field_is_refused_and_nothing_sent(
    account: Account, field: str, value: object
) -> None:
    body = {"phone_number": NUMBER, "verify_profile_id": account.profile(), field: value}
    answer = account.api.post("/verifications/call", json=body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["source"] == {"pointer": f"/{field}"}
    assert account.outbox() == []


@pytest.mark.parametrize("missing", ["phone_number", "verify_profile_id"])
def test_a_missing_field_is_named(account: Account, missing: str) -> None:
    body = {"phone_number": NUMBER, "verify_profile_id": account.profile()}
    del body[missing]
    (error,) = account.api.post("/verifications/sms", json=body).json()["errors"]
    assert error["code"] == "10004"
    assert error["source"]["pointer"] == f"/{missing}"


def test_fields_of_other_channels_and_unknown_ones_are_ignored(account: Account) -> None:
    shown = account.trigger("sms", extension="!", colour="blue")
    assert "extension" not in shown
    assert "colour" not in shown


def test_an_unknown_profile_is_refused_and_nothing_sent(account: Account) -> None:
    body = {"phone_number": NUMBER, "verify_profile_id": "12ade33a-21c0-473b-b055-b3c836e1c292"}
    answer = account.api.post("/verifications/sms", json=body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "10015"
    assert account.outbox() == []


def test_a_profile_with_channels_allows_only_those(account: Account) -> None:
    profile = account.api.post("/verify_profiles", json={"name": "x", "sms": {}}).json()["data"]
    body = {"phone_number": NUMBER, "verify_profile_id": profile["id"]}
    assert account.api.post("/verifications/sms", json=body).status_code == 200
    answer = account.api.post("/verifications/call", json=body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "10015"


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_profile_without_channels_allows_all(account: Account, channel: str) -> None:
    profile = account.api.post("/verify_profiles", json={"name": "x"}).json()["data"]
    assert account.trigger(channel, verify_profile_id=profile["id"])["timeout_secs"] == 300


@pytest.mark.parametrize(
    "countries, status", [(["US"], 200), (["DE", "CA"], 400), (["*"], 200), ([], 200)]
)
def test_the_list_of_countries_holds_numbers_back(
    account: Account, countries: list[str], status: int
) -> None:
    profile = account.profile(sms={"whitelisted_destinations": countries})
    body = {"phone_number": "+13035550100", "verify_profile_id": profile}
    answer = account.api.post("/verifications/sms", json=body)
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["errors"][0]["code"] == "40309"
        assert account.outbox() == []


def test_the_same_seed_gives_the_same_ids_keys_and_codes(account: Account, mint: object) -> None:
    assert callable(mint)
    drawn = []
    for _ in range(2):
        first, _second = mint(seed=42)
        shown = first.trigger()
        drawn.append((shown["id"], first.code_of(shown)))
    assert drawn[0] == drawn[1]
