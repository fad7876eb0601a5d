"""Where messages may go: to the countries and on the channels that the profile allows."""

from typing import Any

import pytest

from verify_harness.checks import CHANNELS, TRIGGERS, Api, current, phone_numbers, requirement

ALL = tuple(TRIGGERS.values())
COUNTRIES = ("US", "GB", "FR", "DE", "CA")
"""Those we have reserved numbers of; two of them share a calling code."""
AMERICAN = tuple(sorted(country for country in phone_numbers.NORTH_AMERICA if country != "US"))
"""The other countries behind +1."""
EXPENSIVE = ("+19005550100", "+19005550199", "+881612345678", "+979123456789")
"""Premium and satellite numbers; some may be somebody's, so only a sandbox is asked."""


def status_of(api: Api, channel: str, profile_id: str, number: str) -> int:
    """The status of one trigger."""
    body = {"phone_number": number, "verify_profile_id": profile_id}
    return api.call(TRIGGERS[channel], body).status


@requirement("VFY-DEST-001", operations=ALL)
@pytest.mark.parametrize("country", COUNTRIES)
def test_a_country_outside_the_list_is_refused(api: Api, channel: str, country: str) -> None:
    others = [each for each in COUNTRIES if each != country]
    profile = api.profile(**{channel: {"whitelisted_destinations": others}})
    assert 400 <= status_of(api, channel, profile["id"], current().number_in(country)) < 500
    assert current().levers.sent_nothing()
    for allowed in others:
        number = current().number_in(allowed)
        assert status_of(api, channel, profile["id"], number) == 200


@requirement("VFY-DEST-001", operations=ALL)
def test_plus_one_is_not_always_american(api: Api, channel: str) -> None:
    domestic = api.profile(**{channel: {"whitelisted_destinations": ["US"]}})["id"]
    abroad = api.profile(**{channel: {"whitelisted_destinations": [*AMERICAN]}})["id"]
    for country in AMERICAN:
        status = status_of(api, channel, domestic, current().number_in(country))
        assert 400 <= status < 500, f"a number of {country} was answered {status}, not refused"
    assert 400 <= status_of(api, channel, abroad, current().number_in("US")) < 500
    assert current().levers.sent_nothing()
    for country in ("JM", "PR", "CA"):
        assert status_of(api, channel, abroad, current().number_in(country)) == 200
    assert status_of(api, channel, domestic, current().number_in("US")) == 200


@requirement("VFY-DEST-001", operations=ALL)
def test_each_channel_has_a_list_of_its_own(api: Api, channel: str) -> None:
    lists = {each: ["GB"] if each == channel else ["US"] for each in CHANNELS}
    blocks = {each: {"whitelisted_destinations": allowed} for each, allowed in lists.items()}
    profile = api.profile(**blocks)
    for each in CHANNELS:
        for country in ("GB", "US"):
            status = status_of(api, each, profile["id"], current().number_in(country))
            assert (status == 200) == (country in lists[each])


@requirement("VFY-DEST-002", operations=ALL)
@pytest.mark.parametrize("country", COUNTRIES)
def test_a_listed_country_is_reached(api: Api, channel: str, country: str) -> None:
    profile = api.profile(**{channel: {"whitelisted_destinations": [country]}})
    number = current().number_in(country)
    assert status_of(api, channel, profile["id"], number) == 200


@requirement("VFY-DEST-002", operations=ALL)
def test_an_asterisk_reaches_every_country(api: Api, channel: str) -> None:
    profile = api.profile(**{channel: {"whitelisted_destinations": ["*"]}})
    current().findings.observe("C7", "an asterisk is accepted", "CreateVerifyProfile")
    for country in COUNTRIES:
        assert status_of(api, channel, profile["id"], current().number_in(country)) == 200


@requirement("VFY-TRIG-005", operations=ALL)
def test_a_channel_that_is_not_configured_is_refused(api: Api, channel: str) -> None:
    profile = api.profile_with([channel])
    for other in CHANNELS:
        if other != channel:
            status = status_of(api, other, profile["id"], current().number())
            assert 400 <= status < 500
    assert current().levers.sent_nothing()
    assert status_of(api, channel, profile["id"], current().number()) == 200


@requirement("VFY-DEST-003", operations=["CreateVerifyProfile"])
@pytest.mark.parametrize("entry", ["us", "USA", "U", "U1", "", " US", "**", 1, None, ["US"]])
def test_a_list_of_countries_holds_countries(api: Api, channel: str, entry: Any) -> None:
    body = {"name": "countries", channel: {"whitelisted_destinations": ["US", entry]}}
    answer = api.call("CreateVerifyProfile", body)
    assert 400 <= answer.status < 500
    good = {"name": "countries", channel: {"whitelisted_destinations": ["US", "CA"]}}
    kept = api.call("CreateVerifyProfile", good)
    assert kept.status == 200


@requirement("VFY-DEST-004", operations=ALL)
@pytest.mark.parametrize("countries", [["US", "CA"], ["*"]], ids=["US", "all"])
def test_expensive_numbers_are_not_sent_to(api: Api, channel: str, countries: list[str]) -> None:
    profile = api.profile(**{channel: {"whitelisted_destinations": countries}})
    for number in EXPENSIVE:
        assert 400 <= status_of(api, channel, profile["id"], number) < 500
    assert current().levers.sent_nothing()
    assert status_of(api, channel, profile["id"], current().number_in("US")) == 200
