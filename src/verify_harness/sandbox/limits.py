"""Requests per minute of one tenant (facts §3.13)."""

from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

WINDOW_SECS = 60.0


class Allowance(NamedTuple):
    """What the `x-ratelimit-*` headers say; `reset_secs` is the time left in the window."""

    limit: int
    remaining: int
    reset_secs: int
    exceeded: bool


@dataclass(slots=True)
class Limiter:
    """A fixed window of one minute on the tenant's clock; no limit when `per_minute` is None."""

    per_minute: int | None
    used: int = 0
    window_ends: float = 0.0

    def take(self, now: float) -> Allowance | None:
        """Count one request."""
        if self.per_minute is None:
            return None
        if now >= self.window_ends:
            self.window_ends = now + WINDOW_SECS
            self.used = 0
        exceeded = self.used >= self.per_minute
        self.used += not exceeded
        reset_secs = ceil(self.window_ends - now)
        return Allowance(self.per_minute, self.per_minute - self.used, reset_secs, exceeded)
