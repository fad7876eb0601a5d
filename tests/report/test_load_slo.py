"""SLOs and the worth of the measurement: what they make of a run."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.report.journals import Journal, limit
from verify_harness.report.chart import charts, used_share
from verify_harness.report.junit import junit
from verify_harness.results import RunView, build_view
from verify_harness.results.load_model import SloResult

P95 = limit("p95(trigger)", "< 250 ms", "p95", 250, step="trigger")
COUNTS = {"planned": 10, "started": 10, "completed": 10, "failed": 0, "late_starts": 0}


def view_of(*slo: dict[str, Any], latency_us: int = 1000, **changes: Any) -> RunView:
    """A run of ten journeys on sms, and of one on call that takes ten times as long."""
    profile = {"judged": changes.pop("judged", True)}
    second = changes.pop("second", {})
    journal = Journal().start().load_start(10, 1, *slo, **profile)
    journal.load_second(0, "trigger", [latency_us] * 10, channel="sms", **second)
    journal.load_second(0, "trigger", [latency_us * 10], channel="call")
    counts = {**COUNTS, "abandoned": 0, **changes.pop("journeys", {})}
    journal.load_finish(10, 1, journeys=counts, **changes)
    return build_view(journal.finish().lines)


def result_of(view: RunView) -> tuple[float | None, str]:
    assert view.load is not None
    (only,) = view.load.slo
    return only.measured, only.status


def test_a_kept_limit_passes() -> None:
    view = view_of(P95)
    assert (result_of(view)[1], view.verdict, view.exit_code) == ("pass", "pass", 0)


def test_a_missed_limit_fails_the_run_and_says_what_was_measured() -> None:
    view = view_of(P95, latency_us=300_000)
    assert (result_of(view)[1], view.verdict, view.exit_code) == ("fail", "fail", 1)
    assert any("p95(trigger) < 250 ms, measured 3" in reason for reason in view.reasons)


def test_a_missed_limit_is_a_failure_in_junit_too() -> None:
    suite = ET.fromstring(junit(view_of(P95, latency_us=300_000)))[0]  # noqa: S314 - our own text
    (case,) = suite.findall("testcase")
    assert case.get("name") == "p95(trigger) < 250 ms"
    assert case[0].tag == "failure"
    assert suite.get("failures") == "1"


def test_a_profile_that_only_tells_does_not_fail() -> None:
    view = view_of(P95, latency_us=300_000, judged=False)
    assert (result_of(view)[1], view.verdict, view.exit_code) == ("fail", "pass", 0)


def test_latencies_count_from_the_planned_start() -> None:
    measured, _ = result_of(view_of(limit("p50(trigger)", "< 1 ms", "p50", 1, step="trigger")))
    assert measured == pytest.approx(1.15, rel=0.01)  # the journal's response time, not 1.0


@pytest.mark.parametrize("channel, measured_ms", [("sms", 1.15), ("call", 10.15)])
def test_a_limit_may_be_for_one_channel(channel: str, measured_ms: float) -> None:
    one = limit(f"max({channel})", "< 9 ms", "max", 9, channel=channel)
    assert result_of(view_of(one))[0] == pytest.approx(measured_ms, rel=0.01)


def test_a_limit_on_what_never_happened_is_no_pass() -> None:
    view = view_of(limit("p95(check)", "< 9 ms", "p95", 9, step="check"))
    assert (result_of(view), view.exit_code) == ((None, "not-measured"), 3)


def test_throttled_requests_are_no_errors() -> None:
    second = {"throttled": 11, "errors": 0}
    throttled = limit("throttled", "< 1 %", "throttled", 1)
    errors = limit("error_rate", "< 1 %", "error_rate", 1)
    assert result_of(view_of(throttled, second=second)) == (100.0, "fail")
    assert result_of(view_of(errors, second=second)) == (0.0, "pass")


def test_requests_without_any_answer_are_told_from_answers_with_an_error() -> None:
    unanswered = limit("unanswered(sms)", "< 1 %", "unanswered", 1, channel="sms")
    refused = {"errors": 10, "statuses": {"503": 10}}
    lost = {"errors": 10, "statuses": {"503": 8}}
    assert result_of(view_of(unanswered, second=refused)) == (0.0, "pass")
    assert result_of(view_of(unanswered, second=lost)) == (20.0, "fail")


def test_a_run_in_which_everybody_leaves_as_planned_is_judged() -> None:
    assert view_of(P95, journeys={"completed": 0, "abandoned": 10}).exit_code == 0
    assert view_of(P95, journeys={"completed": 0, "abandoned": 0}).exit_code == 3


def test_those_who_give_up_do_not_count_among_the_willing() -> None:
    counts = {"completed": 8, "abandoned": 2}
    willing = limit("completed(willing)", "> 99 %", "completed", 99, only_willing=True)
    willing["comparison"] = ">"
    everybody = {**willing, "expression": "completed", "only_willing": False}
    assert result_of(view_of(willing, journeys=counts)) == (100.0, "pass")
    assert result_of(view_of(everybody, journeys=counts)) == (80.0, "fail")


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"generator": {"cpu_percent": 97.0, "process": "x"}}, "saturated: 97 % of a CPU"),
        ({"generator": {"cpu_percent": 9.0, "lag_p99_ms": 80.0}}, "fell behind its schedule"),
        ({"journeys": {"started": 9}}, "only 90.0 % of the planned journeys were started"),
    ],
)
def test_a_worthless_measurement_is_no_verdict(changes: dict[str, Any], reason: str) -> None:
    view = view_of(P95, **changes)
    assert (view.verdict, view.exit_code) == ("no-verdict", 3)
    assert any(reason in told for told in view.reasons)


def test_a_lost_process_is_no_verdict_and_its_plan_still_counts() -> None:
    journal = Journal().start()
    for _ in range(2):
        journal.load_start(10, 1, P95)
    journal.line("load-invalid", reason="worker 2 was lost")
    journal.load_second(0, "trigger", [900] * 10)
    view = build_view(journal.load_finish(10, 1).finish().lines)
    assert view.exit_code == 3
    assert "worker 2 was lost" in view.reasons
    assert view.load is not None
    assert (view.load.is_whole, view.load.journeys.planned) == (False, 20)


def test_the_shares_of_several_processes_are_one_load() -> None:
    journal = Journal().start()
    for cpu_percent in (20.0, 60.0):
        journal.load_start(10, 1, P95).load_second(0, "trigger", [900] * 10)
        generator = {"cpu_percent": cpu_percent, "process": "x", "connections": 3}
        journal.load_finish(10, 1, generator=generator)
    load = build_view(journal.finish().lines).load
    assert load is not None
    assert (load.journeys.planned, load.journeys.completed) == (20, 20)
    assert load.steps[0].requests == 20
    assert load.generator["cpu_percent"] == 60.0
    assert (load.generator["connections"], load.generator["processes"]) == (6, 2)


def test_a_limit_of_all_steps_is_drawn_where_it_is_near_what_was_measured() -> None:
    def drawn(**changes: Any) -> bool:
        load = view_of({**P95, "expression": "p95", "step": None, **changes}).load
        assert load is not None
        return "p95 < 250 ms" in [line.name for line in charts(load)[0].series]

    assert drawn(bound=2)
    assert not drawn(bound=2500)
    assert not drawn(bound=2, step="trigger"), "the lines are those of all steps"


@pytest.mark.parametrize(
    "comparison, bound, measured, used",
    [
        ("<", 250, 125, 0.5),
        ("<", 1, 2.5, 2.5),
        ("<", 0, 1, None),
        (">", 99, 99.5, 0.5),
        (">=", 99, 95, 5),
        (">", 100, 100, None),
        ("<", 250, None, None),
    ],
)
def test_how_much_of_a_limit_is_used_up(
    comparison: str, bound: float, measured: float | None, used: float | None
) -> None:
    told = {**P95, "comparison": comparison, "bound": bound}
    item = SloResult(**told, measured=measured, status="pass", unit="ms")
    assert used_share(item) == pytest.approx(used)


COMPLETED = limit("completed", "> 99 %", "completed", 99)


def test_journeys_whose_end_is_unknown_are_unknown_and_fail_nothing() -> None:
    journal = Journal().start().load_start(10, 15, COMPLETED, P95).load_begin(0, 50)
    journal.load_second(0, "trigger", [900_000] * 50)
    view = build_view(journal.finish(exit_code=3, reason="the load run did not finish").lines)
    assert (view.verdict, view.exit_code) == ("no-verdict", 3)
    assert view.load is not None
    assert [item.status for item in view.load.slo] == ["not-measured", "not-measured"]
    assert view.load.journeys.failed == 0
    assert "the load did not come to its end, so its limits are not judged" in view.reasons
    assert not any("SLO missed" in reason for reason in view.reasons)


def test_an_interrupted_load_misses_no_limit() -> None:
    journal = Journal().start().load_start(10, 15, COMPLETED).load_begin(0, 50)
    journal.line("load-ended", second=0, channel="sms", completed=3, failed=47)
    stopped = journal.load_finish(150).finish(exit_code=130, partial=True, reason="interrupted")
    view = build_view(stopped.lines)
    assert (view.verdict, view.exit_code) == ("no-verdict", 130)


def test_a_limit_missed_by_a_weak_generator_is_no_verdict() -> None:
    generator = {"cpu_percent": 99.0, "process": "locust"}
    view = view_of(P95, latency_us=300_000, generator=generator)
    assert (view.verdict, view.exit_code) == ("no-verdict", 3)
