"""The one place that lets a trigger of the load pass, or holds it back at the ceiling."""

import math
import time
from collections import deque
from collections.abc import Callable

from verify_harness.safety.permission import NO_CEILING, Ceiling


class TriggerWithheld(Exception):
    """A trigger was not sent, because it would have exceeded the ceiling."""


class TriggerGate:
    """Counts the triggers of one process against its share of the ceiling."""

    def __init__(
        self, ceiling: Ceiling = NO_CEILING, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._most = math.inf if ceiling.max_triggers is None else ceiling.max_triggers
        self._passed = 0
        self._clock = clock
        rate_per_s = ceiling.max_rate_per_s
        most_at_once = None if rate_per_s is None else max(1, math.floor(rate_per_s))
        self._recent: deque[float] = deque(maxlen=most_at_once)
        self._window_secs = 0.0 if not rate_per_s or not most_at_once else most_at_once / rate_per_s
        self.withheld = 0

    def pass_one(self) -> None:
        """Count a trigger before it is sent; raises TriggerWithheld, whatever became of others."""
        now = self._clock()
        if self._passed >= self._most or self._is_too_soon(now):
            self.withheld += 1
            raise TriggerWithheld
        self._passed += 1
        if self._window_secs:
            self._recent.append(now)

    def _is_too_soon(self, now: float) -> bool:
        is_full = len(self._recent) == self._recent.maxlen
        return is_full and now - self._recent[0] < self._window_secs
