"""A comparison as one HTML file: the verdict, every figure with its interval, then what changed."""

import math
from dataclasses import dataclass
from pathlib import Path

from verify_harness.atomic_files import replace_file
from verify_harness.compare import wording
from verify_harness.compare.load_figures import DOUBT
from verify_harness.compare.result import Comparison, Figure, Judgement
from verify_harness.errors import CannotWrite
from verify_harness.exitcodes import ExitCode
from verify_harness.report.html import digest, environment, own_file
from verify_harness.results.figures import plural

WIDTH, HEIGHT = 220, 18
_MOST = math.log(2)
"""Twice as slow, or twice as fast, is the edge of the picture."""
_MOST_POINTS = 5.0
_TONES: dict[Judgement, str] = {"regression": "fail", "no change": "skip", "improvement": "pass"}


@dataclass(frozen=True, slots=True)
class Whisker:
    """An interval as a line in a picture of `WIDTH`, with a dot at what was measured."""

    low: float
    dot: float
    high: float


def write(path: Path, comparison: Comparison, code: ExitCode) -> None:
    """Write the page; raises CannotWrite."""
    try:
        replace_file(path, page(comparison, code).encode())
    except OSError as error:
        raise CannotWrite(path, error) from None


def page(comparison: Comparison, code: ExitCode) -> str:
    """The page; `code` is how the command ends."""
    style = own_file("report.css")
    changes = [
        (plural(len(found), noun), found)
        for noun, found in (
            ("requirement", comparison.requirements),
            ("observation", comparison.observations),
            ("operation", comparison.operations),
            ("keyword list", comparison.keywords),
        )
        if found
    ]
    return (
        environment()
        .get_template("compare.html")
        .render(
            it=comparison,
            code=int(code),
            changes=changes,
            certainty=f"{100 * (1 - DOUBT):g} %",
            tones=_TONES,
            words=wording,
            whisker=whisker,
            width=WIDTH,
            height=HEIGHT,
            style=style,
            style_hash=digest(style),
        )
        .rstrip()
        + "\n"
    )


def whisker(item: Figure) -> Whisker:
    """The interval of a figure; what lies beyond the edge ends at it."""
    low, dot, high = (_place(item, value) for value in (item.low, item.change, item.high))
    return Whisker(low, dot, high)


def _place(item: Figure, value: float) -> float:
    """Where a change lies: nought in the middle; latencies by their factor's logarithm."""
    if item.unit == "%":
        share = value / _MOST_POINTS
    else:
        share = math.log(max(1 + value / 100, 1e-9)) / _MOST
    return round(WIDTH / 2 * (1 + max(-0.96, min(0.96, share))), 1)
