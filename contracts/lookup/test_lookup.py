"""Number lookup: about the number that was asked, and only about numbers."""

from typing import Any

import phonenumbers
import pytest

from verify_harness.checks import Api, current, phone_numbers, requirement


@requirement("VFY-LOOK-001", operations=["LookupNumber"])
@pytest.mark.parametrize("country", ["US", "GB", "DE", "FR"])
def test_a_lookup_is_about_the_number_asked(api: Api, country: str) -> None:
    area = current().random.choice(phone_numbers.in_country(country))
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
        found = look_up(api, f"?type={name}")
        assert filled(found) <= {name}
        network = (found.get("carrier") or {}).get("mobile_network_code")
        if network is not None:
            seen = "a string" if isinstance(network, str) else "a number"
            current().findings.observe("C17", seen, "LookupNumber")


@requirement("VFY-LOOK-004", operations=["LookupNumber"])
@pytest.mark.parametrize("query", ["?type=carrier&type=caller-name", "?type=caller-name%2Ccarrier"])
def test_several_types_may_be_asked_for(api: Api, query: str) -> None:
    form = "joined by commas" if "%2C" in query else "repeated"
    found = filled(look_up(api, query))
    if found == set(PARTS):
        current().findings.observe("C12", form, "LookupNumber")
    assert found == set(PARTS)
    for name in PARTS:
        assert filled(look_up(api, f"?type={name}")) == {name}


KINDS_OF_LINE = {
    *("fixed line", "mobile", "voip", "fixed line or mobile", "toll free", "premium rate"),
    *("shared cost", "personal number", "pager", "uan", "voicemail", "unknown"),
}
"""The documented ones; another is told, not judged (facts.md#lookup-record-type)."""
IMPOSSIBLE = {
    "fixed line": {"mobile", "toll free", "premium rate", "shared cost", "pager"},
    "mobile": {"fixed line", "toll free", "premium rate", "shared cost", "uan"},
    "toll free": {"fixed line", "mobile", "premium rate", "shared cost", "pager"},
    "uan": {"mobile", "toll free", "premium rate", "pager", "personal number"},
    "fixed line or mobile": {"toll free", "premium rate", "shared cost", "pager", "uan"},
}
"""By what a range is kept for, the types that no number of it can have."""
EACH_KIND = sorted({(area.country, area.kind) for area in phone_numbers.RANGES})


def one_of(country: str, kind: str | None = None) -> str:
    """A reserved number of a country, and of a kind."""
    areas = [each for each in phone_numbers.in_country(country) if kind in {None, each.kind}]
    area = current().random.choice(areas)
    return area.number(current().random.randrange(area.size))


def is_national(told: str, number: str) -> bool:
    """Whether a national format is the national number, with or without a trunk prefix."""
    parsed = phonenumbers.parse(number)
    digits = "".join(filter(str.isdecimal, told))
    trunk_prefixes = ("", "1", "0") if parsed.country_code == 1 else ("", "0")
    national = phonenumbers.national_significant_number(parsed)
    return not told.startswith("+") and digits in {f"{each}{national}" for each in trunk_prefixes}


def judge_plan(api: Api, number: str, country: str) -> None:
    """A lookup that agrees with the plan; Canadian numbers need an account that may ask."""
    answer = api.call("LookupNumber", phone_number=number)
    if country == "CA" and answer.status == 422 and not current().target.says_documented:
        current().findings.observe(
            "lookup-coverage", "Canadian numbers are refused", "LookupNumber"
        )
        return
    assert answer.status == 200
    assert answer.data["phone_number"] == number
    assert answer.data["country_code"] == country
    told = answer.data.get("national_format")
    assert told is None or is_national(told, number)


@requirement("VFY-LOOK-005", operations=["LookupNumber"])
@pytest.mark.parametrize("country", phone_numbers.NORTH_AMERICA)
def test_a_lookup_knows_the_countries_behind_plus_one(api: Api, country: str) -> None:
    judge_plan(api, one_of(country), country)


@requirement("VFY-LOOK-005", operations=["LookupNumber"])
@pytest.mark.parametrize("country, kind", EACH_KIND)
def test_a_lookup_agrees_with_the_numbering_plan(api: Api, country: str, kind: str) -> None:
    for _ in range(3):
        number = one_of(country, kind)
        judge_plan(api, number, country)
        found = api.call("LookupNumber", phone_number=number, query={"type": "carrier"}).data or {}
        for member, name in (("carrier", "type"), ("portability", "line_type")):
            told = (found.get(member) or {}).get(name)
            assert told not in IMPOSSIBLE[kind]
            if told is not None and told not in KINDS_OF_LINE:
                current().findings.observe("D04", f"{member}.{name} is {told}", "LookupNumber")
