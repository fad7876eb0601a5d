"""The load block and its pictures."""

from itertools import pairwise

import pytest

from tests.report.journals import Journal, limit
from verify_harness.report import known_formats
from verify_harness.report.chart import Chart, charts, nice_step
from verify_harness.report.terminal import terminal
from verify_harness.report.wording import generator_health, status_classes
from verify_harness.results import build_view
from verify_harness.results.load_model import Load


def load_of(journal: Journal) -> Load:
    load = build_view(journal.finish().lines).load
    assert load is not None
    return load


def minute() -> Journal:
    journal = Journal().start().load_start(rate_per_s=10, duration_s=60)
    for second in range(60):
        journal.load_second(second, "trigger", [1000] * 9 + [21_000])
        journal.load_second(second, "check", [2000] * 10, throttled=1, errors=2)
    return journal.load_finish(600)


def test_a_run_without_load_has_no_load_block() -> None:
    assert build_view(Journal().start().finish().lines).load is None


def test_steps_merge_the_histograms_of_their_seconds() -> None:
    trigger, check = load_of(minute()).steps
    assert (trigger.name, trigger.requests) == ("trigger", 600)
    assert trigger.service_ms is not None
    assert trigger.service_ms.p50 == pytest.approx(1, rel=0.01)
    assert trigger.service_ms.p95 == pytest.approx(21, rel=0.01)
    assert trigger.service_ms.max == pytest.approx(21, rel=0.01)
    assert (check.throttled, check.errors) == (60, 120)


def test_response_time_is_kept_apart_from_service_time() -> None:
    step = load_of(minute()).steps[0]
    assert step.response_ms is not None
    assert step.service_ms is not None
    assert step.response_ms.p50 > step.service_ms.p50


def test_rates_are_per_second_of_the_run() -> None:
    load = load_of(minute())
    assert (load.requests, load.requests_per_s) == (1200, 20)
    assert (load.offered_per_s, load.achieved_per_s) == (10, 10)


def test_a_step_without_a_measured_latency_has_no_percentiles() -> None:
    load = load_of(Journal().start().load_start().load_second(0, "trigger", []).load_finish(0))
    assert load.steps[0].service_ms is None


def test_a_load_cut_short_is_unfinished_and_counts_what_began() -> None:
    begun = Journal().start().load_start().load_begin(4, 2)
    load = load_of(begun.load_second(4, "trigger", [900, 800]))
    assert (load.is_whole, load.duration_s, load.journeys.started) == (False, 5, 2)


def test_a_long_run_is_drawn_in_few_intervals() -> None:
    journal = Journal().start().load_start(duration_s=600)
    for second in range(600):
        journal.load_begin(second, 1).load_second(second, "trigger", [1000])
    intervals = load_of(journal.load_finish(600)).intervals
    assert len(intervals) == 120
    assert intervals[0].journeys_per_s == 1


def test_journeys_are_drawn_where_they_start_and_not_where_they_are_answered() -> None:
    journal = Journal().start().load_start(10, 2).load_begin(0, 10).load_begin(1, 10, late=1)
    for second in range(2, 6):
        journal.load_second(second, "trigger", [3_000_000] * 5)
    load = load_of(journal.load_finish(20))
    assert [item.journeys_per_s for item in load.intervals] == [10, 10, 0, 0, 0, 0]
    assert (load.achieved_per_s, load.journeys.started, load.journeys.late_starts) == (10, 20, 1)


def test_a_silent_second_is_an_interval_without_latencies() -> None:
    journal = Journal().start().load_start().load_second(0, "trigger", [900])
    intervals = load_of(journal.load_second(2, "trigger", [900]).load_finish(2)).intervals
    assert [item.response_ms is None for item in intervals] == [False, True, False]


def pictures(journal: Journal) -> list[Chart]:
    return charts(load_of(journal))


def test_the_pictures_show_percentiles_and_the_planned_rate() -> None:
    latency, by_percentile, rates = pictures(minute())
    assert [line.name for line in latency.series] == ["p99", "p95", "p50"]
    assert [line.name for line in rates.series] == ["planned", "started"]
    assert latency.y_title == "ms"
    assert [line.name for line in by_percentile.series] == ["response", "service"]
    shares = ["0 %", "50 %", "90 %", "99 %", "99.9 %"]
    assert [tick.text for tick in by_percentile.x_ticks] == shares
    assert by_percentile.x_title != latency.x_title


def test_the_percentiles_drawn_are_those_of_all_steps() -> None:
    load = load_of(minute())
    drawn = dict(load.service_by_percentile)
    assert drawn[0] == pytest.approx(1, rel=0.01)
    assert drawn[40] == pytest.approx(1, rel=0.01)  # 45 % of the answers took a millisecond
    assert drawn[50] == pytest.approx(2, rel=0.01)
    assert drawn[99] == pytest.approx(21, rel=0.01)
    assert all(dict(load.response_by_percentile)[share] > drawn[share] for share in drawn)
    silent = Journal().start().load_start().load_second(0, "trigger", [])
    assert load_of(silent.load_finish(0)).response_by_percentile == ()


def test_answers_are_told_by_class_and_silence_too() -> None:
    told = Journal().start().load_start()
    statuses = {"200": 3, "201": 1, "404": 1, "429": 2, "503": 1}
    told.load_second(0, "trigger", [900] * 10, statuses=statuses)
    (step,) = load_of(told.load_finish(10)).steps
    assert status_classes(step) == "2xx 4 · 4xx 1 · 429 2 · 5xx 1 · none 2"


def test_the_generator_tells_how_it_fared() -> None:
    generator = {"cpu_percent": 12.5, "process": "locust 2", "lag_p99_ms": 4.25}
    generator |= {"pid": 4711, "reconnects": 0, "tls_handshakes": 3}
    told = Journal().start().load_start().load_second(0, "trigger", [900])
    health = generator_health(load_of(told.load_finish(1, generator=generator)))
    assert health.startswith("12.5 % of a CPU · start lag p99: 4.2 ms")
    assert "reconnects 0 · TLS handshakes 3" in health
    assert "4711" not in health
    assert health.endswith("locust 2")


def test_the_page_tells_who_gave_up_as_planned() -> None:
    counts = {"planned": 10, "started": 10, "completed": 8, "failed": 0, "late_starts": 0}
    told = Journal().start().load_start(10, 1).load_second(0, "trigger", [900])
    told.load_finish(10, 1, journeys={**counts, "abandoned": 2})
    page = known_formats()["html"].render(build_view(told.finish().lines))
    assert "journeys given up</dt><dd>2" in page


def test_figures_of_steps_stand_below_each_other_on_the_terminal() -> None:
    told = terminal(build_view(minute().finish().lines)).splitlines()
    steps = [line for line in told if line.startswith(("  trigger ", "  check "))]
    assert [line.index("600") for line in steps] == [29, 29]


def test_a_line_breaks_where_nothing_was_measured() -> None:
    journal = Journal().start().load_start().load_second(0, "trigger", [900])
    latency = pictures(journal.load_second(2, "trigger", [900]).load_finish(2))[0]
    assert latency.series[0].path.count("M") == 2


def test_names_at_the_right_edge_do_not_overlap() -> None:
    places = sorted(line.label_y for line in pictures(minute())[0].series)
    assert all(second - first >= 15 for first, second in pairwise(places))


@pytest.mark.parametrize(
    "wanted, step", [(0, 1), (0.3, 0.5), (1, 1), (1.1, 2), (37, 50), (51, 100)]
)
def test_axis_steps_are_round_numbers(wanted: float, step: float) -> None:
    assert nice_step(wanted) == pytest.approx(step)


@pytest.mark.parametrize("reference,named", [(None, "smoke"), ("/home/me/own.toml",) * 2])
def test_a_finding_under_load_is_repeated_with_the_same_profile(
    reference: str | None, named: str
) -> None:
    journal = Journal().start().load_start(reference=reference)
    view = build_view(journal.finding("load", "VFY-SPEC-001").load_finish(1).finish().lines)
    assert view.findings[0].replay == f"verify-harness load run {named} --seed 7"


def test_answers_by_status_are_drawn_where_they_are_not_all_alike() -> None:
    told = Journal().start().load_start(10, 2)
    told.load_second(0, "trigger", [900] * 10, statuses={"200": 10})
    alike = charts(load_of(told.load_finish(10, 2)))
    assert "Answers by status" not in [chart.title for chart in alike]
    told = Journal().start().load_start(10, 2)
    told.load_second(0, "trigger", [900] * 10, statuses={"200": 7, "429": 1, "503": 1})
    told.load_second(1, "trigger", [900] * 10, statuses={"200": 10})
    load = load_of(told.load_finish(10, 2))
    (drawn,) = [chart for chart in charts(load) if chart.title == "Answers by status"]
    assert [line.name for line in drawn.series] == ["2xx", "429", "5xx", "none"]
    assert load.intervals[0].answers == {"2xx": 7, "429": 1, "5xx": 1, "none": 1}


def test_what_a_limit_is_about_has_a_picture_with_the_limit_on_it() -> None:
    limits = (
        limit("p95(check)", "< 30 ms", "p95", 30, step="check"),
        limit("p99(trigger, sms)", "< 50 ms", "p99", 50, step="trigger", channel="sms"),
        limit("max(trigger, sms)", "< 9000 ms", "max", 9000, step="trigger", channel="sms"),
        limit("error_rate(trigger)", "< 1 %", "error_rate", 1, step="trigger"),
    )
    told = Journal().start().load_start(10, 2, *limits)
    for second in (0, 1):
        told.load_second(second, "trigger", [20_000] * 10, channel="sms")
        told.load_second(second, "trigger", [700_000] * 10, channel="call")
        told.load_second(second, "check", [15_000] * 10, channel="sms")
    load = load_of(told.load_finish(20, 2))
    titles = ["Response time of check", "Response time of trigger by sms"]
    found = [each for each in charts(load) if each.title.startswith("Response time of")]
    assert [each.title.partition(",")[0] for each in found] == titles
    # the limit of nine seconds is far above all that was measured: it would flatten the picture
    names = [[line.name for line in each.series if line.is_limit] for each in found]
    assert names == [["p95(check) < 30 ms"], ["p99(trigger, sms) < 50 ms"]]
    assert load.intervals[0].limited_ms["trigger, sms"].max == pytest.approx(20.15, rel=0.01)
    assert "trigger" not in load.intervals[0].limited_ms


def _latency_chart(slowest_us: int) -> Chart:
    told = Journal().start().load_start(10, 2, limit("p99", "< 3000 ms", "p99", 3000))
    told.load_second(0, "trigger", [2_000] * 50)
    told.load_second(1, "trigger", [2_000] * 40 + [slowest_us] * 10)
    return charts(load_of(told.load_finish(20, 2)))[0]


def test_latencies_far_apart_stand_on_a_logarithmic_axis() -> None:
    drawn = _latency_chart(900_000)
    assert drawn.y_title == "ms, logarithmic"
    assert [tick.text for tick in drawn.y_ticks] == ["10", "100", "1\u202f000"]
    ten, hundred, thousand = (tick.at for tick in drawn.y_ticks)
    assert ten - hundred == pytest.approx(hundred - thousand, abs=0.2)
    assert [line.name for line in drawn.series if line.is_limit] == ["p99 < 3000 ms"]


def test_latencies_near_each_other_stand_on_an_axis_of_equal_steps() -> None:
    drawn = _latency_chart(40_000)
    assert drawn.y_title == "ms"
    assert drawn.y_ticks[0].text == "0"
    assert len({round(low.at - high.at) for low, high in pairwise(drawn.y_ticks)}) == 1
    assert not any(line.is_limit for line in drawn.series)
