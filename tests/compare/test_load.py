"""Two load runs: what is an alarm, what is chance, and how often it is the wrong one."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.compare.synthetic import Build, load_run, profile
from verify_harness.compare.load_figures import compare_load, unlike
from verify_harness.compare.run_reader import LoadTimes, StepSlots
from verify_harness.results.comparison import Figure, LoadComparison

SAME, SLOWER, SLOWER_TAIL = Build(), Build(slower=1.1), Build(tail_slower=1.1)


def _pair(seed: int, build: Build, seconds: int = 120, busier: float = 1.0) -> LoadComparison:
    before = load_run(f"before {seed}", SAME, seconds, busier)
    return compare_load(before, load_run(f"after {seed}", build, seconds, busier))


def _alarms(comparison: LoadComparison) -> list[Figure]:
    return [item for item in comparison.figures if item.judgement != "no change"]


def _is_found(comparison: LoadComparison, measure: str) -> bool:
    figures = [item for item in comparison.figures if item.measure == measure]
    return figures[0].step == "trigger" and figures[0].judgement == "regression"


def test_two_runs_of_one_build_raise_no_alarm_and_a_slower_build_does() -> None:
    for seed in range(4):
        assert _alarms(_pair(seed, SAME)) == []
        found = _alarms(_pair(seed, SLOWER))
        assert {(item.step, item.judgement) for item in found} == {("trigger", "regression")}


def test_a_faster_build_is_an_improvement() -> None:
    slow, fast = load_run("a", Build(slower=1.3)), load_run("b")
    assert {item.judgement for item in _alarms(compare_load(slow, fast))} == {"improvement"}


def test_the_interval_holds_what_was_planted() -> None:
    figures = _pair(1, SLOWER).figures
    planted = {"trigger": 10.0}
    assert all(item.low < planted.get(item.step, 0) < item.high for item in figures)
    assert len(figures) == 6


@pytest.mark.long
@pytest.mark.parametrize("seconds", [100, 120])
def test_of_two_hundred_pairs_of_one_build_two_at_most_alarm(seconds: int) -> None:
    alarms = [bool(_alarms(_pair(seed, SAME, seconds))) for seed in range(200)]
    assert sum(alarms) <= 2, sum(alarms)


@pytest.mark.long
@pytest.mark.parametrize(
    "build, measure, seconds, busier",
    [
        (SLOWER, "p50", 120, 1.0),  # the everyday profile, every answer slower by a tenth
        (SLOWER, "p95", 300, 4.0),  # a percentile in the tail takes more requests
        (SLOWER_TAIL, "p95", 300, 4.0),  # only the slowest tenth of the answers
    ],
)
def test_a_tenth_more_is_found_in_nine_of_ten_pairs(
    build: Build, measure: str, seconds: int, busier: float
) -> None:
    found = [_is_found(_pair(seed, build, seconds, busier), measure) for seed in range(200)]
    assert sum(found) >= 180, sum(found)


def _steady(
    latency_us: int, failures: Sequence[int] = (), requests: int = 100, seconds: int = 120
) -> LoadTimes:
    """The same latency always; of the requests of second `n`, `failures[n % len]` fail."""
    failed = [failures[at % len(failures)] if failures else 0 for at in range(seconds)]
    step = StepSlots([{latency_us: requests}] * seconds, [(some, requests) for some in failed])
    return LoadTimes(profile("steady"), seconds, 1, {"trigger": step})


@pytest.mark.parametrize(
    "before_us, after_us, judgement",
    [
        (100_000, 104_000, "no change"),  # less than 5 %
        (100_000, 107_000, "regression"),
        (2_000, 2_400, "no change"),  # less than half a millisecond
        (2_000, 2_600, "regression"),
        (100_000, 90_000, "improvement"),
    ],
)
def test_a_change_has_to_be_large_enough_to_matter(
    before_us: int, after_us: int, judgement: str
) -> None:
    comparison = compare_load(_steady(before_us), _steady(after_us))
    assert {item.judgement for item in comparison.figures} == {judgement}


def test_what_the_moods_of_a_machine_explain_is_no_change() -> None:
    fast, slow = [{100_000: 100}], [{200_000: 100}]
    runs = [
        replace(run, steps={"trigger": replace(run.steps["trigger"], latencies=latencies)})
        for latencies in (fast * 61 + slow * 59, fast * 59 + slow * 61)
        for run in [_steady(1)]
    ]
    median = compare_load(*runs).figures[0]
    assert (round(median.before), round(median.change)) == (100, 100)
    assert median.judgement == "no change"


def test_a_build_that_fails_quickly_is_no_improvement() -> None:
    before, after = _steady(50_000, [0, 0, 1]), _steady(1_000, [30, 40, 50])
    (failures,) = [item for item in compare_load(before, after).figures if item.unit == "%"]
    assert failures.judgement == "regression"
    assert (failures.before, failures.after) == pytest.approx((1 / 3, 40), abs=0.001)
    assert failures.low < 40 - 1 / 3 < failures.high


def test_what_too_few_requests_tell_is_left_out_and_said() -> None:
    lively, quiet = _steady(1000), _steady(1000, requests=10)
    assert [item.measure for item in compare_load(lively, quiet).figures] == ["p50", "p95"]
    silent = replace(quiet, steps={"trigger": StepSlots([{1000: 30}, *[{}] * 119], [(0, 30)] * 1)})
    comparison = compare_load(lively, silent)
    assert comparison.figures == ()
    assert comparison.left_out == ("trigger: too few requests",)
    other = replace(lively, steps={"check": lively.steps["trigger"]})
    assert len(compare_load(lively, other).left_out) == 2


@pytest.mark.parametrize(
    "other, reason",
    [
        (replace(_steady(1), profile=profile("spike")), "different profiles (steady and spike)"),
        (replace(_steady(1), seconds=99), "99 s of load are too short"),
        (_steady(1), ""),
    ],
)
def test_loads_that_say_nothing_about_each_other_are_not_compared(
    other: LoadTimes, reason: str
) -> None:
    assert reason in (unlike(_steady(1), other) or "")
    assert bool(unlike(_steady(1), other)) == bool(reason)
