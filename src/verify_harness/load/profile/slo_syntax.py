"""Limits that a run must keep, such as `"p95(trigger, sms)" = "< 250 ms"`, read and checked."""

import re
from collections.abc import Sequence

from verify_harness.journal.embedded import Slo
from verify_harness.load.client.api_steps import STEP_NAMES
from verify_harness.results.metrics import NAMES, Metric, find

_EXPRESSION = re.compile(r"([a-z][a-z_0-9.]*)(?:\(([^()]*)\))?")
_LIMIT = re.compile(
    r"(<=|>=|<|>)\s*([0-9]+(?:\.[0-9]+)?)\s*(ms|s|%)"
    r"(?:\s+over\s+([1-9][0-9]*)\s*s)?(\s*,\s*abort)?"
)
_BETTER = {"lower": "<", "higher": ">"}


def parse(expression: str, limit: str, channels: Sequence[str]) -> Slo:
    """Read one limit; raises ValueError with what is wrong, fit to follow the expression."""
    found = _EXPRESSION.fullmatch(expression.replace(" ", ""))
    if found is None:
        raise ValueError("is no metric such as p95(trigger)")
    name, inside = found[1], [word for word in (found[2] or "").split(",") if word]
    metric = find(name)
    if metric is None:
        raise ValueError(f"names no metric: known are {', '.join(NAMES)}")
    comparison, bound, window_s, aborts = _bound(limit, metric)
    only_willing = inside == ["willing"]
    step, channel = (None, None) if only_willing else _place(inside, channels)
    used = {"willing": only_willing, "step": step, "channel": channel}
    for word, value in used.items():
        if value and word not in metric.words:
            raise ValueError(
                f"belongs to no {word}; it may name a {' or '.join(sorted(metric.words))}"
            )
    return Slo(
        expression=expression,
        limit=limit,
        measure=name,
        step=step,
        channel=channel,
        only_willing=only_willing,
        comparison=comparison,
        bound=bound,
        window_s=window_s,
        aborts=aborts,
    )


def _bound(limit: str, metric: Metric) -> tuple[str, float, int | None, bool]:
    """Comparison, bound, window and whether a breach ends the load."""
    found = _LIMIT.fullmatch(limit.strip())
    if found is None:
        examples = "'< 250 ms' or '< 1 % over 10 s, abort'"
        raise ValueError(f"needs a limit such as {examples}, not {limit!r}")
    comparison, number, unit, window, abort = found.groups()
    if abort and not window:
        raise ValueError("can abort only by a window, such as '< 250 ms over 10 s, abort'")
    if (metric.unit == "%") != (unit == "%"):
        known = "%" if metric.unit == "%" else "ms or s"
        raise ValueError(f"is measured in {known}, not in {unit}")
    if metric.better and not comparison.startswith(_BETTER[metric.better]):
        raise ValueError(f"is better when {metric.better}: write {_BETTER[metric.better]}")
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
