"""The sentences and figures of a comparison, the same on the console and on the page."""

from collections.abc import Mapping

from verify_harness.results.comparison import Comparison, Figure, Judgement
from verify_harness.results.figures import milliseconds, number
from verify_harness.sanitize import one_line

SYMBOLS: Mapping[Judgement, str] = {"regression": "✗", "no change": " ", "improvement": "✓"}
ABSENT = "\u2013"
_MOST_NAMED = 3
_TIMES = "\u00d7"
_MANY_TIMES = 10
"""From this factor on, a factor is easier to read than per cents."""


def change(item: Figure, value: float) -> str:
    """In per cent, as a factor where it is large, or in points: `+12.5 %`, `+0.3 points`."""
    if item.unit == "%":
        return f"{value:+.1f} points"
    factor = 1 + value / 100
    return f"{number(round(factor))}{_TIMES}" if factor >= _MANY_TIMES else f"{value:+.1f} %"


def interval(item: Figure) -> str:
    """What the change lies between, in its unit."""
    return f"{change(item, item.low)} to {change(item, item.high)}"


def measured(item: Figure, value: float) -> str:
    """`12.3 ms` or `0.25 %`."""
    return f"{milliseconds(value)} ms" if item.unit == "ms" else f"{value:.2f} %"


def why(comparison: Comparison) -> str:
    """The verdict in a sentence."""
    worse = [
        *(item.subject for item in comparison.requirements if item.judgement == "regression"),
        *(
            f"{item.measure} of {item.step}"
            for item in (comparison.load.figures if comparison.load else ())
            if item.judgement == "regression"
        ),
    ]
    if worse:
        more = f" and {len(worse) - _MOST_NAMED} more" if len(worse) > _MOST_NAMED else ""
        return f"Worse: {one_line(', '.join(worse[:_MOST_NAMED]))}{more}"
    if comparison.verdict == "improvement":
        return "Nothing is worse, and something is better."
    return "No difference beyond noise."
