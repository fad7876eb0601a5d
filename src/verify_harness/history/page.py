"""index.html over a folder of runs: what each said, and how the figures moved."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from verify_harness.atomic_files import replace_file
from verify_harness.errors import CannotWrite
from verify_harness.history.past_runs import PastRun, past_runs
from verify_harness.report.html import digest, environment, own_file
from verify_harness.results.figures import duration, number

FILE = "index.html"
WIDTH, HEIGHT, PAD = 960, 150, 16
_SYMBOLS = {"pass": "✓", "fail": "✗", "no-verdict": "?"}


@dataclass(frozen=True, slots=True)
class Point:
    """A run in a trend: its place in the picture, and what it stands for."""

    x: float
    y: float
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Trend:
    """One figure over the runs that have it; the line starts at nought."""

    title: str
    points: tuple[Point, ...]
    most: str
    last: str

    @property
    def path(self) -> str:
        """The line as an SVG path."""
        corners = (f"{point.x:.1f} {point.y:.1f}" for point in self.points)
        return "M" + " L".join(corners)


def write_index(folder: Path) -> Path:
    """Write index.html into a folder of runs; returns its path.

    Raises UsageError where there is no folder, and CannotWrite where there is no room.
    """
    path = folder / FILE
    try:
        replace_file(path, page(past_runs(folder)).encode())
    except OSError as error:
        raise CannotWrite(path, error) from None
    return path


def page(runs: Sequence[PastRun]) -> str:
    """The page; links are relative to the folder."""
    style = own_file("report.css")
    template = environment().get_template("history.html")
    shown = template.render(
        runs=list(reversed(runs)),
        trends=list(trends(runs)),
        style=style,
        style_hash=digest(style),
        link=link,
        symbols=_SYMBOLS,
        number=number,
        duration=duration,
        width=WIDTH,
        height=HEIGHT,
    )
    return shown.rstrip() + "\n"


def link(run: PastRun) -> str:
    """Where the report of a run lies, from the index."""
    return f"{quote(os.fsencode(run.name))}/report.html"


def trends(runs: Sequence[PastRun]) -> list[Trend]:
    """Failing requirements, percentiles of each load profile, and capacities."""
    contract = [run for run in runs if run.counts]
    found = [_trend("Failing requirements", contract, lambda run: float(_failing(run)), "")]
    for profile in dict.fromkeys(run.profile for run in runs if run.profile):
        same = [run for run in runs if run.profile == profile]
        found += [
            _trend(f"p95 of {profile}", same, lambda run: run.p95_ms, " ms"),
            _trend(f"p99 of {profile}", same, lambda run: run.p99_ms, " ms"),
            _trend(f"Capacity, {profile}", same, lambda run: run.capacity_per_s, " journeys/s"),
        ]
    return [trend for trend in found if len(trend.points) > 1]


def _failing(run: PastRun) -> int:
    return sum(run.counts.get(status, 0) for status in ("fail", "error", "flaky"))


def _trend(
    title: str, runs: Sequence[PastRun], value: Callable[[PastRun], float | None], unit: str
) -> Trend:
    known = [(run, found) for run in runs if (found := value(run)) is not None]
    most = max((found for _, found in known), default=0.0)
    points = tuple(
        Point(
            x=PAD + (WIDTH - 2 * PAD) * index / max(1, len(known) - 1),
            y=HEIGHT - PAD - (HEIGHT - 2 * PAD) * (found / most if most else 0.0),
            text=f"{run.name}: {number(found)}{unit}",
            link=link(run),
        )
        for index, (run, found) in enumerate(known)
    )
    last = f"{number(known[-1][1])}{unit}" if known else ""
    return Trend(title, points, f"{number(most)}{unit}", last)
