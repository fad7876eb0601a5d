"""A sandbox of set capacity: it serves one request after the other, each taking 1/R seconds.

For finding out whether a load test finds what is true (`sandbox --capacity R`). The levers under
`/_sandbox/` answer at once. Without the option none of this is in the way of a request.
"""

import asyncio
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

from verify_harness.sandbox.application import Application, Receive, Send
from verify_harness.sandbox.control import CONTROL_PATH
from verify_harness.sandbox.error_envelope import Problem
from verify_harness.sandbox.exchange import Answer
from verify_harness.sandbox.wire import WIRE

MOST_WAITING = 1000
"""A longer queue would only make every answer late; from here on a request is refused (503)."""


@dataclass(slots=True)
class Queue:
    """One server at a fixed rate: who comes while it is busy waits for their turn."""

    rate_per_s: float
    waiting: int = 0
    _free_at: float = field(default=0.0)

    async def turn(self) -> bool:
        """Wait until a request is served; False at once where too many are waiting."""
        if self.waiting >= MOST_WAITING:
            return False
        now = asyncio.get_running_loop().time()
        self._free_at = max(self._free_at, now) + 1 / self.rate_per_s
        self.waiting += 1
        try:
            await asyncio.sleep(self._free_at - now)
        finally:
            self.waiting -= 1
        return True


@dataclass(slots=True)
class LimitedApplication:
    """The sandbox's ASGI application behind a queue."""

    application: Application
    queue: Queue

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request of the API when its turn has come."""
        if scope["path"].startswith(CONTROL_PATH) or await self.queue.turn():
            await self.application(scope, receive, send)
            return
        detail = f"More than {MOST_WAITING} requests are waiting already."
        answer = Answer(None, 503, (Problem("10007", detail),))
        headers, body = WIRE.write(answer, None)
        headers += WIRE.name(None)
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
