"""What came back for one request of the load, whichever client sent it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

_decode = msgspec.json.Decoder().decode


class Answer(NamedTuple):
    """A status with a body, or a failure; a tuple, because one is made for every request."""

    status: int | None
    """None where no whole answer came."""
    content: bytes = b""
    failure: str | None = None
    """Why it does not count as answered; None for a 2xx and for a 429."""
    sent: float = 0.0
    finished: float = 0.0
    """On the clock `time.perf_counter`, like `sent`."""
    head: bytes = b""
    """The answer as it came, from its status line on; it may hold the body too."""

    @property
    def succeeded(self) -> bool:
        """Whether the status is a 2xx."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def json(self) -> Any:
        """The body as a JSON value; None where it is none."""
        try:
            return _decode(self.content)
        except (ValueError, RecursionError):  # ValueError: invalid UTF-8, too
            return None

    @property
    def data(self) -> Mapping[str, Any]:
        """The body's `data` object; empty where there is none."""
        body = self.json
        data = body.get("data") if isinstance(body, dict) else None
        return data if isinstance(data, dict) else {}

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers in their order. Reads the head each time."""
        lines = final_head(self.head).decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines)
        return [(name.strip(), value.strip()) for name, _, value in pairs]

    def header(self, name: str) -> str:
        """The first value of a header; empty where there is none. Reads the head each time."""
        return next((text for key, text in self.headers if key.lower() == name.lower()), "")


def failure_of(status: int) -> str | None:
    """Why a status does not count as answered; 429 is a class of its own."""
    return None if 200 <= status < 300 or status == 429 else f"HTTP {status}"


def final_head(raw: bytes) -> bytes:
    """The head of the final answer: interim answers (1xx) may stand before it."""
    head, _, rest = raw.partition(b"\r\n\r\n")
    while head[9:10] == b"1":
        head, _, rest = rest.partition(b"\r\n\r\n")
    return head
