"""Reading verifications by id and by number."""

import pytest

from tests.sandbox.conftest import Account
from verify_harness import phone_numbers

UNKNOWN = "12ade33a-21c0-473b-b055-b3c836e1c292"


def test_a_verification_reads_as_it_was_triggered(account: Account) -> None:
    shown = account.trigger(custom_code="12345")
    assert account.api.get(f"/verifications/{shown['id']}").json() == {"data": shown}


@pytest.mark.parametrize("wanted, status", [(UNKNOWN, 404), ("sms-1", 400), ("%00", 400)])
def test_an_id_that_is_not_there_is_404_and_one_that_is_none_400(
    account: Account, wanted: str, status: int
) -> None:
    answer = account.api.get(f"/verifications/{wanted}")
    assert answer.status_code == status
    assert answer.json()["errors"][0]["code"] == {404: "10005", 400: "10006"}[status]


def test_the_list_of_a_number_holds_its_own_in_order(account: Account) -> None:
    number = phone_numbers.nth(55)
    mine = [account.trigger(phone_number=number)["id"] for _ in range(30)]
    account.trigger()
    listed = account.api.get(f"/verifications/by_phone_number/{number}").json()
    assert [each["id"] for each in listed["data"]] == mine
    assert listed["meta"] == {
        "total_pages": 1,
        "total_results": 30,
        "page_size": 30,
        "page_number": 1,
    }


def test_a_number_without_verifications_has_an_empty_list(account: Account) -> None:
    listed = account.api.get(f"/verifications/by_phone_number/{phone_numbers.nth(3)}").json()
    assert listed["data"] == []
    assert listed["meta"]["total_results"] == 0


def test_a_malformed_number_in_a_path_is_400(account: Account) -> None:
    answer = account.api.get("/verifications/by_phone_number/13035550100")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "10016"
