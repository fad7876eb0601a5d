"""What a running load has come to, read from parts that are still being written."""

from pathlib import Path

import pytest

from tests.watch.journals import begins, ends, limit, second, write
from verify_harness.journal.records import LoadInvalid, LoadSecond
from verify_harness.watch.feed import Feed

LIMITS = (limit("p95(trigger)", "< 250 ms"), limit("error_rate", "< 1 %"))


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "journal-load.ndjson"


def test_a_load_passes_through_its_phases(part: Path) -> None:
    feed = Feed()
    feed.look([])
    assert feed.state().phase == "setting up"
    write(part, begins(2, 4, *LIMITS), *second(0, [0.1, 0.2]))
    feed.look([part])
    assert feed.state().phase == "running"
    assert feed.points_since(0) == (), "another process may still write about second 0"
    write(part, *second(4, [0.1]))
    feed.look([part])
    assert feed.state().phase == "draining"
    assert [point.second for point in feed.points_since(0)] == [0, 1, 2]
    write(part, ends())
    feed.look([part])
    feed.close()
    state = feed.state()
    assert (state.phase, state.processes) == (
        "over",
        {"generating": 0, "finished": 1, "lost": 0},
    )
    assert [point.second for point in feed.points_since(3)] == [3, 4]


def test_a_second_counts_what_all_processes_did_in_it(tmp_path: Path) -> None:
    parts = [
        write(tmp_path / f"load-{n}", begins(3, 10, *LIMITS), *second(0, [n / 10] * 3))
        for n in (1, 2)
    ]
    write(parts[0], *second(3, [0.1]))
    feed = Feed()
    feed.look(parts)
    point = feed.points_since(0)[0]
    assert (point.offered_per_s, point.started, point.requests) == (6, 6, 6)
    assert point.p50_ms == pytest.approx(100, rel=0.01)
    assert point.p99_ms == pytest.approx(200, rel=0.01)
    state = feed.state()
    assert (state.planned, state.started, state.completed) == (60, 7, 7)
    assert state.processes["generating"] == 2


def test_a_second_without_an_answer_is_no_percentile_of_zero(part: Path) -> None:
    write(part, begins(1, 9), *second(0, [0.1]), *second(4, [0.1]))
    feed = Feed()
    feed.look([part])
    assert [point.p95_ms is None for point in feed.points_since(0)] == [False, True, True]


def test_limits_are_judged_as_the_report_judges_them(part: Path) -> None:
    write(part, begins(1, 9, *LIMITS))
    feed = Feed()
    feed.look([part])
    assert [item.is_kept for item in feed.state().limits] == [None, None]
    write(part, *second(0, [0.3] * 9), *second(1, [0.1], status="503"))
    feed.look([part])
    told = {item.text: (item.measured, item.is_kept) for item in feed.state().limits}
    assert told["error_rate < 1 %"] == (10.0, False)
    measured, kept = told["p95(trigger) < 250 ms"]
    assert measured == pytest.approx(300, rel=0.01)
    assert kept is False


def test_lines_are_read_once_and_half_lines_later(part: Path) -> None:
    write(part, begins(1, 9), *second(0, [0.1]))
    whole = part.read_bytes()
    part.write_bytes(whole[:-5])
    feed = Feed()
    feed.look([part])
    assert feed.state().completed == 0
    part.write_bytes(whole)
    for _ in range(2):
        feed.look([part])
    assert feed.state().completed == 1


def test_a_lost_process_and_a_broken_histogram_end_nothing(part: Path) -> None:
    broken = LoadSecond(second=0, step="trigger", requests=1, response="no histogram")
    lost = LoadInvalid("load process 2 of 2 was lost", lost_process=2)
    withheld = LoadInvalid("the ceiling withheld 3 triggers: nothing was lost but them")
    write(part, begins(1, 9), begins(1, 9), broken, lost, withheld, *second(1, [0.1]))
    feed = Feed()
    feed.look([part])
    assert feed.state().processes == {"generating": 1, "finished": 0, "lost": 1}
    assert feed.state().requests >= 1


def test_a_long_load_keeps_no_more_than_it_draws(part: Path) -> None:
    write(part, begins(1, 9999), *(record for at in range(2000) for record in second(at, [0.01])))
    feed = Feed()
    feed.look([part])
    assert len(feed.points_since(0)) == 600
    assert feed.state().completed == 2000
    recent = feed.state().recent
    assert recent is not None
    assert recent.requests == 1
