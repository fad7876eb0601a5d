"""Aggregates journal records by subject. Order-independent; tolerates a truncated journal."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from verify_harness.journal import Entry, Unreadable, records
from verify_harness.results.histograms import BROKEN_HISTOGRAM
from verify_harness.results.load_totals import ByScope, SecondTotals

_CHANNELS = ("sms", "call", "flashcall", "whatsapp")
_TRIGGERS = tuple(f"/verifications/{channel}" for channel in _CHANNELS)
_TRIGGER_OPERATIONS = frozenset(
    {
        "CreateVerificationSms",
        "CreateVerificationCall",
        "CreateFlashcallVerification",
        "CreateWhatsappVerification",
    }
)
TRIGGER_STEP = "trigger"
"""The first step of every journey under load."""


_Record = TypeVar("_Record", bound=records.Record)


@dataclass(slots=True)
class Check:
    """What the journal tells of one check."""

    requirements: list[str] = field(default_factory=list)
    operations: list[str] = field(default_factory=list)
    finished: records.CheckFinished | None = None
    accused: set[str] = field(default_factory=set)
    """The requirements its findings name."""
    observed: set[str] = field(default_factory=set)
    """Conflicts seen, and requirements that were broken where nobody promised to keep them."""


@dataclass(slots=True)
class Aggregate:
    """The journal's records by kind, and what has to be counted or found among them."""

    checks: defaultdict[str, Check] = field(default_factory=lambda: defaultdict(Check))
    exchanges: dict[tuple[str, int], records.Exchange] = field(default_factory=dict)
    steps: defaultdict[str, list[records.Exchange | records.LeverUsed]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """By check, all that it did."""
    statuses: defaultdict[str | None, Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    load_totals: ByScope = field(default_factory=ByScope)
    load_by_second: defaultdict[int, SecondTotals] = field(
        default_factory=lambda: defaultdict(SecondTotals)
    )
    triggers: int = 0
    unreadable: int = 0
    _by_kind: defaultdict[type, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def all(self, kind: type[_Record]) -> list[_Record]:
        """Every record of a kind."""
        return self._by_kind[kind]

    def latest(self, kind: type[_Record]) -> _Record | None:
        """The last record of a kind that was written; None where there is none."""
        return max(self.all(kind), key=lambda record: record.t, default=None)

    @property
    def finish(self) -> records.RunFinished | None:
        """The end of the run."""
        return self.latest(records.RunFinished)

    @property
    def covered_s(self) -> float:
        """The time from the first record to the last."""
        times = [record.t for found in self._by_kind.values() for record in found if record.t > 0]
        return max(times) - min(times) if times else 0.0

    @property
    def load_finished(self) -> bool:
        """Whether every generating process wrote its end."""
        starts, ends = self.all(records.LoadStarted), self.all(records.LoadFinished)
        return len(ends) >= max(1, len(starts))


def collect(entries: Iterable[Entry]) -> Aggregate:
    """Read every record; what cannot be understood is counted, never dropped in silence."""
    collected = Aggregate()
    for entry in entries:
        if isinstance(entry, Unreadable):
            collected.unreadable += 1
            continue
        try:
            _count(collected, entry)
        except BROKEN_HISTOGRAM:
            collected.unreadable += 1
        else:
            collected.all(type(entry)).append(entry)
    return collected


def _count(collected: Aggregate, record: records.AnyRecord) -> None:
    match record:
        case records.Exchange():
            _count_exchange(collected, record)
        case records.LeverUsed():
            collected.steps[record.check].append(record)
        case records.ExchangesCounted():
            _count_unkept(collected, record)
        case records.Finding():
            collected.checks[record.check].accused.add(record.requirement)
        case records.Observation():
            collected.checks[record.check].observed.add(record.key)
        case records.LoadSecond() | records.LoadEnded() | records.LoadBegun():
            _count_load(collected, record)
        case records.CheckStarted():
            collected.checks[record.check].requirements.extend(record.requirements)
            collected.checks[record.check].operations.extend(record.operations)
        case records.CheckFinished():
            collected.checks[record.check].finished = record


def _count_load(
    collected: Aggregate, record: records.LoadSecond | records.LoadEnded | records.LoadBegun
) -> None:
    match record:
        case records.LoadSecond():
            collected.load_totals.add(record)
            collected.load_by_second[record.second].add(record)
            collected.triggers += record.requests if record.step == TRIGGER_STEP else 0
        case records.LoadEnded():
            collected.load_totals.add(record)
        case records.LoadBegun():
            collected.load_by_second[record.second].add(record)


def _count_exchange(collected: Aggregate, record: records.Exchange) -> None:
    collected.exchanges[record.check, record.seq] = record
    collected.steps[record.check].append(record)
    answer = "none" if record.response is None else str(record.response.status)
    collected.statuses[record.operation_id][answer] += 1
    path = urlsplit(record.request.url).path.rstrip("/")
    if record.request.method.upper() == "POST" and path.endswith(_TRIGGERS):
        collected.triggers += 1  # unanswered ones too: the target may have acted on them


def _count_unkept(collected: Aggregate, record: records.ExchangesCounted) -> None:
    for name, counts in record.statuses.items():
        collected.statuses[name or None].update(counts)
        collected.triggers += sum(counts.values()) if name in _TRIGGER_OPERATIONS else 0
