"""Number lookup: about the number that was asked, and only about numbers."""

from typing import Any

import pytest

from verify_harness import numbers
from verify_harness.contract import current, requirement
from verify_harness.contract.api import Api


@requirement("VFY-LOOK-001", operations=["LookupNumber"])
@pytest.mark.parametrize("country", ["US", "GB", "DE", "FR"])
def test_a_lookup_is_about_the_number_asked(api: Api, country: str) -> None:
    area = current().random.choice(numbers.in_country(country))
    number = area.number(current().random.randrange(area.size))
    found = api.call("LookupNumber", phone_number=number)
    assert found.status == 200
    assert found.data["phone_number"] == number
    assert found.data["country_code"] == country


@requirement("VFY-LOOK-002", operations=["LookupNumber"])
@pytest.mark.parametrize(
    "number", ["+1", "+0000000", "abc", "+1303555010012345678", "+1303555O1OO"]
)
def test_what_is_no_number_cannot_be_looked_up(api: Api, number: str) -> None:
    answer = api.call("LookupNumber", phone_number=number)
    assert answer.status in {400, 404, 422}
    current().findings.observe("C2", str(answer.status), "LookupNumber")


PARTS = {"carrier": "carrier", "caller-name": "caller_name"}
"""The member that each type fills."""


def look_up(api: Api, query: str) -> dict[str, Any]:
    """What is told about a number, with this query."""
    operation = api.spec.operation("LookupNumber")
    url = api.url(operation, {"phone_number": "+13035550142"}) + query
    headers = (("Authorization", f"Bearer {api.key}"),)
    answer = api.send(operation, url=url, headers=headers, content=None)
    assert answer.status == 200
    assert isinstance(answer.data, dict)
    return answer.data


def filled(found: dict[str, Any]) -> set[str]:
    """The types that a lookup gave."""
    return {name for name, member in PARTS.items() if found.get(member)}


@requirement("VFY-LOOK-003", operations=["LookupNumber"])
def test_a_lookup_holds_what_was_asked_for(api: Api) -> None:
    plain = look_up(api, "")
    assert plain["record_type"] == "number_lookup"
    assert filled(plain) == set()
    for name in PARTS:
        assert filled(look_up(api, f"?type={name}")) <= {name}


@requirement("VFY-LOOK-004", operations=["LookupNumber"])
@pytest.mark.parametrize("query", ["?type=carrier&type=caller-name", "?type=caller-name%2Ccarrier"])
def test_several_types_may_be_asked_for(api: Api, query: str) -> None:
    assert filled(look_up(api, query)) == set(PARTS)
    for name in PARTS:
        assert filled(look_up(api, f"?type={name}")) == {name}
