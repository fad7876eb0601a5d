"""Lines about a running load, now and then, for a log."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from verify_harness.watch.feed import Feed, State

_EVERY_SECS = 10.0


def line(state: State) -> str:
    """The state in one line, what matters most first."""
    if state.phase == "setting up":
        return "load: setting up"
    parts = [f"load: {state.second} s of {state.planned_s:g} s"]
    if state.recent is not None:
        now = state.recent
        parts.append(f"{now.started:g} of {now.offered_per_s:g} journeys/s")
        parts.append(f"{now.requests:g} requests/s")
        if now.p95_ms is not None and now.p99_ms is not None:
            parts.append(f"p95 {now.p95_ms:.3g} ms, p99 {now.p99_ms:.3g} ms")
    parts.append(f"{state.errors} errors")
    if state.broken:
        parts.append(f"broken: {', '.join(state.broken)}")
    missed = [limit.text for limit in state.limits if limit.is_kept is False]
    if any(limit.is_kept is not None for limit in state.limits):
        parts.append(f"missed so far: {', '.join(missed)}" if missed else "limits kept")
    if lost := state.processes["lost"]:
        parts.append(f"load processes lost: {lost}")
    return " · ".join(parts)


class StatusLines:
    """Tells of a feed every ten seconds."""

    def __init__(
        self, feed: Feed, stream: TextIO, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._feed = feed
        self._stream = stream
        self._clock = clock
        self._next = clock() + _EVERY_SECS

    def tell(self) -> None:
        """Write a line, if it is time for one."""
        if self._clock() >= self._next:
            self._next += _EVERY_SECS
            write(self._stream, f"{line(self._feed.state())}\n")

    def end(self) -> None:
        """Nothing is left to do."""


def write(stream: TextIO, text: str) -> None:
    """Write for whoever looks on: where nobody reads, or no room is, the load does not end."""
    with suppress(OSError):
        stream.write(text)
        stream.flush()
