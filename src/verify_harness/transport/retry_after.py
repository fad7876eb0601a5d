"""How long a throttled answer asks us to wait, by `Retry-After` or `x-ratelimit-reset`."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?", re.ASCII)
_MOMENT_FROM = 1e9
"""A reset from here on is a Unix time: as a number of seconds it would be three decades."""


def wait_secs(
    retry_after: str | None,
    reset: str | None = None,
    *,
    now: float,
    longest_secs: float,
    default_secs: float = 1.0,
) -> float:
    """The seconds to wait from `now` (Unix time), from 0 to `longest_secs`.

    `Retry-After` holds seconds or a date (RFC 9110 §10.2.3; a fraction is accepted, too);
    `x-ratelimit-reset` holds seconds or, above 1e9, a Unix time (conflict C10). `default_secs`
    where neither can be read.
    """
    secs = retry_after_secs(retry_after or "", now)
    if secs is None:
        secs = _reset_secs(reset or "", now)
    if secs is None:
        secs = default_secs
    return min(max(secs, 0.0), longest_secs)


def retry_after_secs(text: str, now: float) -> float | None:
    """The seconds that `Retry-After` asks to wait from `now`; None where it cannot be read."""
    if (secs := _seconds(text)) is not None:
        return secs
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:  # in asctime's form; every HTTP-date is UTC (RFC 9110 §5.6.7)
        moment = moment.replace(tzinfo=UTC)
    return (moment - datetime.fromtimestamp(now, UTC)).total_seconds()


def _reset_secs(text: str, now: float) -> float | None:
    value = _seconds(text)
    return value - now if value is not None and value >= _MOMENT_FROM else value


def _seconds(text: str) -> float | None:
    return float(text) if _SECONDS.fullmatch(text.strip()) else None
