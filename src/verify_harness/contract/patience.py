"""How long a run waits for a target that does not answer: for one operation, and altogether.

A request without an answer is the target's failure as long as other requests are answered. Where
none is, nothing more is sent: neither the other checks nor the clean-up would get an answer.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from verify_harness.exchange import Exchange

OPERATION_PATIENCE = 2
"""How many requests of one operation may wait in vain before no more of them are sent."""
WAITS_AT_MOST_SECS = 180.0
"""How long one process waits in vain, over all operations, before it gives the target up."""
RETURNS_WITHIN_SECS = 10.0
"""How long a target may be away before it is given up; enough for a service that restarts."""
LOOKS_EVERY_SECS = 0.5

GIVEN_UP = "the target stopped answering"


@dataclass
class Patience:
    """What one process knows about its target's answers; `looks` tells whether it is there."""

    looks: Callable[[], bool]
    is_over: bool = False
    _waited_secs: float = 0.0
    _hung: Counter[str | None] = field(default_factory=Counter)

    def why_not(self, operation_id: str | None) -> str | None:
        """Why no request of this operation is worth sending any more; None while it is."""
        if self.is_over:
            return GIVEN_UP
        if self._hung[operation_id] >= OPERATION_PATIENCE:
            return f"{operation_id} left {OPERATION_PATIENCE} requests waiting; it gets no more"
        return None

    def learn(self, exchange: Exchange) -> None:
        """Take note of an answer, or of none."""
        if exchange.failure is None:
            self._hung[exchange.operation_id] = 0
            return
        self._hung[exchange.operation_id] += exchange.timed_out
        self._waited_secs += exchange.elapsed_ms / 1000
        self.is_over = self.is_over or self._waited_secs >= WAITS_AT_MOST_SECS

    def target_is_there(self) -> bool:
        """Whether the target answers anything, or will in a moment; if not, patience is over."""
        ends = time.monotonic() + RETURNS_WITHIN_SECS
        while not self.is_over:
            if self.looks():
                return True
            self.is_over = time.monotonic() > ends
            time.sleep(LOOKS_EVERY_SECS)
        return False
