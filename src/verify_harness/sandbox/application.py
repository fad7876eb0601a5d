"""The ASGI application: the API under /v2, the levers under /_sandbox/."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from verify_harness.sandbox import api, message_poll
from verify_harness.sandbox.control import CONTROL_PATH, control
from verify_harness.sandbox.exchange import Request
from verify_harness.sandbox.tenants import Tenants

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(slots=True)
class Application:
    """An ASGI 3 application for `http` scopes; `requests_served` leaves the levers out."""

    tenants: Tenants
    requests_served: int = 0
    control_token: str | None = None
    """What opens the levers; None leaves them open."""

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(
            scope["method"],
            scope["raw_path"].decode("latin-1"),
            scope["query_string"].decode("latin-1"),
            scope["headers"],
            await _body(receive),
        )
        if request.path.startswith(CONTROL_PATH):
            written = await self._control(request, scope["client"][0])
        else:
            self.requests_served += 1
            written = await api.respond(self.tenants, request)
        status, headers, body = written
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _control(self, request: Request, peer: str) -> api.Written:
        def answer() -> api.Written:
            return control(self.tenants, request, peer, self.requests_served, self.control_token)

        if request.path == CONTROL_PATH + message_poll.PATH:
            return await message_poll.once_there(request, answer)
        return answer()


async def _body(receive: Receive) -> bytes | None:
    """The whole body, read to its end, or None if it is larger than allowed."""
    message = await receive()
    body: bytes = message.get("body", b"")
    size = len(body)
    while message.get("more_body"):
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= api.MAX_BODY_BYTES:
            body += chunk
    return body if size <= api.MAX_BODY_BYTES else None
