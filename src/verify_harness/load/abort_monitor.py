"""Ends a load early when a limit that aborts is missed, judged as the report will judge it.

It runs beside the generating processes, in who started them, and reads what they write: so it costs
them nothing, and sees the shares of all of them as one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from verify_harness.journal.embedded import Slo
from verify_harness.journal.reader import Entry, Follower
from verify_harness.journal.records import LoadEnded, LoadSecond
from verify_harness.results.slo import is_kept, windows

_LATEST_SECS = 2
"""So long after its end a second may still be written by another process."""


class AbortMonitor:
    """Reads the growing parts of a journal."""

    def __init__(self, limits: Sequence[Slo], parts: Callable[[], Iterable[Path]]) -> None:
        """`parts` gives the files that there are by now."""
        self._limits = [limit for limit in limits if limit.aborts]
        self._parts = parts
        self._followers: dict[Path, Follower] = {}
        self._records: list[LoadSecond | LoadEnded] = []
        self._judged = [0] * len(self._limits)
        """Up to which second each limit has been judged."""

    def breach(self) -> str | None:
        """What was missed, if a limit was, in a window that is over."""
        if not self._limits:
            return None
        for entry in self._new_entries():
            if isinstance(entry, LoadSecond | LoadEnded):
                self._records.append(entry)
        if breaches := list(self._breaches()):
            return breaches[0]
        self._forget()
        return None

    def _breaches(self) -> Iterator[str]:
        over_s = max((record.second for record in self._records), default=0) - _LATEST_SECS
        for place, limit in enumerate(self._limits):
            width_s = limit.window_s or 1
            begins_s, self._judged[place] = self._judged[place], max(0, over_s // width_s * width_s)
            for window in windows(limit, self._records):
                ends_s = window.from_s + width_s
                is_due = begins_s <= window.from_s and ends_s <= over_s
                if is_due and not is_kept(limit, window.measured):
                    missed = f"{limit.expression} {limit.limit}"
                    yield f"aborted: {missed} was missed from second {window.from_s} to {ends_s}"

    def _forget(self) -> None:
        """Let go of the seconds that every limit has judged, so that a soak costs no more."""
        known_s = min(self._judged)
        self._records = [record for record in self._records if record.second >= known_s]

    def _new_entries(self) -> Iterator[Entry]:
        for part in self._parts():
            yield from self._followers.setdefault(part, Follower(part)).new()
