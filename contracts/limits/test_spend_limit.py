"""The daily spend limit of a profile; the price of a message here is 0.034 USD (our choice)."""

from typing import Any

import pytest

from verify_harness.checks import TRIGGERS, Api, Exchange, current, requirement

THREE_MESSAGES_USD = 0.11
ENABLED = {"daily_spend_limit": THREE_MESSAGES_USD, "daily_spend_limit_enabled": True}
A_DAY_SECS = 86_400


def trigger(api: Api, profile: dict[str, Any], channel: str = "sms") -> Exchange:
    """One trigger for a number of its own."""
    body = {"phone_number": current().number(), "verify_profile_id": profile["id"]}
    return api.call(TRIGGERS[channel], body)


@requirement("VFY-SPND-001", operations=TRIGGERS.values())
def test_the_daily_spend_limit_holds(api: Api, channel: str) -> None:
    profile, other = api.profile(**ENABLED), api.profile(**ENABLED)
    statuses = [trigger(api, profile, channel).status for _ in range(5)]
    assert statuses[:3] == [200, 200, 200]
    assert all(400 <= status < 500 for status in statuses[3:])
    assert len(current().levers.messages()) == 3
    assert trigger(api, other, channel).status == 200


@requirement("VFY-SPND-001", operations=["CreateVerificationSms"])
def test_the_limit_holds_for_many_at_the_same_time(api: Api) -> None:
    profile = api.profile(**ENABLED)
    body = {"phone_number": current().number(), "verify_profile_id": profile["id"]}
    api.call_together("CreateVerificationSms", [body] * 12)
    assert len(current().levers.messages()) == 3


@requirement("VFY-SPND-001", operations=["UpdateVerifyProfile"])
def test_a_limit_that_is_enabled_later_holds_too(api: Api) -> None:
    profile = api.profile()
    assert trigger(api, profile).status == 200
    changed = {"daily_spend_limit": 0.05, "daily_spend_limit_enabled": True}
    api.set_up("VFY-PROF-002", "UpdateVerifyProfile", changed, verify_profile_id=profile["id"])
    assert 400 <= trigger(api, profile).status < 500


@requirement("VFY-SPND-002", operations=TRIGGERS.values())
@pytest.mark.parametrize(
    "fields",
    [
        {"daily_spend_limit": 0.01},
        {"daily_spend_limit": 0, "daily_spend_limit_enabled": False},
        {"daily_spend_limit_enabled": True},
        {"daily_spend_limit": 1_000, "daily_spend_limit_enabled": True},
    ],
    ids=["not named", "off", "without a limit", "far away"],
)
def test_a_limit_that_is_not_enabled_stops_nothing(
    api: Api, channel: str, fields: dict[str, Any]
) -> None:
    profile = api.profile(**fields)
    assert [trigger(api, profile, channel).status for _ in range(4)] == [200] * 4


@requirement("VFY-SPND-003", operations=TRIGGERS.values())
def test_a_new_day_is_a_new_budget(api: Api, channel: str) -> None:
    profile = api.profile(**ENABLED)
    for _ in range(2):
        assert [trigger(api, profile, channel).status for _ in range(3)] == [200, 200, 200]
        assert 400 <= trigger(api, profile, channel).status < 500
        current().levers.advance_clock(A_DAY_SECS)
