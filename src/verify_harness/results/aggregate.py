"""Aggregates journal records by subject. Order-independent; tolerates a truncated journal."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from verify_harness.journal import Entry, Unreadable, records
from verify_harness.results.histograms import BROKEN_HISTOGRAM
from verify_harness.results.load_totals import ByScope, SecondTotals

_CHANNELS = ("sms", "call", "flashcall", "whatsapp")
_TRIGGERS = tuple(f"/verifications/{channel}" for channel in _CHANNELS)
TRIGGER_STEP = "trigger"
"""The first step of every journey under load."""


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
    """The journal's content by subject."""

    start: records.RunStarted | None = None
    finish: records.RunFinished | None = None
    checks: defaultdict[str, Check] = field(default_factory=lambda: defaultdict(Check))
    exchanges: dict[tuple[str, int], records.Exchange] = field(default_factory=dict)
    statuses: defaultdict[str | None, Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    findings: list[records.Finding] = field(default_factory=list)
    observations: list[records.Observation] = field(default_factory=list)
    load_starts: list[records.LoadStarted] = field(default_factory=list)
    load_finishes: list[records.LoadFinished] = field(default_factory=list)
    load_records: list[records.LoadSecond | records.LoadEnded] = field(default_factory=list)
    load_totals: ByScope = field(default_factory=ByScope)
    load_by_second: defaultdict[int, SecondTotals] = field(
        default_factory=lambda: defaultdict(SecondTotals)
    )
    late_starts: int = 0
    load_aborted: str | None = None
    load_invalid: list[str] = field(default_factory=list)
    load_capacity: records.LoadCapacity | None = None
    faults: list[records.FaultJudged] = field(default_factory=list)
    coverage: list[records.Coverage] = field(default_factory=list)
    triggers: int = 0
    notes: list[str] = field(default_factory=list)
    unreadable: int = 0
    times: list[float] = field(default_factory=list)
    """First and last time of a line, unix seconds."""


def collect(entries: Iterable[Entry]) -> Aggregate:
    """Read every record; what cannot be understood is counted, never dropped in silence."""
    collected = Aggregate()
    for entry in entries:
        if isinstance(entry, Unreadable):
            collected.unreadable += 1
            continue
        _note_time(collected, entry.t)
        try:
            _add(collected, entry)
        except BROKEN_HISTOGRAM:
            collected.unreadable += 1
    return collected


def _note_time(collected: Aggregate, time: float) -> None:
    if time > 0:
        known = [*collected.times, time]
        collected.times = [min(known), max(known)]


def _add(collected: Aggregate, record: records.AnyRecord) -> None:
    match record:
        case records.Exchange():
            _add_exchange(collected, record)
        case records.Finding():
            collected.findings.append(record)
            collected.checks[record.check].accused.add(record.requirement)
        case records.Observation():
            collected.observations.append(record)
            collected.checks[record.check].observed.add(record.key)
        case records.LoadSecond() | records.LoadEnded() | records.LoadBegun():
            _add_second(collected, record)
        case records.FaultJudged():
            collected.faults.append(record)
        case records.Coverage():
            collected.coverage.append(record)
        case records.Note():
            collected.notes.append(record.message)
        case records.CheckStarted() | records.CheckFinished():
            _add_check(collected.checks[record.check], record)
        case _:
            _add_frame(collected, record)


def _add_frame(collected: Aggregate, record: records.AnyRecord) -> None:
    match record:
        case records.RunStarted():
            collected.start = record
        case records.RunFinished():
            collected.finish = record
        case records.LoadStarted():
            collected.load_starts.append(record)
        case records.LoadAborted():
            collected.load_aborted = record.reason
        case records.LoadInvalid():
            collected.load_invalid.append(record.reason)
        case records.LoadCapacity():
            collected.load_capacity = record
        case records.LoadFinished():
            collected.load_finishes.append(record)


def _add_check(check: Check, record: records.CheckStarted | records.CheckFinished) -> None:
    if isinstance(record, records.CheckFinished):
        check.finished = record
        return
    check.requirements.extend(record.requirements)
    check.operations.extend(record.operations)


def _add_exchange(collected: Aggregate, record: records.Exchange) -> None:
    collected.exchanges[record.check, record.seq] = record
    answer = "none" if record.response is None else str(record.response.status)
    collected.statuses[record.operation_id][answer] += 1
    path = urlsplit(record.request.url).path.rstrip("/")
    if record.request.method.upper() == "POST" and path.endswith(_TRIGGERS):
        collected.triggers += 1  # unanswered ones too: the target may have acted on them


def _add_second(
    collected: Aggregate, record: records.LoadSecond | records.LoadEnded | records.LoadBegun
) -> None:
    if isinstance(record, records.LoadBegun):
        collected.load_by_second[record.second].add(record)
        collected.late_starts += record.late
        return
    collected.load_totals.add(record)
    collected.load_records.append(record)
    if isinstance(record, records.LoadSecond):
        collected.load_by_second[record.second].add(record)
        collected.triggers += record.requests if record.step == TRIGGER_STEP else 0
