"""Plays the live service: TLS with the live host's name in front, a sandbox behind."""

import http.client
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from verify_harness.live.service import LiveService

Answer = tuple[int, bytes]
NO_ANSWER: Answer = (0, b"")
"""Closes the connection."""
Intercept = Callable[[str, str], Answer | None]
"""Answers a method and a path in the sandbox's place; None lets the sandbox answer."""


@dataclass
class Seen:
    """What reached the service."""

    requests: list[tuple[str, str]] = field(default_factory=list)
    intercept: Intercept = lambda _method, _path: None

    def triggers(self) -> list[str]:
        """The channels that were triggered, in order."""
        paths = [path for method, path in self.requests if method == "POST"]
        return [path.split("/")[3] for path in paths if path.count("/") == 3 and "verific" in path]


class StandIn:
    """A server that the tests declare to be the live one."""

    def __init__(self, certificate: Path, sandbox_origin: str) -> None:
        self.seen = Seen()
        handler = type("Handler", (_Handler,), {"seen": self.seen, "behind": sandbox_origin})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.port = self._server.server_port
        self.service = service_at(self.port)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def service_at(port: int) -> LiveService:
    """The declaration: the live host's name leads to a port of this machine."""
    return LiveService(f"https://api.telnyx.com:{port}/v2", lambda _host, _port: ("127.0.0.1",))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one
    seen: Seen
    behind: str

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.seen.requests.append((self.command, self.path))
        answer = self.seen.intercept(self.command, self.path)
        if answer == NO_ANSWER:
            self.close_connection = True
            return
        if answer is not None:
            self._send(answer[0], [("content-type", "application/json")], answer[1])
            return
        behind = http.client.HTTPConnection(urlsplit(self.behind).netloc, timeout=10)
        named = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        behind.request(self.command, self.path, body or None, named)
        response = behind.getresponse()
        self._send(response.status, response.getheaders(), response.read())
        behind.close()

    def _send(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in {"content-length", "date", "server", "connection"}:
                self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Stay silent."""
