"""What changed since an earlier run, as HTML shows it: in a report, or on a page of its own."""

import math
from dataclasses import dataclass
from typing import Any

from verify_harness.report import changes_in_words
from verify_harness.results.comparison import DOUBT, Comparison, Figure, Judgement
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


def values(comparison: Comparison) -> dict[str, Any]:
    """What `sections/changes.html` is made from."""
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
    return {
        "comparison": comparison,
        "certainty": f"{100 * (1 - DOUBT):g} %",
        "changes": changes,
        "tones": _TONES,
        "said": changes_in_words,
        "whisker": whisker,
        "width": WIDTH,
        "height": HEIGHT,
    }


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
