"""The schedule of planned starts."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from verify_harness.load.profile import Arrivals, Profile
from verify_harness.load.profile.arrivals import profile_curve, schedule


def test_constant_starts_are_evenly_spaced_from_the_beginning(profile: Profile) -> None:
    starts = schedule(profile, seed=7)

    assert len(starts) == 20
    assert starts[0] == 0.0
    assert all(later - earlier == pytest.approx(0.1) for earlier, later in pairwise(starts))


def test_stretches_follow_one_another(profile: Profile) -> None:
    arrivals = (Arrivals("constant", 10, 2), Arrivals("constant", 2, 1))

    starts = schedule(replace(profile, arrivals=arrivals), seed=7)

    assert starts[20:] == (2.0, 2.5)


@pytest.mark.parametrize("shape", ["constant", "poisson", "ramp", "spike", "steps"])
def test_every_shape_gives_rising_starts_inside_its_stretch(profile: Profile, shape: Any) -> None:
    arrivals = (Arrivals(shape, 50, 10), Arrivals(shape, 5, 10))

    starts = schedule(replace(profile, arrivals=arrivals), seed=7)

    assert list(starts) == sorted(starts)
    assert starts[0] >= 0
    assert starts[-1] < 20


def test_poisson_starts_have_the_rate_and_irregular_gaps(profile: Profile) -> None:
    starts = schedule(replace(profile, arrivals=(Arrivals("poisson", 100, 100),)), seed=7)
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    mean = sum(gaps) / len(gaps)
    deviation = (sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) ** 0.5

    assert len(starts) == pytest.approx(10_000, rel=0.05)
    assert deviation == pytest.approx(mean, rel=0.1)  # as for an exponential distribution


def test_poisson_starts_follow_the_seed(profile: Profile) -> None:
    irregular = replace(profile, arrivals=(Arrivals("poisson", 100, 1),))

    assert schedule(irregular, seed=7) == schedule(irregular, seed=7)
    assert schedule(irregular, seed=7) != schedule(irregular, seed=8)


def test_a_duration_cuts_the_schedule_short(profile: Profile) -> None:
    assert schedule(profile, 7, duration_s=0.5) == schedule(profile, 7)[:5]


def _starts(profile: Profile, *arrivals: Arrivals) -> tuple[float, ...]:
    return schedule(replace(profile, arrivals=arrivals), seed=7)


def _between(starts: tuple[float, ...], begin_s: float, end_s: float) -> int:
    return sum(begin_s <= start < end_s for start in starts)


def test_a_ramp_goes_evenly_from_one_rate_to_the_other(profile: Profile) -> None:
    starts = _starts(profile, Arrivals("ramp", 100, 10, from_rate_per_s=20))

    assert len(starts) == 600
    assert _between(starts, 0, 1) == pytest.approx(24, abs=1)
    assert _between(starts, 5, 6) == pytest.approx(64, abs=1)
    assert _between(starts, 9, 10) == pytest.approx(96, abs=1)


def test_steps_rise_in_equal_levels(profile: Profile) -> None:
    starts = _starts(profile, Arrivals("steps", 100, 10, steps=5))

    levels = [_between(starts, second, second + 2) for second in range(0, 10, 2)]
    assert levels == pytest.approx([40, 80, 120, 160, 200], abs=1)


def test_a_spike_is_up_soon_and_down_at_its_end(profile: Profile) -> None:
    starts = _starts(profile, Arrivals("spike", 100, 10, from_rate_per_s=10))

    assert _between(starts, 1, 5) == pytest.approx(400, abs=2)
    assert _between(starts, 9.5, 10) < 10
    assert len(starts) == pytest.approx(55 + 400 + 275, abs=1)


def test_a_closed_stretch_plans_no_start_and_takes_its_time(profile: Profile) -> None:
    closed = Arrivals("closed", 0, 3, users=5)

    assert _starts(profile, closed, Arrivals("constant", 2, 1)) == (3.0, 3.5)


def test_the_curve_of_a_profile_joins_its_stretches(profile: Profile) -> None:
    arrivals = (Arrivals("ramp", 100, 10), Arrivals("constant", 50, 5))

    joined = profile_curve(replace(profile, arrivals=arrivals))

    assert joined == ((0, 0), (10, 100), (10, 50), (15, 50))
