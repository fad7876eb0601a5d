"""A running load on a terminal: where it is, its rates and latencies, and its limits."""

from collections.abc import Iterator
from typing import TextIO

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from verify_harness.progress_bar import columns_of, cut, drawn, left, progress
from verify_harness.watch.feed import Feed, LimitState, State
from verify_harness.watch.status_line import write

_MOST_LIMITS = 8
_WORD = {None: ("not yet", "dim"), True: ("kept", "green"), False: ("missed", "bold red")}


def dashboard(state: State, columns: int) -> RenderableType:
    """The state in a few lines, for a terminal so wide."""
    if state.phase == "setting up":
        return Text("load: setting up")
    share = state.second / state.planned_s if state.planned_s else 1.0
    told = f"{state.second} s of {state.planned_s:g} s{left(share, state.second)}"
    return Group(
        progress("load", share, told, columns),
        _rates(state),
        _latencies(state),
        *(Text(alarm, "bold red", no_wrap=True, overflow="ellipsis") for alarm in _alarms(state)),
        _limits(state.limits),
    )


def _alarms(state: State) -> Iterator[str]:
    if state.broken:
        yield f"broken: {', '.join(state.broken)}"
    if lost := state.processes["lost"]:
        yield f"load processes lost: {lost}"


def _rates(state: State) -> Text:
    now = state.recent
    text = cut("")
    if now is not None:
        text.append(f"{now.started:g} of {now.offered_per_s:g} journeys/s · ")
        text.append(f"{now.requests:g} requests/s · ")
    return text.append(f"{state.errors} errors", "bold red" if state.errors else "")


def _latencies(state: State) -> Text:
    now = state.recent
    if now is None or now.p50_ms is None or now.p95_ms is None or now.p99_ms is None:
        return Text("no answer in the last seconds")
    told = f"p50 {now.p50_ms:.3g} ms · p95 {now.p95_ms:.3g} ms · p99 {now.p99_ms:.3g} ms"
    return cut(told)


def _limits(limits: tuple[LimitState, ...]) -> Table:
    """The limits, those that are missed first; what has no room is counted."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, min_width=max(len(word) for word, _ in _WORD.values()))
    table.add_column()
    table.add_column(no_wrap=True, justify="right")
    order = sorted(limits, key=lambda limit: limit.is_kept is not False)
    for limit in order[:_MOST_LIMITS]:
        word, style = _WORD[limit.is_kept]
        table.add_row(Text(word, style), cut(limit.text), limit.told)
    if len(order) > _MOST_LIMITS:
        table.add_row("", f"and {len(order) - _MOST_LIMITS} more")
    return table


class Dashboard:
    """Draws a feed on a terminal, in the same place each time."""

    def __init__(self, feed: Feed, stream: TextIO) -> None:
        self._feed = feed
        self._stream = stream
        self._height = 0

    def tell(self) -> None:
        """Draw the state anew."""
        columns = (columns_of(self._stream) or 80) - 1  # it may be a terminal no more
        lines = drawn(dashboard(self._feed.state(), columns), self._stream, columns)
        above, self._height = self._back(), len(lines)
        write(self._stream, above + "\n".join(lines))

    def end(self) -> None:
        """Leave nothing behind on the terminal."""
        write(self._stream, self._back())

    def _back(self) -> str:
        """To the first line of what was drawn, and nothing from there on."""
        up = f"\x1b[{self._height - 1}A" if self._height > 1 else ""
        return f"\r{up}\x1b[J"
