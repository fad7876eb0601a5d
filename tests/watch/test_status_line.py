"""Lines about a running load."""

import io
from pathlib import Path

from tests.watch.journals import begins, limit, second, write
from verify_harness.watch.feed import Feed
from verify_harness.watch.status_line import Progress, line


def feed(directory: Path, took_s: float = 0.1) -> Feed:
    records = [
        begins(2, 9, limit("p95(trigger)", "< 250 ms")),
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
    progress = Progress(
        feed(tmp_path), stream, rewrites=False, width=lambda: 80, clock=lambda: now[0]
    )
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
    progress = Progress(feed(tmp_path), Unread(), rewrites=True, width=lambda: 40)
    progress.tell()
    progress.end()


def test_a_terminal_has_one_line_that_fits_and_goes_away(tmp_path: Path) -> None:
    stream = io.StringIO()
    progress = Progress(feed(tmp_path), stream, rewrites=True, width=lambda: 40)
    progress.tell()
    progress.tell()
    progress.end()
    first, second_time, end = stream.getvalue().split("\r\x1b[K")[1:]
    assert first.startswith("load [#########-----------]  44 % · ")
    assert first == second_time
    assert (len(first), end) == (39, "")
