"""How far a run is, on a terminal and in a log."""

import io

import pytest

from verify_harness.contract.progress import ProgressLine
from verify_harness.progress_bar import columns_of, drawn, left, progress


@pytest.mark.parametrize(
    "share, told",
    [
        (0, "x                        0 % y"),
        (0.25, "x ━━━━━                 25 % y"),
        (1, "x ━━━━━━━━━━━━━━━━━━━━ 100 % y"),
        (1.2, "x ━━━━━━━━━━━━━━━━━━━━ 100 % y"),
    ],
)
def test_a_bar_is_as_long_as_what_is_done(
    monkeypatch: pytest.MonkeyPatch, share: float, told: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert drawn(progress("x", share, "y", 80), io.StringIO(), 80) == [told]


def test_a_terminal_without_unicode_gets_a_plain_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    (line,) = drawn(progress("x", 0.25, "y", 80), stream, 80)
    assert line.isascii()
    assert line.startswith("x ----- ")


def test_only_a_terminal_that_can_go_back_is_rewritten(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", "40")
    assert columns_of(io.StringIO()) is None
    assert columns_of(Terminal()) == 40
    monkeypatch.setenv("TERM", "dumb")
    assert columns_of(Terminal()) is None


@pytest.mark.parametrize(
    "share, secs, told",
    [
        (0.25, 10, " · 30 s left"),
        (0.1, 20, " · 3 min left"),
        (0.25, 1, ""),
        (0.01, 10, ""),
        (0, 10, ""),
        (1, 10, ""),
    ],
)
def test_the_rest_is_told_once_something_is_known(share: float, secs: float, told: str) -> None:
    assert left(share, secs) == told


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock of the progress line."""
    clock = [0.0]
    monkeypatch.setattr("verify_harness.contract.progress.time.monotonic", lambda: clock[0])
    return clock


def test_a_log_gets_whole_lines(now: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    line = ProgressLine("contract", "checks", columns=None)
    for now[0] in (1, 9, 10, 12):
        line.update(25, 100, ", 2 failed")
    now[0] = 40
    line.close(100, 100, ", 2 failed")
    assert capsys.readouterr().err.splitlines() == [
        "contract: 25/100 checks, 2 failed, 10 s · 30 s left",
        "contract: 100/100 checks, 2 failed, 40 s",
    ]


def test_a_terminal_has_one_line_that_fits(
    now: list[float], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    line = ProgressLine("proof", "faults", columns=40)
    now[0] = 5
    line.update(50, 100)
    line.close(100, 100)
    first, second, end = capsys.readouterr().err.split("\x1b[K\r")
    assert first == "proof ━━━━━       50 % 50/100 faults ·…"
    assert second.startswith("proof ━━━━━━━━━━ 100 % 100/100")
    assert end == "\n"
