"""Progress on stderr: one line that is rewritten on a terminal, else a line every ten seconds."""

import sys
import time

import pytest

from verify_harness.progress_bar import drawn, left, progress

_REWRITE_EVERY_SECS, _PLAIN_EVERY_SECS = 0.2, 10.0


class ProgressLine:
    """Prints how much is done and the time since the start, not too often."""

    def __init__(self, name: str, noun: str, *, columns: int | None) -> None:
        """`columns`: stderr is so wide a terminal in the end, whatever pipe it goes through."""
        self._name, self._noun = name, noun
        self._started = self._printed_at = time.monotonic()
        self._columns = columns

    def update(self, done: int, total: int, more: str = "") -> None:
        """Print the state unless it was printed just before."""
        interval_secs = _PLAIN_EVERY_SECS if self._columns is None else _REWRITE_EVERY_SECS
        if time.monotonic() - self._printed_at >= interval_secs:
            self._print(done, total, more)

    def close(self, done: int, total: int, more: str = "") -> None:
        """Print the last state, and end the line on a terminal."""
        self._print(done, total, more)
        if self._columns is not None:
            sys.stderr.write("\n")

    def _print(self, done: int, total: int, more: str) -> None:
        self._printed_at = time.monotonic()
        elapsed_secs = self._printed_at - self._started
        share = done / total if total else 0.0
        told = f"{done}/{total} {self._noun}{more}"
        if self._columns is None:
            time_told = f"{elapsed_secs:.0f} s{left(share, elapsed_secs)}"
            sys.stderr.write(f"{self._name}: {told}, {time_told}\n")
        else:
            told += left(share, elapsed_secs) or f" · {elapsed_secs:.0f} s"
            row = progress(self._name, share, told, self._columns)
            (text,) = drawn(row, sys.stderr, max(1, self._columns - 1))
            sys.stderr.write(f"{text}\x1b[K\r")
        sys.stderr.flush()


class Progress:
    """A pytest plugin that counts the finished checks of a contract run."""

    def __init__(self, *, columns: int | None) -> None:
        self._total = self._done = self._failed = 0
        self._line = ProgressLine("contract", "checks", columns=columns)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a finished or failed check."""
        self._failed += report.failed
        if report.when == "teardown":
            self._done += 1
            self._line.update(self._done, self._total, self._more)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Set the number of checks."""
        self._total = len(session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Set the number of checks, from the collection of a worker process."""
        self._total = len(ids)

    def pytest_sessionfinish(self) -> None:
        """Print the final count."""
        self._line.close(self._done, self._total, self._more)

    @property
    def _more(self) -> str:
        return f", {self._failed} failed"
