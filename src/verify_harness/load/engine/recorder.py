"""What happened under load, kept per second and step, and written to the journal."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from verify_harness.journal import Journal
from verify_harness.journal.embedded import Journeys, LoadFailure
from verify_harness.journal.records import (
    LOAD_CHECK,
    Finding,
    LoadBegun,
    LoadEnded,
    LoadFinished,
    LoadSecond,
    Note,
)
from verify_harness.load.engine.tally import Tally

FINDINGS_PER_REQUIREMENT = 5
"""How many samples of one broken invariant are written in full; the rest is counted."""

_FAILURE_KINDS = 50
"""How many different failures are told apart, so that no target can fill the memory."""


Outcome = Literal["completed", "failed", "abandoned"]
"""How a journey ends: as planned, by a failure, or as planned without a code."""


class Sample(NamedTuple):
    """One request; all times in seconds, `finished` on the same clock as the load's start."""

    step: str
    channel: str | None
    """None for steps that belong to no channel."""
    finished: float
    service_s: float
    """From sending the request to the end of the answer."""
    response_s: float
    """From the moment it was planned to the end of the answer: no coordinated omission."""
    status: int | None
    """None where no answer came."""
    failure: str | None
    """Why it does not count as answered; None for a 2xx and for a 429."""


@dataclass(slots=True)
class _Second:
    """One second of one step on one channel."""

    requests: int = 0
    throttled: int = 0
    errors: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    service: Tally = field(default_factory=Tally)
    response: Tally = field(default_factory=Tally)

    def add(self, sample: Sample) -> None:
        self.requests += 1
        self.throttled += sample.status == 429
        self.errors += sample.failure is not None
        if sample.status is not None:
            self.statuses[str(sample.status)] += 1
        self.service.add(sample.service_s)
        self.response.add(sample.response_s)


class Recorder:
    """Collects samples and findings; writes a line per second, step and channel, never more."""

    def __init__(self, journal: Journal, started: float) -> None:
        """`started` is the load's start on the clock of the samples."""
        self._journal = journal
        self._started = started
        self._seconds: dict[tuple[int, str, str | None], _Second] = {}
        self._begun: Counter[int] = Counter()
        self._late: Counter[int] = Counter()
        self._journeys: Counter[str] = Counter()
        self._ended: dict[tuple[int, str], Counter[str]] = {}
        self._failures: Counter[tuple[str, str]] = Counter()
        self._broken: Counter[str] = Counter()
        self._findings = 0

    def record(self, sample: Sample) -> None:
        """Count a request in the second in which it finished."""
        place = (int(sample.finished - self._started), sample.step, sample.channel)
        second = self._seconds.get(place)
        if second is None:
            second = self._seconds[place] = _Second()
        second.add(sample)
        if sample.failure is not None:
            self.failed(sample.step, sample.failure)

    def began(self, now: float, *, is_late: bool) -> None:
        """Count a journey in the second in which it starts."""
        place = int(now - self._started)
        self._begun[place] += 1
        self._late[place] += is_late
        self._journeys["started"] += 1
        self._journeys["late_starts"] += is_late

    def ended(self, channel: str, outcome: Outcome, finished: float) -> None:
        """Count how a journey ended, in the second in which it did."""
        place = (int(finished - self._started), channel)
        self._ended.setdefault(place, Counter())[outcome] += 1
        self._journeys[outcome] += 1

    def failed(self, step: str, message: str) -> None:
        """Count a failure by its step and message."""
        kind = (step, message)
        if kind not in self._failures and len(self._failures) >= _FAILURE_KINDS:
            kind = (step, "other failures")
        self._failures[kind] += 1

    def broken(self, requirement: str, message: str) -> None:
        """Write a finding, unless there are already enough of this requirement."""
        self._broken[requirement] += 1
        if self._broken[requirement] > FINDINGS_PER_REQUIREMENT:
            return
        self._journal.write(
            Finding(
                check=LOAD_CHECK,
                seq=self._findings,
                requirement=requirement,
                severity="fail",
                message=message,
            )
        )
        self._findings += 1

    def flush(self, now: float) -> None:
        """Write the seconds that were over at `now`; infinity writes all that is left."""
        for place in sorted(self._seconds, key=lambda place: (place[0], place[1], place[2] or "")):
            if place[0] + 1 <= now - self._started:
                self._write(*place, self._seconds.pop(place))
        for second in sorted(self._begun):
            if second + 1 <= now - self._started:
                late, started = self._late.pop(second), self._begun.pop(second)
                self._journal.write(LoadBegun(second=second, started=started, late=late))
        for second, channel in sorted(self._ended):
            if second + 1 <= now - self._started:
                counts = self._ended.pop((second, channel))
                self._journal.write(
                    LoadEnded(
                        second=second,
                        channel=channel,
                        completed=counts["completed"],
                        failed=counts["failed"],
                        abandoned=counts["abandoned"],
                    )
                )

    def _write(self, second: int, step: str, channel: str | None, counts: _Second) -> None:
        self._journal.write(
            LoadSecond(
                second=second,
                step=step,
                channel=channel,
                requests=counts.requests,
                throttled=counts.throttled,
                errors=counts.errors,
                statuses=dict(sorted(counts.statuses.items())),
                service=counts.service.encoded(),
                response=counts.response.encoded(),
            )
        )

    def finish(
        self, duration_s: float, planned: int, generator: Mapping[str, int | float | str | None]
    ) -> None:
        """Write what is left, how often each invariant broke, and the load's end."""
        self.flush(float("inf"))
        for requirement, count in sorted(self._broken.items()):
            if count > FINDINGS_PER_REQUIREMENT:
                kept = f"the first {FINDINGS_PER_REQUIREMENT} are kept as findings"
                message = f"{requirement} was broken {count} times under load; {kept}"
                self._journal.write(Note(message))
        self._journal.write(
            LoadFinished(
                duration_s=round(duration_s, 3),
                journeys=Journeys(
                    planned=planned,
                    started=self._journeys["started"],
                    late_starts=self._journeys["late_starts"],
                    completed=self._journeys["completed"],
                    failed=self._journeys["failed"],
                    abandoned=self._journeys["abandoned"],
                ),
                generator=dict(generator),
                failures=tuple(
                    LoadFailure(step, message, count)
                    for (step, message), count in self._failures.most_common()
                ),
            )
        )
