"""A run as a comparison sees it: its view, and its load in slots of time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hdrh.histogram import HdrHistogram

from verify_harness import journal
from verify_harness.compare.bootstrap import Counts
from verify_harness.journal import Entry
from verify_harness.journal.embedded import LoadProfile
from verify_harness.journal.records import LoadSecond, LoadStarted
from verify_harness.results import RunView, build_view
from verify_harness.results.histograms import merged

MOST_SLOTS = 120
"""Into so many slots at most the seconds of a run are gathered, so that a soak costs no more."""


@dataclass(frozen=True, slots=True)
class StepSlots:
    """One step over the time of a run."""

    latencies: Sequence[Counts]
    """By slot: how many answers took how many µs, counted from the planned start."""
    failures: Sequence[tuple[int, int]]
    """By slot: how many requests failed or were throttled, and how many there were."""

    @property
    def answers(self) -> int:
        """How many latencies there are."""
        return sum(sum(slot.values()) for slot in self.latencies)

    @property
    def requests(self) -> int:
        """How many requests there were."""
        return sum(total for _, total in self.failures)


@dataclass(frozen=True, slots=True)
class LoadTimes:
    """The load of a run."""

    profile: LoadProfile
    """Who arrived when."""
    seconds: int
    slot_secs: int
    steps: Mapping[str, StepSlots]

    @property
    def slots(self) -> int:
        """Into how many slots the seconds were gathered."""
        return -(-self.seconds // self.slot_secs)


@dataclass(frozen=True, slots=True)
class ReadRun:
    """A run to compare."""

    path: Path
    view: RunView
    load: LoadTimes | None


def read_run(path: Path) -> ReadRun:
    """Read a run directory, or the run.json in one; raises UsageError where there is no journal."""
    directory = path.parent if path.is_file() else path
    entries = list(journal.read(directory))
    view = build_view(entries)
    return ReadRun(path, view, None if view.partial else load_times(entries))


def load_times(entries: Iterable[Entry]) -> LoadTimes | None:
    """The load that a journal holds; None where there was none."""
    known = list(entries)
    profiles = [entry.profile for entry in known if isinstance(entry, LoadStarted)]
    seconds = [entry for entry in known if isinstance(entry, LoadSecond)]
    if not profiles or not seconds:
        return None
    length_s = max(entry.second for entry in seconds) + 1
    width_s = -(-length_s // MOST_SLOTS)
    by_step: defaultdict[str, list[LoadSecond]] = defaultdict(list)
    for entry in seconds:
        by_step[entry.step].append(entry)
    slots = -(-length_s // width_s)
    steps = {name: _step(of_step, width_s, slots) for name, of_step in by_step.items()}
    return LoadTimes(profiles[0], length_s, width_s, steps)


def _step(seconds: Sequence[LoadSecond], width_s: int, slots: int) -> StepSlots:
    gathered: list[list[LoadSecond]] = [[] for _ in range(slots)]
    for entry in seconds:
        gathered[entry.second // width_s].append(entry)
    return StepSlots(
        latencies=[_counts(entry.response for entry in slot) for slot in gathered],
        failures=[
            (
                sum(entry.errors + entry.throttled for entry in slot),
                sum(entry.requests for entry in slot),
            )
            for slot in gathered
        ],
    )


def _counts(encoded: Iterable[str | None]) -> Counts:
    """The values of encoded histograms, each with how often it occurred."""
    blocks = [one for one in encoded if one]
    return recorded(merged(blocks)) if blocks else {}


def recorded(histogram: HdrHistogram) -> Counts:
    """The highest value of each bucket that is not empty."""
    return {
        histogram.get_highest_equivalent_value(histogram.get_value_from_index(place)): count
        for place, count in enumerate(histogram.counts)
        if count
    }
