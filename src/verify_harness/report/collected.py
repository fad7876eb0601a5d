"""Reading a journal once, in any order and from any point on, into what the view is made of."""

import binascii
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from hdrh.codec import (
    HdrCookieException,
    HdrHistogramSettingsException,
    HdrLengthException,
)

from verify_harness.report import lines as journal_lines
from verify_harness.report.histograms import SecondTotals, StepTotals

_CHANNELS = ("sms", "call", "flashcall", "whatsapp")
_TRIGGERS = tuple(f"/verifications/{channel}" for channel in _CHANNELS)
TRIGGER_STEP = "trigger"
"""The first step of every journey under load."""

UNREADABLE = (
    ValueError,
    TypeError,
    binascii.Error,
    HdrCookieException,
    HdrHistogramSettingsException,
    HdrLengthException,
)
"""What a line raises that does not say what it must."""


@dataclass(slots=True)
class Check:
    """What the journal tells of one check."""

    requirements: list[str] = field(default_factory=list)
    operations: list[str] = field(default_factory=list)
    finished: journal_lines.CheckFinished | None = None
    accused: set[str] = field(default_factory=set)
    """The requirements its findings name."""
    observed: set[str] = field(default_factory=set)
    """Conflicts seen, and requirements that were broken where nobody promised to keep them."""


@dataclass(slots=True)
class Collected:
    """The journal's content by subject."""

    start: journal_lines.RunStarted | None = None
    target: journal_lines.TargetFound | None = None
    declared: dict[str, journal_lines.RequirementField] = field(default_factory=dict)
    finish: journal_lines.RunFinished | None = None
    checks: defaultdict[str, Check] = field(default_factory=lambda: defaultdict(Check))
    exchanges: dict[tuple[str, int], journal_lines.ExchangeLine] = field(default_factory=dict)
    statuses: defaultdict[str | None, Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    findings: list[journal_lines.FindingLine] = field(default_factory=list)
    observations: list[journal_lines.ObservationLine] = field(default_factory=list)
    load_starts: list[journal_lines.LoadStarted] = field(default_factory=list)
    load_finishes: list[journal_lines.LoadFinished] = field(default_factory=list)
    load_seconds: list[journal_lines.LoadSecond] = field(default_factory=list)
    load_ends: list[journal_lines.LoadEnded] = field(default_factory=list)
    load_aborted: str | None = None
    load_invalid: list[str] = field(default_factory=list)
    load_capacity: journal_lines.LoadCapacity | None = None
    steps: defaultdict[tuple[str, str | None], StepTotals] = field(
        default_factory=lambda: defaultdict(StepTotals)
    )
    """By step and channel."""
    seconds: defaultdict[int, SecondTotals] = field(
        default_factory=lambda: defaultdict(SecondTotals)
    )
    faults: list[journal_lines.FaultJudged] = field(default_factory=list)
    coverage: list[journal_lines.CoverageLine] = field(default_factory=list)
    triggers: int = 0
    notes: list[str] = field(default_factory=list)
    unreadable: int = 0
    times: list[float] = field(default_factory=list)
    """First and last time of a line, unix seconds."""


def collect(lines: Iterable[Mapping[str, Any]]) -> Collected:
    """Read every line; those that cannot be understood are counted, never dropped in silence."""
    collected = Collected()
    for line in lines:
        try:
            record = journal_lines.record(line)
            _note_time(collected, line)
            if record is not None:
                _add(collected, record)
        except (*UNREADABLE, AttributeError):
            collected.unreadable += 1
    return collected


def _note_time(collected: Collected, line: Mapping[str, Any]) -> None:
    time = float(line.get("t", 0.0))
    if time > 0:
        known = [*collected.times, time]
        collected.times = [min(known), max(known)]


def _add(collected: Collected, record: journal_lines.Record) -> None:
    match record:
        case journal_lines.ExchangeLine():
            _add_exchange(collected, record)
        case journal_lines.FindingLine():
            collected.findings.append(record)
            collected.checks[record.check].accused.add(record.requirement)
        case journal_lines.ObservationLine():
            collected.observations.append(record)
            collected.checks[record.check].observed.add(record.key)
        case journal_lines.LoadSecond():
            _add_second(collected, record)
        case journal_lines.FaultJudged():
            collected.faults.append(record)
        case journal_lines.CoverageLine():
            collected.coverage.append(record)
        case journal_lines.Note():
            _add_note(collected, record.message)
        case journal_lines.CheckStarted() | journal_lines.CheckFinished():
            _add_check(collected.checks[record.check], record)
        case _:
            _add_frame(collected, record)


def _add_frame(collected: Collected, record: journal_lines.Record) -> None:
    match record:
        case journal_lines.RunStarted():
            collected.start = record
        case journal_lines.TargetFound():
            collected.target = record
        case journal_lines.RequirementDeclared():
            collected.declared[record.requirement.id] = record.requirement
        case journal_lines.RunFinished():
            collected.finish = record
        case journal_lines.LoadStarted():
            collected.load_starts.append(record)
        case journal_lines.LoadEnded():
            collected.load_ends.append(record)
        case journal_lines.LoadAborted():
            collected.load_aborted = record.reason
        case journal_lines.LoadInvalid():
            collected.load_invalid.append(record.reason)
        case journal_lines.LoadCapacity():
            collected.load_capacity = record
        case journal_lines.LoadFinished():
            collected.load_finishes.append(record)


def _add_check(
    check: Check, record: journal_lines.CheckStarted | journal_lines.CheckFinished
) -> None:
    if isinstance(record, journal_lines.CheckFinished):
        check.finished = record
        return
    check.requirements.extend(record.requirements)
    check.operations.extend(record.operations)


def _add_exchange(collected: Collected, record: journal_lines.ExchangeLine) -> None:
    collected.exchanges[record.check, record.seq] = record
    answer = "none" if record.response is None else str(record.response.status)
    collected.statuses[record.operation_id][answer] += 1
    path = urlsplit(record.request.url).path.rstrip("/")
    if record.request.method.upper() == "POST" and path.endswith(_TRIGGERS):
        collected.triggers += 1  # unanswered ones too: the target may have acted on them


def _add_second(collected: Collected, record: journal_lines.LoadSecond) -> None:
    collected.steps[record.step, record.channel].add(record)
    collected.load_seconds.append(record)
    is_first_step = record.step == TRIGGER_STEP
    collected.seconds[record.second].add(record, starts=record.requests if is_first_step else 0)
    if is_first_step:
        collected.triggers += record.requests


def _add_note(collected: Collected, message: str) -> None:
    if message.startswith("unreadable:"):  # how `journal.read` reports a line that is no JSON
        collected.unreadable += 1
    collected.notes.append(message)
