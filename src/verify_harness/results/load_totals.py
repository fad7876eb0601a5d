"""What a stretch of load came to: requests of one step and channel, journeys of one channel."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from hdrh.histogram import HdrHistogram

from verify_harness.journal.records import LoadBegun, LoadEnded, LoadSecond
from verify_harness.results.histograms import empty

Scope = tuple[str | None, str | None]
"""Step and channel; journeys belong to no step."""


@dataclass(slots=True)
class Totals:
    """Counts and latencies of one scope."""

    requests: int = 0
    throttled: int = 0
    errors: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    service: HdrHistogram = field(default_factory=empty)
    response: HdrHistogram = field(default_factory=empty)
    completed: int = 0
    failed: int = 0
    abandoned: int = 0

    def add(self, record: LoadSecond | LoadEnded) -> None:
        """Add one second of requests or of journeys that ended; raises BROKEN_HISTOGRAM."""
        if isinstance(record, LoadEnded):
            self.completed += record.completed
            self.failed += record.failed
            self.abandoned += record.abandoned
            return
        if record.service:
            self.service.decode_and_add(record.service)
        if record.response:
            self.response.decode_and_add(record.response)
        self.requests += record.requests
        self.throttled += record.throttled
        self.errors += record.errors
        self.statuses.update(record.statuses)

    def merge(self, other: "Totals") -> None:
        """Add all that another one counted."""
        self.requests += other.requests
        self.throttled += other.throttled
        self.errors += other.errors
        self.statuses.update(other.statuses)
        self.service.add(other.service)
        self.response.add(other.response)
        self.completed += other.completed
        self.failed += other.failed
        self.abandoned += other.abandoned


def answer_classes(requests: int, statuses: Mapping[str, int]) -> Counter[str]:
    """How many requests got an answer of each class: 2xx, 4xx, 5xx, 429 apart, and none at all."""
    counts: Counter[str] = Counter()
    for status, count in statuses.items():
        counts["429" if status == "429" else f"{status[:1]}xx"] += count
    if unanswered := requests - sum(statuses.values()):
        counts["none"] = unanswered
    return counts


class ByScope(defaultdict[Scope, Totals]):
    """Totals by step and channel."""

    def __init__(self) -> None:
        super().__init__(Totals)

    def add(self, record: LoadSecond | LoadEnded) -> None:
        """Count a record where it belongs; raises BROKEN_HISTOGRAM."""
        step = record.step if isinstance(record, LoadSecond) else None
        self[step, record.channel].add(record)

    def total(self, step: str | None, channel: str | None) -> Totals:
        """All that is of a step and a channel, journeys too; None means all of them."""
        total = Totals()
        for (of_step, of_channel), part in self.items():
            if channel in (None, of_channel) and (of_step is None or step in (None, of_step)):
                total.merge(part)
        return total

    def by_step(self) -> Mapping[str, Totals]:
        """The requests of each step, all channels together."""
        steps = dict.fromkeys(step for step, _ in self if step is not None)
        return {step: self.total(step, None) for step in steps}


@dataclass(slots=True)
class SecondTotals:
    """Everything all steps did during one second."""

    requests: int = 0
    throttled: int = 0
    errors: int = 0
    started: int = 0
    """Journeys that began."""
    answers: Counter[str] = field(default_factory=Counter)
    """Requests by class of their answer, as `answer_classes` names them."""
    response: list[LoadSecond] = field(default_factory=list)
    """Those with a histogram, encoded: a decoded one takes 200 kB, and a run has many seconds."""

    def add(self, record: LoadSecond | LoadBegun) -> None:
        """Add what happened in this second."""
        if isinstance(record, LoadBegun):
            self.started += record.started
            return
        self.requests += record.requests
        self.throttled += record.throttled
        self.errors += record.errors
        self.answers.update(answer_classes(record.requests, record.statuses))
        if record.response:
            self.response.append(record)
