"""What a profile will do, told before anything is sent."""

from dataclasses import replace
from decimal import Decimal

import pytest

from verify_harness.load.profile import Arrivals, Profile, Shares
from verify_harness.load.profile.forecast import bars, forecast


def test_totals_follow_from_schedule_mix_and_shares(profile: Profile) -> None:
    sms = {"sms": 100.0, "call": 0.0, "flashcall": 0.0, "whatsapp": 0.0}
    told = forecast(replace(profile, mix=sms, shares=Shares(wrong_code=100)), seed=7)

    assert (told.journeys, told.duration_s, told.highest_rate_per_s) == (20, 2.0, 10.0)
    assert (told.triggers, told.checks, told.successes) == ({"sms": 20}, 40, 20)
    assert told.cost == 20 * Decimal("0.004") + 20 * Decimal("0.03")


def test_people_who_only_waste_a_message_cost_its_delivery_alone(profile: Profile) -> None:
    sms = {"sms": 100.0, "call": 0.0, "flashcall": 0.0, "whatsapp": 0.0}

    told = forecast(replace(profile, mix=sms, shares=Shares(abandon=100)), seed=7)

    assert told.checks == 0
    assert told.cost == 20 * Decimal("0.004")


def test_a_large_crowd_is_estimated_from_a_part_of_it(profile: Profile) -> None:
    many = replace(profile, arrivals=(Arrivals("constant", 1000, 100),), shares=Shares(resend=50))

    told = forecast(many, seed=7)

    assert told.journeys == 100_000
    assert sum(told.triggers.values()) == pytest.approx(140_000, rel=0.03)


def test_the_curve_is_drawn_to_scale(profile: Profile) -> None:
    drawn = list(bars(replace(profile, arrivals=(Arrivals("ramp", 100, 20),))))

    lengths = [line.count("█") for line in drawn]
    assert lengths == sorted(lengths)
    assert (lengths[0], lengths[-1]) == (1, 39)
