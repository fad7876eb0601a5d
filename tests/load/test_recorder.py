"""What the recorder keeps and writes."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from verify_harness.journal import Journal
from verify_harness.load.engine.recorder import FINDINGS_PER_REQUIREMENT, Recorder, Sample
from verify_harness.load.engine.tally import Tally
from verify_harness.results import histograms

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.ndjson"


@pytest.fixture
def lines(path: Path) -> Lines:
    return lambda: [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def recorder(path: Path) -> Iterator[Recorder]:
    with closing(Journal(path)) as journal:
        yield _recorder(journal)


def _recorder(journal: Journal) -> Recorder:
    return Recorder(journal, started=100.0)


def _sample(finished: float, service_s: float = 0.01, status: int | None = 200) -> Sample:
    failure = None if status in {200, 429} else "no answer" if status is None else f"HTTP {status}"
    return Sample("check", "sms", finished, service_s, service_s * 2, status, failure)


def test_requests_are_counted_by_second_status_and_kind(recorder: Recorder, lines: Lines) -> None:
    for status in (200, 200, 429, 503, None):
        recorder.record(_sample(102.5, status=status))

    recorder.flush(103.0)

    (line,) = lines()
    assert (line["kind"], line["second"], line["step"]) == ("load-second", 2, "check")
    assert (line["requests"], line["throttled"], line["errors"]) == (5, 1, 2)
    assert line["statuses"] == {"200": 2, "429": 1, "503": 1}


def test_journeys_are_counted_where_they_begin(recorder: Recorder, lines: Lines) -> None:
    recorder.began(100.1, is_late=False)
    recorder.began(100.9, is_late=True)
    recorder.began(102.0, is_late=False)

    recorder.flush(101.5)

    told = [(line["kind"], line["second"], line["started"], line["late"]) for line in lines()]
    assert told == [("load-begun", 0, 2, 1)]
    recorder.finish(3.0, 3, {})
    journeys = lines()[-1]["journeys"]
    assert (journeys["planned"], journeys["started"], journeys["late_starts"]) == (3, 3, 1)


def test_journeys_are_counted_where_they_end(recorder: Recorder, lines: Lines) -> None:
    recorder.ended("sms", "completed", 100.1)
    recorder.ended("sms", "failed", 100.9)
    recorder.ended("call", "abandoned", 101.2)

    recorder.flush(101.0)
    assert [(line["channel"], line["completed"], line["failed"]) for line in lines()] == [
        ("sms", 1, 1)
    ]
    recorder.flush(102.0)
    assert (lines()[1]["second"], lines()[1]["abandoned"]) == (1, 1)


def test_a_second_is_written_once_and_only_when_it_is_over(
    recorder: Recorder, lines: Lines
) -> None:
    recorder.record(_sample(100.5))
    recorder.record(_sample(101.5))

    recorder.flush(101.9)
    recorder.flush(101.9)
    assert [line["second"] for line in lines()] == [0]

    recorder.flush(102.0)
    assert [line["second"] for line in lines()] == [0, 1]


def test_service_and_response_latency_are_kept_apart(recorder: Recorder, lines: Lines) -> None:
    recorder.record(_sample(100.5, service_s=0.25))
    recorder.flush(102.0)

    (line,) = lines()
    for name, microseconds in (("service", 250_000), ("response", 500_000)):
        measured = histograms.merged([line[name]]).get_max_value()
        assert measured == pytest.approx(microseconds, rel=0.001)


def test_merging_two_recorders_is_exact(tmp_path: Path) -> None:
    random = Random(7)
    latencies = [random.expovariate(20) for _ in range(2000)]
    whole = _blocks(tmp_path / "whole", latencies)
    parts = _blocks(tmp_path / "one", latencies[:700]) + _blocks(tmp_path / "two", latencies[700:])

    merged = histograms.merged(parts)

    assert merged.get_total_count() == len(latencies)
    assert merged.equals(histograms.merged(whole))


def _blocks(path: Path, latencies: list[float]) -> list[str]:
    """What a recorder of its own writes about some latencies, a hundred a second."""
    with closing(Journal(path)) as journal:
        recorder = _recorder(journal)
        for index, latency in enumerate(latencies):
            recorder.record(_sample(100 + index / 100, latency))
        recorder.flush(float("inf"))
    return [json.loads(line)["service"] for line in path.read_text().splitlines()]


def test_latencies_outside_the_range_count_at_its_ends() -> None:
    tally = Tally()
    for seconds in (-0.1, 0.0, 3600.0):
        tally.add(seconds)
    histogram = tally.histogram()

    assert histogram.get_total_count() == 3
    assert histogram.get_min_value() == 1
    assert histogram.get_max_value() == pytest.approx(60_000_000, rel=0.001)


def test_a_tally_is_exactly_the_histogram_of_its_latencies() -> None:
    random = Random(7)
    micros = [round(10 ** random.uniform(0, 7.7)) for _ in range(5000)] + [2047, 2048, 4095, 4096]
    tally, direct = Tally(), histograms.empty()
    for value in micros:
        tally.add(value / 1_000_000)
        direct.record_value(value)

    assert tally.histogram().equals(direct)


def test_channels_are_kept_apart(recorder: Recorder, lines: Lines) -> None:
    for channel in ("sms", "call", None):
        recorder.record(_sample(100.5)._replace(channel=channel))

    recorder.flush(102.0)

    assert [(line["channel"], line["requests"]) for line in lines()] == [
        (None, 1),
        ("call", 1),
        ("sms", 1),
    ]


def test_findings_are_bounded_and_counted(recorder: Recorder, lines: Lines) -> None:
    for index in range(FINDINGS_PER_REQUIREMENT + 3):
        recorder.broken("VFY-CODE-002", f"journey {index}")
    recorder.broken("VFY-TRIG-001", "another")

    recorder.finish(1.0, 9, {"process": "test"})

    written = lines()
    findings = [line for line in written if line["kind"] == "finding"]
    assert len(findings) == FINDINGS_PER_REQUIREMENT + 1
    assert [line["seq"] for line in findings] == list(range(len(findings)))
    assert {line["check"] for line in findings} == {"load"}
    (note,) = [line["message"] for line in written if line["kind"] == "note"]
    assert f"VFY-CODE-002 was broken {FINDINGS_PER_REQUIREMENT + 3} times" in note


def test_the_end_holds_what_was_left_and_the_failures_by_kind(
    recorder: Recorder, lines: Lines
) -> None:
    for status in (503, 503, None):
        recorder.record(_sample(100.5, status=status))

    recorder.finish(1.5, 3, {"cpu_percent": 1.0})

    second, finished = lines()
    assert (second["kind"], finished["kind"]) == ("load-second", "load-finished")
    assert finished["journeys"]["planned"] == 3
    assert finished["failures"] == [
        {"step": "check", "message": "HTTP 503", "count": 2},
        {"step": "check", "message": "no answer", "count": 1},
    ]


def test_the_kinds_of_failures_are_bounded(recorder: Recorder, lines: Lines) -> None:
    for index in range(200):
        recorder.failed("check", f"failure {index}")

    recorder.finish(1.0, 0, {})

    failures = lines()[-1]["failures"]
    assert len(failures) == 51
    assert sum(failure["count"] for failure in failures) == 200
