"""Rate limits: of a key and of a number; what is refused, and when it works again."""

import math
import time
from email.utils import parsedate_to_datetime

import pytest

from verify_harness.checks import (
    CHANNELS,
    TRIGGERS,
    Api,
    Exchange,
    current,
    requirement,
    retry_after_secs,
)

UNIX_TIME = 1_000_000_000
"""A reset above this is no number of seconds but a time (facts.md#c10)."""


def trigger(api: Api, channel: str, number: str, profile_id: str) -> Exchange:
    """One trigger."""
    return api.call(TRIGGERS[channel], {"phone_number": number, "verify_profile_id": profile_id})


def header(answer: Exchange, name: str) -> int:
    """A header that has to be a whole number."""
    value = answer.header(name)
    assert value is not None, f"there is no {name}"
    assert value.isdecimal(), f"{name} is no whole number"
    return int(value)


def told_wait_secs(answer: Exchange) -> int:
    """The whole seconds to wait by Retry-After: a number or a date (RFC 9110 §10.2.3)."""
    told, date = answer.header("retry-after"), answer.header("date")
    assert told is not None, "there is no retry-after"
    now = parsedate_to_datetime(date).timestamp() if date else time.time()
    secs = retry_after_secs(told, now)
    assert secs is not None, "retry-after holds neither seconds nor a date"
    return math.ceil(secs)


def judge_refusal(answer: Exchange) -> None:
    """429 with the documented code."""
    assert answer.status == 429
    assert answer.error_codes == ["10011"]


@requirement("VFY-RATE-001")
def test_beyond_the_rate_limit_nothing_happens(api: Api, channel: str) -> None:
    profile, number = api.profile(), current().number()
    current().levers.limit(requests_per_minute=3)
    served = [api.call("ListProfiles").status for _ in range(3)]
    assert served == [200, 200, 200]
    judge_refusal(trigger(api, channel, number, profile["id"]))
    judge_refusal(api.call("ListProfiles"))
    assert current().levers.sent_nothing()
    current().levers.limit(requests_per_minute=None)
    assert trigger(api, channel, number, profile["id"]).status == 200


@requirement("VFY-RATE-002")
def test_after_the_wait_that_was_told_the_next_request_works(api: Api) -> None:
    current().levers.limit(requests_per_minute=2)
    for _ in range(3):
        served = [api.call("ListProfiles").status for _ in range(2)]
        assert served == [200, 200]
        refused = api.call("ListProfiles")
        judge_refusal(refused)
        current().levers.advance_clock(told_wait_secs(refused))


@requirement("VFY-RATE-002")
def test_the_wait_that_was_told_is_needed(api: Api) -> None:
    current().levers.limit(requests_per_minute=1)
    assert api.call("ListProfiles").status == 200
    current().levers.advance_clock(50)
    refused = api.call("ListProfiles")
    judge_refusal(refused)
    assert 0 < told_wait_secs(refused) <= 10


@requirement("VFY-RATE-003")
def test_the_limits_headers_count_down(api: Api) -> None:
    current().levers.limit(requests_per_minute=5)
    answers = [api.call("ListProfiles") for _ in range(6)]
    assert [header(each, "x-ratelimit-limit") for each in answers] == [5] * 6
    assert [header(each, "x-ratelimit-remaining") for each in answers] == [4, 3, 2, 1, 0, 0]
    reset = header(answers[-1], "x-ratelimit-reset")
    current().findings.observe("C10", "Unix time" if reset > UNIX_TIME else "seconds")
    assert reset > UNIX_TIME or 0 < reset <= 60


@requirement("VFY-RATE-004")
def test_one_keys_limit_is_not_anothers(api: Api) -> None:
    current().levers.limit(requests_per_minute=2)
    answers = [api.call("ListProfiles").status for _ in range(4)]
    assert answers == [200, 200, 429, 429]
    foreign = [api.other.call("ListProfiles") for _ in range(3)]
    assert [each.status for each in foreign] == [200, 200, 200]
    assert header(foreign[0], "x-ratelimit-remaining") > 100


@requirement("VFY-RATE-005")
def test_one_number_is_not_flooded(api: Api, channel: str) -> None:
    number, profiles = current().number(), [api.profile()["id"] for _ in range(2)]
    others = [each for each in CHANNELS if each != channel]
    current().levers.limit_numbers(2)
    for profile in profiles:
        assert trigger(api, channel, number, profile).status == 200
    refused = [trigger(api, each, number, profiles[0]) for each in (channel, *others)]
    for answer in refused:
        judge_refusal(answer)
    assert len(current().levers.messages_to(number)) == 2
    assert trigger(api, channel, current().number(), profiles[0]).status == 200
    current().levers.advance_clock(told_wait_secs(refused[-1]))
    assert trigger(api, channel, number, profiles[0]).status == 200


SENDERS = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Real-IP": "203.0.113.8",
    "Forwarded": "for=203.0.113.9",
    "True-Client-IP": "203.0.113.10",
    "CF-Connecting-IP": "203.0.113.11",
    "X-Client-IP": "203.0.113.12",
    "X-Originating-IP": "127.0.0.1",
    "Via": "1.1 elsewhere",
}


@requirement("VFY-RATE-006", operations=["ListProfiles"])
@pytest.mark.parametrize("name", SENDERS)
def test_no_header_talks_a_limit_away(api: Api, name: str) -> None:
    operation = api.spec.operation("ListProfiles")
    own = ("Authorization", f"Bearer {api.key}")
    spend_all(api)
    headers = ((name, SENDERS[name]), own)
    judge_refusal(api.send(operation, url=api.url(operation, {}), headers=headers, content=None))
    current().levers.limit(requests_per_minute=None)
    assert api.call("ListProfiles").status == 200


@requirement("VFY-RATE-006", operations=["ListProfiles"])
def test_no_address_talks_a_limit_away(api: Api) -> None:
    spend_all(api)
    judge_refusal(api.call("ListProfiles", query={"x": "1"}))
    judge_refusal(api.call("ListProfiles", query={"page[size]": 7}))
    judge_refusal(api.call("ListProfiles", authorization=f"bearer {api.key}"))


def spend_all(api: Api) -> None:
    """Use up a limit of two requests."""
    current().levers.limit(requests_per_minute=2)
    served = [api.call("ListProfiles").status for _ in range(3)]
    assert served == [200, 200, 429]
