"""Checking codes: right, wrong, used, late, locked; by id and by number."""

import pytest

from tests.sandbox.conftest import Account
from verify_harness import phone_numbers

NUMBER = phone_numbers.nth(7)


def _by_number(account: Account, profile: str, code: str, number: str = NUMBER) -> str:
    path = f"/verifications/by_phone_number/{number}/actions/verify"
    answer = account.api.post(path, json={"code": code, "verify_profile_id": profile})
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"]["phone_number"] == number
    response_code: str = answer.json()["data"]["response_code"]
    return response_code


@pytest.mark.parametrize("channel", ["sms", "call", "flashcall", "whatsapp"])
def test_the_sent_code_is_accepted_once(account: Account, channel: str) -> None:
    verification = account.trigger(channel)
    code = account.code_of(verification)
    assert account.check(verification, code) == "accepted"
    assert account.status(verification) == "accepted"
    assert account.check(verification, code) == "rejected"


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "0429",
        "429",
        "004290",
        "0042",
        " 00429",
        "00429 ",
        "\uff10\uff10\uff14\uff12\uff19",
        "abc",
        "x" * 64,
    ],
)
def test_a_near_miss_is_rejected_and_leaves_it_pending(account: Account, wrong: str) -> None:
    verification = account.trigger(custom_code="00429")
    assert account.check(verification, wrong) == "rejected"
    assert account.status(verification) == "pending"
    assert account.check(verification, "00429") == "accepted"


def test_five_wrong_codes_lock_a_verification(account: Account) -> None:
    verification = account.trigger(custom_code="11111")
    for _ in range(4):
        account.check(verification, "22222")
    assert account.status(verification) == "pending"
    account.check(verification, "22222")
    assert account.status(verification) == "invalid"
    assert account.check(verification, "11111") == "rejected"


def test_a_late_code_is_rejected(account: Account) -> None:
    verification = account.trigger(custom_code="11111", timeout_secs=30)
    account.advance(31)
    assert account.status(verification) == "expired"
    assert account.check(verification, "11111") == "rejected"


def test_a_code_opens_only_its_own_verification(account: Account) -> None:
    first, second = account.trigger(custom_code="11111"), account.trigger(custom_code="22222")
    assert account.check(first, "22222") == "rejected"
    assert account.check(second, "22222") == "accepted"


def test_a_second_trigger_supersedes_the_first(account: Account) -> None:
    profile = account.profile()
    target = {"phone_number": NUMBER, "verify_profile_id": profile}
    first = account.trigger(custom_code="11111", **target)
    account.trigger("call", custom_code="22222", **target)
    assert account.status(first) == "expired"
    assert account.check(first, "11111") == "rejected"
    assert _by_number(account, profile, "11111") == "rejected"
    assert _by_number(account, profile, "22222") == "accepted"


def test_a_trigger_of_another_profile_supersedes_nothing(account: Account) -> None:
    one, other = account.profile(), account.profile()
    first = account.trigger(custom_code="11111", phone_number=NUMBER, verify_profile_id=one)
    account.trigger(custom_code="22222", phone_number=NUMBER, verify_profile_id=other)
    assert account.status(first) == "pending"
    assert _by_number(account, one, "11111") == "accepted"


def test_by_number_nothing_triggered_is_404_and_nothing_pending_is_rejected(
    account: Account,
) -> None:
    profile = account.profile()
    path = f"/verifications/by_phone_number/{NUMBER}/actions/verify"
    body = {"code": "11111", "verify_profile_id": profile}
    answer = account.api.post(path, json=body)
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["code"] == "10005"
    account.trigger(custom_code="11111", phone_number=NUMBER, verify_profile_id=profile)
    assert _by_number(account, profile, "11111") == "accepted"
    assert _by_number(account, profile, "11111") == "rejected"


@pytest.mark.parametrize("plus", ["+", "%2B", "%2b"])
def test_a_plus_in_the_path_may_be_encoded(account: Account, plus: str) -> None:
    profile = account.profile()
    account.trigger(custom_code="11111", phone_number=NUMBER, verify_profile_id=profile)
    path = f"/verifications/by_phone_number/{plus}{NUMBER[1:]}/actions/verify"
    answer = account.api.post(path, json={"code": "11111", "verify_profile_id": profile})
    assert answer.json()["data"] == {"phone_number": NUMBER, "response_code": "accepted"}


@pytest.mark.parametrize("outcome, status", [("accepted", "accepted"), ("rejected", "invalid")])
def test_the_caller_may_set_the_outcome_of_its_own_code(
    account: Account, outcome: str, status: str
) -> None:
    verification = account.trigger(custom_code="11111")
    path = f"/verifications/{verification['id']}/actions/verify"
    answer = account.api.post(path, json={"status": outcome})
    assert answer.json()["data"]["response_code"] == outcome
    assert account.status(verification) == status


def test_the_outcome_of_a_drawn_code_cannot_be_set(account: Account) -> None:
    verification = account.trigger()
    path = f"/verifications/{verification['id']}/actions/verify"
    answer = account.api.post(path, json={"status": "accepted"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "10015"
    assert account.status(verification) == "pending"


@pytest.mark.parametrize(
    "body", [{}, {"code": "1", "status": "accepted"}, {"code": 11111}, {"status": "maybe"}, []]
)
def test_a_check_by_id_needs_a_code_or_a_status(account: Account, body: object) -> None:
    verification = account.trigger(custom_code="11111")
    path = f"/verifications/{verification['id']}/actions/verify"
    assert account.api.post(path, json=body).status_code == 400


@pytest.mark.parametrize("missing", ["code", "verify_profile_id"])
def test_a_check_by_number_needs_code_and_profile(account: Account, missing: str) -> None:
    body = {"code": "11111", "verify_profile_id": account.profile()}
    del body[missing]
    answer = account.api.post(f"/verifications/by_phone_number/{NUMBER}/actions/verify", json=body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "10004"
