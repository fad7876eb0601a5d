"""Limits that a run must keep, such as `"p95(trigger, sms)" = "< 250 ms"`, read and checked."""

import re
from collections.abc import Sequence

from verify_harness.journal.embedded import Slo
from verify_harness.load.steps import STEP_NAMES

_EXPRESSION = re.compile(r"([a-z][a-z_0-9.]*)(?:\(([^()]*)\))?")
_LIMIT = re.compile(
    r"(<=|>=|<|>)\s*([0-9]+(?:\.[0-9]+)?)\s*(ms|s|%)"
    r"(?:\s+over\s+([1-9][0-9]*)\s*s)?(\s*,\s*abort)?"
)
_PERCENTILE = re.compile(r"p[0-9]{2}(?:\.[0-9]+)?")
_SHARES = ("error_rate", "throttled", "completed")


def parse(expression: str, limit: str, channels: Sequence[str]) -> Slo:
    """Read one limit; raises ValueError with what is wrong, fit to follow the expression."""
    found = _EXPRESSION.fullmatch(expression.replace(" ", ""))
    if found is None:
        raise ValueError("is no measure such as p95(trigger)")
    measure, inside = found[1], [word for word in (found[2] or "").split(",") if word]
    is_latency = measure == "max" or bool(_PERCENTILE.fullmatch(measure))
    if not is_latency and measure not in _SHARES:
        raise ValueError(f"names no measure: known are p50 to p99.9, max, {', '.join(_SHARES)}")
    comparison, bound, window_s, aborts = _bound(limit, is_latency=is_latency)
    only_willing = inside == ["willing"] and measure == "completed"
    step, channel = (None, None) if only_willing else _place(inside, channels)
    if measure == "completed" and step is not None:
        raise ValueError("counts journeys, which belong to no step")
    return Slo(
        expression,
        limit,
        measure,
        step,
        channel,
        only_willing,
        comparison,
        bound,
        window_s,
        aborts,
    )


def _bound(limit: str, *, is_latency: bool) -> tuple[str, float, int | None, bool]:
    """Comparison, bound, window and whether a breach ends the load."""
    found = _LIMIT.fullmatch(limit.strip())
    if found is None:
        examples = "'< 250 ms' or '< 1 % over 10 s, abort'"
        raise ValueError(f"needs a limit such as {examples}, not {limit!r}")
    comparison, number, unit, window, abort = found.groups()
    if abort and not window:
        raise ValueError("can abort only by a window, such as '< 250 ms over 10 s, abort'")
    if is_latency == (unit == "%"):
        raise ValueError(f"is measured in {'ms or s' if is_latency else '%'}, not in {unit}")
    bound = float(number) * (1000 if unit == "s" else 1)
    return comparison, bound, int(window) if window else None, bool(abort)


def _place(words: Sequence[str], channels: Sequence[str]) -> tuple[str | None, str | None]:
    """Step and channel of an expression; either may be left out."""
    step = next((word for word in words if word in STEP_NAMES), None)
    channel = next((word for word in words if word in channels), None)
    unknown = [word for word in words if word not in {step, channel}]
    if unknown:
        known = ", ".join([*STEP_NAMES, *channels])
        raise ValueError(f"names {unknown[0]!r}, which is no step or channel; known: {known}")
    return step, channel
