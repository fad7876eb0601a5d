"""The statistics of a comparison, against what theory says."""

import math
from random import Random

import pytest

from verify_harness.compare.bootstrap import (
    Difference,
    Estimate,
    draw_blocks,
    holm,
    log_percentiles,
    share,
)


def _lone_requests(seed: int, seconds: int = 120, rate: int = 100) -> list[dict[int, int]]:
    """Seconds of lognormal latencies that know nothing of each other."""
    random = Random(seed)
    slots = []
    for _ in range(seconds):
        counts: dict[int, int] = {}
        for _ in range(rate):
            value = round(20_000 * math.exp(0.5 * random.gauss(0, 1)))
            counts[value] = counts.get(value, 0) + 1
        slots.append(counts)
    return slots


def test_the_percentiles_are_those_of_all_answers_together() -> None:
    slots = [{1000: 50}, {}, {2000: 45}, {9000: 5}] * 15
    found = log_percentiles(slots, [50, 95, 99], draw_blocks(len(slots)))
    assert [round(math.exp(one.value)) for one in found] == [1000, 2000, 9000]


def test_the_error_of_a_median_is_that_of_theory_where_requests_are_independent() -> None:
    theory = 0.5 * math.sqrt(math.pi / 2) / math.sqrt(12_000)  # sigma * sqrt(pi / 2n)
    found = [log_percentiles(_lone_requests(seed), [50], draw_blocks(120))[0] for seed in range(8)]
    mean = sum(one.error for one in found) / len(found)
    assert 0.8 * theory <= mean <= 1.5 * theory


def test_seconds_of_one_mood_make_the_error_larger() -> None:
    calm = [{1000: 90, 2000: 10}] * 120
    moody = [{1000: 100}] * 60 + [{2000: 100}] * 60
    errors = [log_percentiles(slots, [50], draw_blocks(120))[0].error for slots in (calm, moody)]
    assert errors[1] > 50 * errors[0]


def test_a_share_is_known_with_the_error_of_its_blocks() -> None:
    blocks = draw_blocks(120)
    even, lumped = [(1, 100)] * 120, [(0, 100)] * 110 + [(12, 100)] * 10
    assert [share(slots, blocks).value for slots in (even, lumped)] == [0.01, 0.01]
    assert share(even, blocks).error == 0
    assert share(lumped, blocks).error > 0.005


@pytest.mark.parametrize(
    "t, freedom, p_value",  # tables of Student's distribution, two-sided
    [(2.228, 10, 0.05), (3.169, 10, 0.01), (4.587, 10, 0.001), (2.807, 23, 0.01)],
)
def test_p_values_and_intervals_are_those_of_the_tables(
    t: float, freedom: int, p_value: float
) -> None:
    difference = Difference(t, 1.0, freedom)
    assert difference.p_value == pytest.approx(p_value, rel=0.03)
    low, high = difference.interval(p_value)
    assert (low, high) == pytest.approx((0, 2 * t), abs=0.02)


def test_equal_errors_add_up_and_so_does_what_they_stand_on() -> None:
    difference = Difference.of(Estimate(1.0, 0.3, 11), Estimate(1.5, 0.3, 11))
    assert difference.value == pytest.approx(0.5)
    assert difference.error == pytest.approx(0.3 * math.sqrt(2))
    assert difference.freedom == pytest.approx(22)


def test_holm_asks_most_of_the_least_p_value_and_keeps_the_order() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
