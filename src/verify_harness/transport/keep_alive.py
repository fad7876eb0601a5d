"""Whether a server keeps its connections, learned from what it does.

Some servers close after each answer without saying so. Looking before each use sees that, unless
the close is still on its way; so nothing is kept any more once a server has shown this habit.
"""

from dataclasses import dataclass

_SOON_SECS = 1.0
"""A connection closed later than this may have been closed for being idle."""


@dataclass(slots=True)
class KeepAlive:
    """What is known of one server."""

    is_kept: bool | None = None
    """None until a connection answered twice, or was closed right after its first answer."""

    @property
    def may_keep(self) -> bool:
        """Whether a connection is worth keeping."""
        return self.is_kept is not False

    def answered(self, answers: int) -> None:
        """Learn from a connection that has given so many answers."""
        if answers > 1:
            self.is_kept = True

    def lost(self, answers: int, idle_secs: float) -> None:
        """Learn from a connection that was closed after so many answers and so much idle time."""
        if self.is_kept is None and answers == 1 and idle_secs < _SOON_SECS:
            self.is_kept = False
