"""Lines about a running load on stderr: on a terminal one that is rewritten, else now and then."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from verify_harness.progress_bar import bar
from verify_harness.watch.feed import Feed, State

_PLAIN_EVERY_SECS = 10.0


def line(state: State, *, with_bar: bool = False) -> str:
    """The state in one line, what matters most first."""
    if state.phase == "setting up":
        return "load: setting up"
    share = state.second / state.planned_s if state.planned_s else 1.0
    name = f"load {bar(share)} ·" if with_bar else "load:"
    parts = [f"{name} {state.second} s of {state.planned_s:g} s"]
    if state.recent is not None:
        now = state.recent
        parts.append(f"{now.started:g} of {now.offered_per_s:g} journeys/s")
        parts.append(f"{now.requests:g} requests/s")
        if now.p95_ms is not None and now.p99_ms is not None:
            parts.append(f"p95 {now.p95_ms:.3g} ms, p99 {now.p99_ms:.3g} ms")
    parts.append(f"{state.errors} errors")
    missed = [limit.text for limit in state.limits if limit.is_kept is False]
    if any(limit.is_kept is not None for limit in state.limits):
        parts.append(f"missed so far: {', '.join(missed)}" if missed else "limits kept")
    if lost := state.processes["lost"]:
        parts.append(f"{lost} load processes lost")
    return " · ".join(parts)


class Progress:
    """Tells of a feed after each look at it."""

    def __init__(
        self,
        feed: Feed,
        stream: TextIO,
        *,
        rewrites: bool,
        width: Callable[[], int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`rewrites`: the stream is a terminal whose last line can be written again."""
        self._feed = feed
        self._stream = stream
        self._rewrites = rewrites
        self._width = width
        self._clock = clock
        self._next = clock() + _PLAIN_EVERY_SECS

    def tell(self) -> None:
        """Write a line, if it is time for one."""
        if self._rewrites:
            shown = line(self._feed.state(), with_bar=True)[: max(1, self._width() - 1)]
            self._write(f"\r\x1b[K{shown}")
        elif self._clock() >= self._next:
            self._next += _PLAIN_EVERY_SECS
            self._write(f"{line(self._feed.state())}\n")

    def end(self) -> None:
        """Leave nothing behind on the terminal."""
        if self._rewrites:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        with suppress(OSError):  # nobody reads on, or no room: the load is not to end for that
            self._stream.write(text)
            self._stream.flush()
