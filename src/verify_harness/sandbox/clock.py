"""A tenant's clock: the machine's, plus what was added through the control surface."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(slots=True)
class Clock:
    """Seconds since the epoch, `ahead_secs` in front of the machine's clock."""

    ahead_secs: float = 0.0

    def now(self) -> float:
        """The tenant's time."""
        return time.time() + self.ahead_secs

    def advance(self, secs: float) -> None:
        """Let time pass."""
        self.ahead_secs += secs


def timestamp(secs: float) -> str:
    """UTC in microseconds without a zone, as `2020-09-14T17:03:32.965812` (facts.md#timestamps)."""
    return datetime.fromtimestamp(secs, UTC).isoformat(timespec="microseconds")[:26]
