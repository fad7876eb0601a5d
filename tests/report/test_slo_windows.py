"""Limits that every stretch of a run must keep, for steps, channels and journeys."""

import json
from typing import Any

import pytest

from tests.report.journals import Journal, limit
from verify_harness.report.run_json import run_json
from verify_harness.report.terminal import terminal
from verify_harness.results import RunView, build_view
from verify_harness.results.load_model import SloResult

P95 = limit("p95(trigger)", "< 250 ms over 10 s", "p95", 250, step="trigger", window_s=10)
COMPLETED = limit("completed(call)", "> 90 % over 10 s", "completed", 90, window_s=10)


def view_of(wanted: dict[str, Any], *, slow_from_s: int = 99, seconds: int = 60) -> RunView:
    """A trigger each second and channel; from one second on, for five seconds, ten times slower."""
    told = Journal().start().load_start(2, seconds, wanted)
    for second in range(seconds):
        slow = 10 if slow_from_s <= second < slow_from_s + 5 else 1
        for channel in ("sms", "call"):
            took = [50_000 * slow] * 20
            errors = 20 if slow > 1 and channel == "call" else 0
            told.load_second(second, "trigger", took, channel=channel, errors=errors)
            told.line("load-ended", second=second, channel=channel, **_ends(errors))
    counts = {"planned": 2 * seconds, "started": 2 * seconds, "completed": 2 * seconds}
    counts |= {"failed": 0, "late_starts": 0, "abandoned": 0}
    return build_view(told.load_finish(0, seconds, journeys=counts).finish().lines)


def _ends(errors: int) -> dict[str, int]:
    return {"completed": 0 if errors else 2, "failed": errors // 10, "abandoned": 1}


def result(view: RunView) -> SloResult:
    assert view.load is not None
    (only,) = view.load.slo
    return only


def test_a_stretch_that_the_whole_run_hides_misses_its_window() -> None:
    median = {**P95, "measure": "p50"}
    assert result(view_of({**median, "window_s": None}, slow_from_s=30)).status == "pass"
    assert result(view_of({**median, "window_s": 5}, slow_from_s=30)).status == "fail"
    assert result(view_of({**median, "window_s": 5})).status == "pass"


def test_a_missed_window_is_told_with_its_place_and_fails_the_run() -> None:
    view = view_of(P95, slow_from_s=32)
    found = result(view)
    assert (found.status, found.window_s, found.worst_from_s) == ("fail", 10, 30)
    assert found.measured == pytest.approx(500, rel=0.01)
    assert view.exit_code == 1
    told = "p95(trigger) < 250 ms over 10 s: 500 ms from second 30 to 40"
    assert told in terminal(view)
    slo = json.loads(run_json(view))["load"]["slo"][0]
    assert (slo["window_s"], slo["worst_from_s"]) == (10, 30)


def test_the_last_window_counts_only_if_it_is_whole() -> None:
    assert result(view_of(P95, slow_from_s=60, seconds=66)).status == "pass"
    assert result(view_of(P95, slow_from_s=60, seconds=70)).status == "fail"


def test_a_run_shorter_than_its_window_measures_nothing() -> None:
    view = view_of(P95, seconds=9)
    assert (result(view).status, view.exit_code) == ("not-measured", 3)


@pytest.mark.parametrize(
    "changes, measured",
    [
        ({"channel": "call"}, 100 * 10 / 30),  # of two and one that leaves, for five seconds none
        ({"channel": "sms"}, 100 * 2 / 3),
        ({"channel": "sms", "only_willing": True}, 100.0),
    ],
)
def test_journeys_are_counted_by_channel_and_window(
    changes: dict[str, Any], measured: float
) -> None:
    wanted = {**COMPLETED, **changes, "comparison": ">"}
    assert result(view_of(wanted, slow_from_s=30)).measured == pytest.approx(measured, abs=0.1)


def test_journeys_of_one_channel_are_not_those_of_all() -> None:
    whole = {**COMPLETED, "window_s": None, "only_willing": True}
    assert result(view_of({**whole, "channel": "sms"}, slow_from_s=30)).measured == 100
    call = result(view_of({**whole, "channel": "call"}, slow_from_s=30)).measured
    assert call == pytest.approx(100 * 110 / 120, abs=0.1)


def test_shares_have_windows_too() -> None:
    errors = limit("error_rate(call)", "< 40 % over 5 s", "error_rate", 40, channel="call")
    assert result(view_of({**errors, "window_s": 5}, slow_from_s=30)).measured == 100
    assert result(view_of({**errors, "window_s": 60}, slow_from_s=30)).status == "pass"


def test_an_aborted_load_fails_says_so_and_is_whole() -> None:
    told = Journal().start().load_start(100, 60, {**P95, "aborts": True})
    for second in range(12):
        told.load_second(second, "trigger", [900_000] * 10)
    told.line("load-aborted", reason="aborted: p95(trigger) was missed from second 0 to 10")
    counts = {"planned": 6000, "started": 120, "completed": 100, "failed": 20}
    told.load_finish(0, 12, journeys={**counts, "late_starts": 0, "abandoned": 0})
    view = build_view(told.finish().lines)
    assert (view.verdict, view.exit_code, view.partial) == ("fail", 1, False)
    assert "aborted: p95(trigger) was missed from second 0 to 10" in view.reasons
    assert view.load is not None
    assert view.load.invalid == ()  # that few journeys were started is what was wanted
    assert json.loads(run_json(view))["load"]["aborted"] == view.load.aborted
