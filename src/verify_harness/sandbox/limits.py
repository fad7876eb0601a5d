"""How often one key may ask, and one number be sent to (facts.md#limits-per-account)."""

from collections import deque
from dataclasses import dataclass, field
from math import ceil
from typing import NamedTuple

from verify_harness.sandbox.exchange import Request
from verify_harness.sandbox.records import Channel

WINDOW_SECS = 60.0
NUMBER_WINDOW_SECS = 600.0


class Allowance(NamedTuple):
    """What the `x-ratelimit-*` headers say; `reset_secs` is the time left in the window."""

    limit: int
    remaining: int
    reset_secs: int
    exceeded: bool


@dataclass(slots=True)
class Limiter:
    """The limits of one key, by the tenant's clock; None is no limit."""

    per_minute: int | None
    per_number: int | None = None
    """Triggers for one number in ten minutes."""
    used: int = 0
    window_ends: float = 0.0
    neighbour: "Limiter | None" = None
    """That of the pair's other tenant; nothing clean looks there."""
    sent: dict[str, deque[float]] = field(default_factory=dict)
    """When each number was last sent to, as often as the limit needs."""

    def change(self, per_minute: int | None, per_number: int | None) -> None:
        """Set new limits and start counting again."""
        self.per_minute, self.per_number = per_minute, per_number
        self.window_ends = 0.0
        self.sent.clear()

    def note_sent(self, key: str, now: float) -> None:
        """Remember a trigger for a number, if anybody will ask."""
        if self.per_number is not None:
            self.sent.setdefault(key, deque(maxlen=self.per_number)).append(now)


def limiter_for(limiter: Limiter, _request: Request) -> Limiter:
    """The limits a request falls under: those of its key, whatever else it says."""
    return limiter


def take(limiter: Limiter, now: float) -> Allowance | None:
    """Count one request in a fixed window of a minute; None without a limit."""
    if limiter.per_minute is None:
        return None
    if now >= limiter.window_ends:
        limiter.window_ends = now + WINDOW_SECS
        limiter.used = 0
    exceeded = limiter.used >= limiter.per_minute
    limiter.used += not exceeded
    reset_secs = ceil(limiter.window_ends - now)
    return Allowance(limiter.per_minute, limiter.per_minute - limiter.used, reset_secs, exceeded)


def wait_secs(limiter: Limiter, key: str, now: float) -> int:
    """How long until a number may be sent to again; 0 is now."""
    if limiter.per_number is None:
        return 0
    times = limiter.sent.setdefault(key, deque(maxlen=limiter.per_number))
    if len(times) < limiter.per_number:
        return 0
    oldest = times[0] if times else now
    return max(0, ceil(oldest + NUMBER_WINDOW_SECS - now))


def number_key(number: str, _channel: Channel) -> str:
    """What triggers are counted by: the number, on all channels together."""
    return number
