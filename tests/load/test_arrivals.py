"""The schedule of planned starts."""

from dataclasses import replace
from itertools import pairwise

import pytest

from verify_harness.load.arrivals import schedule
from verify_harness.load.profile import SHAPES, Arrivals, Profile


def test_constant_starts_are_evenly_spaced_from_the_beginning(profile: Profile) -> None:
    starts = schedule(profile, seed=7)

    assert len(starts) == 20
    assert starts[0] == 0.0
    assert all(later - earlier == pytest.approx(0.1) for earlier, later in pairwise(starts))


def test_stretches_follow_one_another(profile: Profile) -> None:
    arrivals = (Arrivals("constant", 10, 2), Arrivals("constant", 2, 1))

    starts = schedule(replace(profile, arrivals=arrivals), seed=7)

    assert starts[20:] == (2.0, 2.5)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_rising_starts_inside_its_stretch(profile: Profile, shape: str) -> None:
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
