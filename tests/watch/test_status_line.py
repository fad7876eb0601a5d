"""Lines about a running load, for a log and for a terminal."""

import io
import re
from pathlib import Path

import pytest

from tests.watch.journals import begins, limit, second, write
from verify_harness.journal.records import Finding, LoadInvalid
from verify_harness.progress_bar import drawn
from verify_harness.watch.dashboard import Dashboard, dashboard
from verify_harness.watch.feed import Feed
from verify_harness.watch.status_line import StatusLines, line


def feed(directory: Path, took_s: float = 0.1) -> Feed:
    records = [
        begins(2, 9, limit("p95(trigger)", "< 250 ms"), limit("p99(check)", "< 1 s")),
        *(record for at in range(5) for record in second(at, [took_s, took_s])),
    ]
    made = Feed()
    made.look([write(directory / "load", *records)])
    return made


def test_a_line_says_where_the_load_is_and_whether_it_keeps_its_limits(tmp_path: Path) -> None:
    assert line(Feed().state()) == "load: setting up"
    told = line(feed(tmp_path).state())
    assert told.startswith("load: 4 s of 9 s · 2 of 2 journeys/s · 2 requests/s · p95 100 ms")
    assert told.endswith("0 errors · limits kept")
    (tmp_path / "slow").mkdir()
    assert line(feed(tmp_path / "slow", 0.4).state()).endswith(
        "missed so far: p95(trigger) < 250 ms"
    )


def test_a_log_gets_a_line_every_ten_seconds(tmp_path: Path) -> None:
    stream, now = io.StringIO(), [0.0]
    progress = StatusLines(feed(tmp_path), stream, clock=lambda: now[0])
    for now[0] in (1.0, 9.9, 10.0, 11.0, 20.5):
        progress.tell()
    progress.end()
    assert stream.getvalue().count("\n") == len(stream.getvalue().splitlines()) == 2
    assert "\x1b" not in stream.getvalue()


class Unread(io.StringIO):
    """A stream whose reader has gone."""

    def flush(self) -> None:
        raise BrokenPipeError


def test_a_load_does_not_end_because_nobody_reads_its_lines(tmp_path: Path) -> None:
    for teller in (Dashboard(feed(tmp_path), Unread()), StatusLines(feed(tmp_path), Unread())):
        teller.tell()
        teller.end()


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.mark.usefixtures("plain")
def test_a_dashboard_shows_progress_rates_latencies_and_limits(tmp_path: Path) -> None:
    lines = drawn(dashboard(feed(tmp_path, 0.4).state(), 79), io.StringIO(), 79)
    first, rates, latencies, missed, unmeasured = (_plain(text).rstrip() for text in lines)
    assert first.startswith("load ")
    assert first.endswith(" 44 % 4 s of 9 s · 5 s left")
    assert rates == "2 of 2 journeys/s · 2 requests/s · 0 errors"
    assert latencies == "p50 400 ms · p95 400 ms · p99 400 ms"
    assert missed == "missed   p95(trigger) < 250 ms  400 ms"
    assert unmeasured == "not yet  p99(check) < 1 s"


@pytest.mark.usefixtures("plain")
def test_what_must_hold_and_does_not_is_told_at_once(tmp_path: Path) -> None:
    seen = feed(tmp_path)
    broken = Finding(
        check="load", seq=1, requirement="VFY-CODE-004", severity="fail", message="twice"
    )
    seen.look([write(tmp_path / "load", broken, LoadInvalid("lost", lost_process=1))])
    lines = drawn(dashboard(seen.state(), 79), io.StringIO(), 79)
    assert [_plain(text) for text in lines[3:5]] == [
        "broken: VFY-CODE-004",
        "load processes lost: 1",
    ]
    assert " · broken: VFY-CODE-004 · " in line(seen.state())


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("columns", [20, 39, 60])
def test_a_dashboard_fits_a_narrow_terminal(tmp_path: Path, columns: int) -> None:
    lines = drawn(dashboard(feed(tmp_path).state(), columns), io.StringIO(), columns)
    assert len(lines) == 5
    assert max(len(_plain(text)) for text in lines) <= columns


def test_a_dashboard_is_drawn_in_its_own_place_and_goes_away(tmp_path: Path) -> None:
    stream = io.StringIO()
    board = Dashboard(feed(tmp_path), stream)
    board.tell()
    board.tell()
    board.end()
    before, first, second_time, end = stream.getvalue().split("\x1b[J")
    assert (before, end) == ("\r", "")
    assert first.count("\n") == second_time.count("\n") == 4
    assert first.endswith("\r\x1b[4A")
    assert second_time.endswith("\r\x1b[4A")
