"""Ending a load early: what the watch sees of a journal that is still being written."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from verify_harness.journal.embedded import Slo
from verify_harness.load.abort_monitor import AbortMonitor
from verify_harness.load.engine.tally import Tally
from verify_harness.load.profile.slo_syntax import parse

CHANNELS = ("sms", "call")


def _limit(expression: str, limit: str) -> Slo:
    return parse(expression, limit, CHANNELS)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., None]:
    """Add seconds to a part; each holds one request that took so long."""

    def add(seconds: range, took_s: float, part: str = "load", **changes: Any) -> None:
        tally = Tally()
        tally.add(took_s)
        line = {"kind": "load-second", "step": "trigger", "channel": "sms", "requests": 1}
        line |= {"service": tally.encoded(), "response": tally.encoded(), **changes}
        with (tmp_path / part).open("a") as file:
            file.writelines(json.dumps({**line, "second": at}) + "\n" for at in seconds)

    return add


@pytest.fixture
def watch(tmp_path: Path) -> Callable[..., AbortMonitor]:
    def of(*limits: tuple[str, str]) -> AbortMonitor:
        chosen = [_limit(*one) for one in limits]
        return AbortMonitor(chosen, lambda: sorted(tmp_path.iterdir()))

    return of


ABORTS = ("max(trigger)", "< 250 ms over 5 s, abort")


def test_a_window_is_judged_when_it_is_over(
    watch: Callable[..., AbortMonitor], write: Callable[..., None]
) -> None:
    watching = watch(ABORTS)
    write(range(5), 0.9)
    assert watching.breach() is None  # another process may still write about second 4
    write(range(5, 8), 0.1)
    told = "aborted: max(trigger) < 250 ms over 5 s, abort was missed from second 0 to 5"
    assert watching.breach() == told


def test_seconds_are_read_once_and_half_lines_later(
    watch: Callable[..., AbortMonitor], write: Callable[..., None], tmp_path: Path
) -> None:
    watching = watch(ABORTS)
    write(range(20), 0.1)
    text = (tmp_path / "load").read_text()
    (tmp_path / "load").write_text(text[:-40])
    assert watching.breach() is None
    (tmp_path / "load").write_text(text)
    assert watching.breach() is None
    write(range(20, 30), 0.9)
    assert "second 20 to 25" in (watching.breach() or "")


def test_the_shares_of_all_processes_are_judged_together(
    watch: Callable[..., AbortMonitor], write: Callable[..., None]
) -> None:
    watching = watch(("error_rate", "< 60 % over 5 s, abort"))
    write(range(10), 0.1, part="load-1", errors=1)
    write(range(10), 0.1, part="load-2")
    assert watching.breach() is None
    write(range(10, 20), 0.1, part="load-1", errors=1)
    assert "second 10 to 15" in (watching.breach() or "")


def test_windows_of_several_lengths_are_each_judged_whole(
    watch: Callable[..., AbortMonitor], write: Callable[..., None]
) -> None:
    watching = watch(
        ("error_rate", "< 60 % over 3 s, abort"), ("error_rate", "< 20 % over 10 s, abort")
    )
    for at in range(29):  # three of ten fail, where the longer window allows two
        write(range(at, at + 1), 0.1, errors=int(at in {17, 18, 19}))
        told = watching.breach()
        assert bool(told) == (at >= 22), at
        if told:
            assert "second 10 to 20" in told
            break


def test_a_window_is_not_judged_again_by_what_is_left_of_it(
    watch: Callable[..., AbortMonitor], write: Callable[..., None]
) -> None:
    watching = watch(
        ("error_rate", "< 70 % over 3 s, abort"), ("error_rate", "< 90 % over 10 s, abort")
    )
    for at in range(30):  # of the seconds 9 to 12 two fail; the longer window lets go of the first
        write(range(at, at + 1), 0.1, errors=int(at in {10, 11}))
        assert watching.breach() is None


def test_limits_that_do_not_abort_are_left_to_the_report(
    watch: Callable[..., AbortMonitor], write: Callable[..., None]
) -> None:
    watching = watch(("max(trigger)", "< 250 ms over 5 s"), ("max(trigger)", "< 250 ms"))
    write(range(30), 0.9)
    assert watching.breach() is None
