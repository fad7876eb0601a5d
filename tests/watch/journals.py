"""Parts of a journal as generating processes write them."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from verify_harness.journal import Journal
from verify_harness.journal.embedded import Journeys, LoadProfile, Planned, Slo
from verify_harness.journal.records import (
    AnyRecord,
    LoadBegun,
    LoadEnded,
    LoadFinished,
    LoadSecond,
    LoadStarted,
)
from verify_harness.load.engine.tally import Tally
from verify_harness.load.profile.slo_syntax import parse


def limit(expression: str, bound: str) -> Slo:
    return parse(expression, bound, ("sms", "call"))


def begins(per_s: float, duration_s: float, *limits: Slo) -> LoadStarted:
    profile = LoadProfile("short", "A short load", "verify_journey", (), {"sms": 100.0})
    curve = ((0.0, per_s), (duration_s, per_s))
    return LoadStarted(profile, Planned(int(per_s * duration_s), duration_s, curve), limits)


def second(
    at: int, times_s: Sequence[float], status: str = "200", channel: str | None = "sms"
) -> list[AnyRecord]:
    """One second in which journeys began, were triggered and ended."""
    tally = Tally()
    for each in times_s:
        tally.add(each)
    count, errors = len(times_s), len(times_s) * (not status.startswith("2"))
    return [
        LoadBegun(second=at, started=count),
        LoadSecond(
            second=at,
            step="trigger",
            channel=channel,
            requests=count,
            errors=errors,
            statuses={status: count},
            service=tally.encoded(),
            response=tally.encoded(),
        ),
        LoadEnded(second=at, channel=channel or "sms", completed=count - errors, failed=errors),
    ]


def ends() -> LoadFinished:
    return LoadFinished(duration_s=1.0, journeys=Journeys(), generator={})


def write(part: Path, *records: AnyRecord) -> Path:
    """Add records to a part."""
    with closing(Journal(part)) as journal:
        for record in records:
            journal.write(record)
    return part
