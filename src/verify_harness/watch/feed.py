"""What a running load has come to so far, from the growing parts of its journal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from threading import Condition

from hdrh.histogram import HdrHistogram

from verify_harness.journal.embedded import Slo
from verify_harness.journal.reader import Follower
from verify_harness.journal.records import (
    Finding,
    LoadBegun,
    LoadEnded,
    LoadFinished,
    LoadInvalid,
    LoadSecond,
    LoadStarted,
)
from verify_harness.results.figures import quantity
from verify_harness.results.histograms import BROKEN_HISTOGRAM, added, empty, percentiles
from verify_harness.results.load_totals import ByScope
from verify_harness.results.slo import is_kept, measure, unit_of

_LATEST_SECS = 2
"""So long after its end a second may still be written by another process."""
_RECENT_SECS = 10
"""What percentiles and rates of the moment are taken over."""
_MOST_POINTS = 600
"""How many seconds the page draws."""


@dataclass(frozen=True, slots=True)
class Point:
    """One second of the load that is over; times in milliseconds from the planned start."""

    second: int
    offered_per_s: float
    started: int
    requests: int
    errors: int
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None


@dataclass(frozen=True, slots=True)
class LimitState:
    """A limit by what was measured up to now; a limit on windows is told by the whole as well."""

    text: str
    measured: float | None
    unit: str
    is_kept: bool | None
    """None where nothing was measured yet."""

    @property
    def told(self) -> str:
        """What was measured, with its unit; empty where nothing was."""
        return "" if self.measured is None else quantity(self.measured, self.unit)


@dataclass(frozen=True, slots=True)
class State:
    """The load at this moment."""

    title: str
    phase: str
    """`setting up`, `running`, `draining` or `over`."""
    second: int
    planned_s: float
    requests: int
    errors: int
    throttled: int
    started: int
    planned: int
    completed: int
    failed: int
    recent: Point | None
    """The last seconds together; its counts are per second."""
    limits: tuple[LimitState, ...]
    processes: dict[str, int]
    """How many are `generating`, `finished` and `lost`."""
    broken: dict[str, int]
    """How often each requirement was seen broken; of each process the first few times count."""


@dataclass(slots=True)
class _Moment:
    """One second, while it is put together."""

    started: int = 0
    requests: int = 0
    errors: int = 0
    response: HdrHistogram = field(default_factory=empty)

    def add(self, record: LoadSecond) -> None:
        """Add one step's requests; raises BROKEN_HISTOGRAM."""
        if record.response:
            self.response.decode_and_add(record.response)
        self.requests += record.requests
        self.errors += record.errors


class Feed:
    """Reads on at every `look`; every method may be called from another thread."""

    def __init__(self) -> None:
        self.changed = Condition()
        """Notified after each look; also guards what is below."""
        self.looks = 0
        """How often something may have changed, so that nobody waits for a change that was."""
        self.scopes = ByScope()
        self._shares: list[LoadStarted] = []
        self._moments: dict[int, _Moment] = {}
        self._points: list[Point] = []
        self._started = 0
        self._finished = 0
        self._lost = 0
        self._broken: Counter[str] = Counter()
        self._latest = -1
        self._is_over = False
        self._followers: dict[Path, Follower] = {}
        self._told: tuple[int, State] | None = None
        """The state, and after which look; many may ask for it."""

    def look(self, parts: Iterable[Path]) -> None:
        """Read what was added to the parts of the journal."""
        with self.changed:
            for part in parts:
                for entry in self._followers.setdefault(part, Follower(part)).new():
                    self._take(entry)
            self._settle(self._latest - _LATEST_SECS)
            self.looks += 1
            self.changed.notify_all()

    def close(self) -> None:
        """The load is over: settle every second, and let those who wait go on."""
        with self.changed:
            self._settle(self._latest)
            self._is_over = True
            self.looks += 1
            self.changed.notify_all()

    def state(self) -> State:
        """The load at this moment."""
        with self.changed:
            if self._told is None or self._told[0] != self.looks:
                self._told = self.looks, self._state()
            return self._told[1]

    def _state(self) -> State:
        total = self.scopes.total(None, None)
        return State(
            title=self._shares[0].profile.title if self._shares else "",
            phase=self._phase(),
            second=max(0, self._latest),
            planned_s=max((share.planned.duration_s for share in self._shares), default=0.0),
            requests=total.requests,
            errors=total.errors,
            throttled=total.throttled,
            started=self._started,
            planned=sum(share.planned.journeys for share in self._shares),
            completed=total.completed,
            failed=total.failed,
            recent=self._recent(),
            limits=tuple(self._limits()),
            processes={
                "generating": max(0, len(self._shares) - self._finished - self._lost),
                "finished": self._finished,
                "lost": self._lost,
            },
            broken=dict(sorted(self._broken.items())),
        )

    def points_since(self, second: int) -> tuple[Point, ...]:
        """The seconds that are over, from one on."""
        with self.changed:
            return tuple(point for point in self._points if point.second >= second)

    def _take(self, entry: object) -> None:
        match entry:
            case LoadStarted():
                self._shares.append(entry)
            case Finding(severity="fail"):
                self._broken[entry.requirement] += 1
            case LoadFinished():
                self._finished += 1
            case LoadInvalid():
                self._lost += entry.lost_process is not None
            case LoadBegun():
                self._started += entry.started
                self._moment(entry.second).started += entry.started
            case LoadSecond() | LoadEnded():
                self._add(entry)

    def _add(self, record: LoadSecond | LoadEnded) -> None:
        moment = self._moment(record.second)
        try:
            self.scopes.add(record)
            if isinstance(record, LoadSecond):
                moment.add(record)
        except BROKEN_HISTOGRAM:
            return  # the report tells of the line; who watches sees the counts of the others

    def _moment(self, second: int) -> _Moment:
        self._latest = max(self._latest, second)
        return self._moments.setdefault(second, _Moment())

    def _settle(self, last: int) -> None:
        """Turn the seconds that are over into points, and let go of those nobody needs."""
        begun = self._points[-1].second + 1 if self._points else 0
        for second in range(begun, last + 1):
            moment = self._moments.get(second, _Moment())
            self._points.append(self._point(second, [moment], 1))
        del self._points[:-_MOST_POINTS]
        for second in [each for each in self._moments if each <= last - _RECENT_SECS]:
            del self._moments[second]

    def _recent(self) -> Point | None:
        """The last seconds that are over, as one."""
        if not self._points:
            return None
        last = self._points[-1].second
        seconds = range(max(0, last - _RECENT_SECS + 1), last + 1)
        found = [self._moments[each] for each in seconds if each in self._moments]
        return self._point(last, found, len(seconds))

    def _point(self, second: int, moments: Sequence[_Moment], secs: int) -> Point:
        at = percentiles(added(moment.response for moment in moments))
        return Point(
            second=second,
            offered_per_s=round(self._offered(second), 3),
            started=round(sum(moment.started for moment in moments) / secs),
            requests=round(sum(moment.requests for moment in moments) / secs),
            errors=sum(moment.errors for moment in moments),
            p50_ms=at.p50 if at else None,
            p95_ms=at.p95 if at else None,
            p99_ms=at.p99 if at else None,
        )

    def _offered(self, second: int) -> float:
        """Journeys a second that all processes together were to begin in the middle of a second."""
        return sum(_height(share.planned.curve, second + 0.5) for share in self._shares)

    def _limits(self) -> Iterator[LimitState]:
        """Each limit once, however many processes were given it."""
        for limit in self._shares[0].slo if self._shares else ():
            yield self._judged(limit)

    def _judged(self, limit: Slo) -> LimitState:
        measured = measure(limit, self.scopes.total(limit.step, limit.channel))
        kept = None if measured is None else is_kept(limit, measured)
        shown = None if measured is None else round(measured, 3)
        return LimitState(f"{limit.expression} {limit.limit}", shown, unit_of(limit), kept)

    def _phase(self) -> str:
        if self._is_over:
            return "over"
        if self._latest < 0:
            return "setting up"
        planned_s = max((share.planned.duration_s for share in self._shares), default=0.0)
        return "draining" if self._latest >= planned_s else "running"


def _height(curve: Sequence[tuple[float, float]], at_s: float) -> float:
    """The height of a line through corners; 0 outside."""
    for (from_s, low), (to_s, high) in pairwise(curve):
        if from_s <= at_s < to_s:
            return low + (high - low) * (at_s - from_s) / (to_s - from_s)
    return 0.0
