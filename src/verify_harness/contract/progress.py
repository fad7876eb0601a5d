"""Progress on stderr: one line that is rewritten on a terminal, else a line every ten seconds."""

import sys
import time

import pytest

_INTERVAL_SECS = {True: 0.2, False: 10.0}


class ProgressLine:
    """Prints a text and the time since the start, not too often."""

    def __init__(self, *, rewrites: bool) -> None:
        """`rewrites`: stderr is a terminal in the end, whatever pipe it goes through."""
        self._started = self._printed_at = time.monotonic()
        self._rewrites = rewrites

    def update(self, text: str) -> None:
        """Print the text unless one was printed just before."""
        if time.monotonic() - self._printed_at >= _INTERVAL_SECS[self._rewrites]:
            self._print(text)

    def close(self, text: str = "") -> None:
        """Print the last text, and end the line on a terminal."""
        if text:
            self._print(text)
        if self._rewrites:
            sys.stderr.write("\n")

    def _print(self, text: str) -> None:
        self._printed_at = time.monotonic()
        text = f"{text}, {self._printed_at - self._started:.0f} s"
        sys.stderr.write(f"{text}\x1b[K\r" if self._rewrites else f"{text}\n")
        sys.stderr.flush()


class Progress:
    """A pytest plugin that counts the finished checks of a contract run."""

    def __init__(self, *, rewrites: bool) -> None:
        self._total = self._done = self._failed = 0
        self._line = ProgressLine(rewrites=rewrites)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a finished or failed check."""
        self._failed += report.failed
        if report.when == "teardown":
            self._done += 1
            self._line.update(self._text)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Set the number of checks."""
        self._total = len(session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Set the number of checks, from the collection of a worker process."""
        self._total = len(ids)

    def pytest_sessionfinish(self) -> None:
        """Print the final count."""
        self._line.close(self._text)

    @property
    def _text(self) -> str:
        return f"contract: {self._done}/{self._total} checks, {self._failed} failed"
