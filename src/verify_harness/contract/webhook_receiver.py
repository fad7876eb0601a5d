"""A local HTTP server that records webhooks."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

HELD_FOR_AT_MOST_SECS = 10.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One received webhook; header names are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    listener: "WebhookReceiver"


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        """Record the delivery, then respond."""
        listener = self.server.listener
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        listener.deliveries.append(Delivery(self.path, headers, body))
        listener.released.wait(HELD_FOR_AT_MOST_SECS)
        self.send_response(listener.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        """Log nothing."""


class WebhookReceiver:
    """Listens on a free port of 127.0.0.1 while used as a context manager.

    Responds with `status`; with `held`, not before `released` is set.
    """

    def __init__(self, status: int = 200, *, held: bool = False) -> None:
        self.status = status
        self.deliveries: list[Delivery] = []
        self.released = Event()
        if not held:
            self.released.set()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.listener = self

    @property
    def url(self) -> str:
        """The URL that receives webhooks."""
        return f"http://127.0.0.1:{self._server.server_port}/hook?of=verify-harness"

    def __enter__(self) -> Self:
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
