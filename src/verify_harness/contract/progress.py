"""How far a contract run is, on stderr: one moving line on a terminal, else a line now and then."""

import sys
import time

_INTERVAL_SECS = {True: 0.2, False: 10.0}


class Progress:
    """Counts finished checks and says so, not too often."""

    def __init__(self) -> None:
        self.total = 0
        self._done = 0
        self._failed = 0
        self._started = time.monotonic()
        self._moving = sys.stderr.isatty()
        self._said_at = self._started

    def advance(self) -> None:
        """One more check is done."""
        self._done += 1
        if time.monotonic() - self._said_at >= _INTERVAL_SECS[self._moving]:
            self._say()

    def fail(self) -> None:
        """One more check failed."""
        self._failed += 1

    def close(self) -> None:
        """Say the last count, and leave the terminal's line."""
        self._say()
        if self._moving:
            sys.stderr.write("\n")

    def _say(self) -> None:
        self._said_at = time.monotonic()
        elapsed_secs = self._said_at - self._started
        text = (
            f"contract: {self._done}/{self.total} checks, {self._failed} failed, "
            f"{elapsed_secs:.0f} s"
        )
        sys.stderr.write(f"\r\x1b[K{text}" if self._moving else f"{text}\n")
        sys.stderr.flush()
