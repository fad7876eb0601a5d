"""Number lookup."""

import pytest

from tests.sandbox.conftest import Account


def test_a_plain_lookup_formats_and_locates_the_number(account: Account) -> None:
    shown = account.api.get("/number_lookup/+13035550100").json()["data"]
    assert shown["phone_number"] == "+13035550100"
    assert shown["country_code"] == "US"
    assert shown["national_format"] == "(303) 555-0100"
    assert shown["valid_number"] is True
    assert shown["portability"]["lrn"] == "3035550000"
    assert {shown[name] for name in ("carrier", "caller_name", "caller_identity")} == {None}


def test_a_number_outside_north_america_has_no_portability(account: Account) -> None:
    shown = account.api.get("/number_lookup/%2B447700900123").json()["data"]
    assert shown["country_code"] == "GB"
    assert shown["portability"] is None


@pytest.mark.parametrize("query", ["type=carrier&type=caller-name", "type=carrier,caller-name"])
def test_types_may_be_repeated_or_joined(account: Account, query: str) -> None:
    shown = account.api.get(f"/number_lookup/+13035550100?{query}").json()["data"]
    assert shown["carrier"]["mobile_country_code"] == "US"
    assert shown["caller_name"]["caller_name"]
    assert shown["enhanced_caller_name"] is None


def test_the_same_number_gives_the_same_data(account: Account) -> None:
    path = "/number_lookup/+13035550100?type=carrier,caller-identity,enhanced-caller-name"
    assert account.api.get(path).json() == account.api.get(path).json()


@pytest.mark.parametrize("number", ["banana", "+13", "13035550100", "+999123456789", "%20"])
def test_what_is_no_number_is_422(account: Account, number: str) -> None:
    answer = account.api.get(f"/number_lookup/{number}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "10027"


def test_an_unknown_type_is_400(account: Account) -> None:
    answer = account.api.get("/number_lookup/+13035550100?type=shoe-size")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["source"] == {"parameter": "type"}
