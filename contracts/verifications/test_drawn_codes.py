"""Codes that the service makes, many of them: nobody can foretell one.

On a sandbox the codes come from the check's seed, so that none of this alarms by luck; elsewhere it
would less than once in a million runs.
"""

from collections import Counter
from itertools import pairwise

import pytest

from verify_harness.checks import TRIGGERS, Api, current, requirement

LENGTH = 10
SOME, MANY = 200, 3000
UNEVEN = 60.0
"""Chi-square with nine degrees of freedom is above this once in 700 million times."""


def drawn(api: Api, channel: str, count: int) -> list[str]:
    """So many codes of ten digits, in the order they were sent."""
    profile = api.profile(**{channel: {"code_length": LENGTH, "whitelisted_destinations": ["*"]}})
    for _ in range(count):
        body = {"phone_number": current().number(), "verify_profile_id": profile["id"]}
        api.set_up("VFY-LIFE-001", TRIGGERS[channel], body)
    return [str(message["code"]) for message in current().levers.messages()]


def unevenness(digits: str) -> float:
    """Chi-square of digits that ought to be equally likely."""
    expected = len(digits) / 10
    seen = Counter(digits)
    return sum((seen[each] - expected) ** 2 / expected for each in "0123456789")


def judge(codes: list[str]) -> None:
    """Even in every place and over all, hardly ever twice, and no step between two that recurs."""
    assert {len(code) for code in codes} == {LENGTH}
    for place in zip(*codes, strict=True):
        assert unevenness("".join(place)) < UNEVEN
    assert unevenness("".join(codes)) < UNEVEN
    assert any(code.startswith("0") for code in codes)
    assert len(codes) - len(set(codes)) <= 1, "codes repeat"
    steps = Counter((int(b) - int(a)) % 10**LENGTH for a, b in pairwise(codes))
    assert max(steps.values()) <= 2, "a code follows from the one before"


@requirement("VFY-CODE-017", operations=["CreateVerificationSms", "CreateVerificationCall"])
@pytest.mark.parametrize("name", ["sms", "call"])
def test_codes_cannot_be_foretold(api: Api, name: str) -> None:
    codes = drawn(api, name, SOME)
    assert len(codes) == SOME
    judge(codes)


@requirement("VFY-CODE-017", level="deep", operations=["CreateVerificationSms"])
def test_many_codes_cannot_be_foretold(api: Api) -> None:
    codes = drawn(api, "sms", MANY)
    assert len(codes) == MANY
    judge(codes)
