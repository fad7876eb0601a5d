"""The most that a load may trigger: the options, and what they mean for a profile."""

import functools
from typing import Any

import click

from verify_harness.cli.options import Body
from verify_harness.errors import UsageError
from verify_harness.load.profile import Profile
from verify_harness.load.profile.forecast import forecast
from verify_harness.load.profile.profile_file import MOST_PER_S
from verify_harness.safety.permission import NO_CEILING, Ceiling


def _rate(text: str | None) -> float | None:
    """Triggers per second, spelled 5 or 5/s; raises UsageError."""
    try:
        rate_per_s = None if text is None else float(text.removesuffix("/s"))
    except ValueError:
        rate_per_s = 0.0
    if rate_per_s is not None and not 0 < rate_per_s <= MOST_PER_S:
        raise UsageError(
            f"--max-rate takes a rate above 0 and up to {MOST_PER_S:,}/s, not {text!r}.",
            hint="such as 5/s",
        )
    return rate_per_s


_MAX_TRIGGERS = click.option(
    "--max-triggers",
    metavar="N",
    type=click.IntRange(min=1),
    help="Never send more triggers under load; needed off loopback.",
)
_MAX_RATE = click.option(
    "--max-rate",
    metavar="R/s",
    callback=lambda _context, _option, text: _rate(text),
    help="Never send more triggers per second under load; needed off loopback. Leave room for "
    "unevenness.",
)


def ceiling_options(function: Body) -> Body:
    """Add the two options; the function gets them as `ceiling`."""

    @functools.wraps(function)
    def body(*arguments: Any, max_triggers: int | None, max_rate: float | None, **rest: Any) -> Any:
        return function(*arguments, ceiling=Ceiling(max_triggers, max_rate), **rest)

    return _MAX_TRIGGERS(_MAX_RATE(body))


def within(ceiling: Ceiling, profile: Profile, seed: int) -> Ceiling:
    """The lower one of a ceiling and the profile's own.

    Raises UsageError where the profile plans to exceed it.
    """
    lower = ceiling.tightened(profile.ceiling)
    if lower != NO_CEILING:
        forecast(profile, seed).check(lower)
    return lower
