"""Takes the journal lines of a worker to its master, which writes them where the run's lie."""

from collections.abc import Callable
from typing import Any

LINE = "load-line"
"""The message that carries one line; what a worker sends arrives in order."""


class Courier:
    """What a worker's journal writes to instead of a file."""

    def __init__(self, send_message: Callable[[str, Any], None]) -> None:
        self._send_message = send_message

    def write(self, text: str) -> None:
        """Send a whole line; it is redacted already."""
        self._send_message(LINE, text)

    def flush(self) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        """Nothing: the connection is locust's."""
