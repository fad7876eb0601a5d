"""Number lookup: about the number that was asked, and only about numbers."""

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
    current().observe("C2", str(answer.status), "LookupNumber")
