"""The live page and the metrics of a load, on this machine only unless the user binds it elsewhere.

`/` is the page, `/events` its stream of server-sent events, `/metrics` what Prometheus reads.
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import cache, partial
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread
from types import ModuleType
from urllib.parse import urlsplit

from verify_harness.listening import listen, url_of
from verify_harness.safety.addresses import is_loopback
from verify_harness.watch import prometheus, prometheus_protobuf
from verify_harness.watch.feed import Feed

_QUIET_SECS = 15.0
"""After so long without news a stream sends a comment, so that a gone reader is noticed."""


@contextmanager
def serving(feed: Feed, run_id: str, port: int, address: str) -> Iterator[str]:
    """Serve a feed; gives the URL of the page. Port 0 is any free one.

    Raises PortInUse or UsageError before anything is served.
    """
    listener = listen(address, port, "--web")
    handler = partial(_Handler, feed, run_id, is_loopback(address))
    server = ThreadingHTTPServer((address, port), handler, bind_and_activate=False)
    server.socket.close()  # the one that was made and not bound
    server.socket = listener
    server.daemon_threads = True
    Thread(target=server.serve_forever, name="live page", daemon=True).start()
    try:
        yield f"{url_of(listener)}/"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """Answers GET.

    On a loopback address a Host that is not this machine gets nothing: a page from elsewhere, whose
    name was made to point here, may try. On another one whoever asks may read it in any case.
    """

    def __init__(self, feed: Feed, run_id: str, is_local: bool, *connection: object) -> None:
        self._feed = feed
        self._is_local = is_local
        self._run_id = run_id
        super().__init__(*connection)  # type: ignore[arg-type]  # the server's own three

    def do_GET(self) -> None:
        """Send one of the three."""
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname or ""
        path = urlsplit(self.path).path
        with suppress(BrokenPipeError, ConnectionResetError):  # the reader went away
            if self._is_local and not is_loopback(host):
                self.send_error(403)
            elif path == "/":
                self._send("text/html; charset=utf-8", _page(), Content_Security_Policy=_policy())
            elif path == "/metrics":
                self._send(*self._metrics())
            elif path == "/events":
                self._stream()
            else:
                self.send_error(404)

    def _metrics(self) -> tuple[str, bytes]:
        is_wanted = prometheus_protobuf.wanted_by(self.headers.get("Accept", ""))
        form: ModuleType = prometheus_protobuf if is_wanted else prometheus
        return form.CONTENT_TYPE, form.exposition(self._feed, self._run_id)

    def _send(self, content_type: str, body: bytes, **headers: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        for text in _events(self._feed):
            self.wfile.write(text.encode())
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: stderr is the run's."""


def _events(feed: Feed) -> Iterator[str]:
    """The state and the seconds that are new, after each look, until the load is over."""
    following, phase = 0, ""
    while phase != "over":
        seen = feed.looks
        state, points = feed.state(), feed.points_since(following)
        following = points[-1].second + 1 if points else following
        phase = state.phase
        told = {**asdict(state), "points": [asdict(point) for point in points]}
        yield f"data: {json.dumps(told)}\n\n"
        if phase != "over":
            with feed.changed:
                if not feed.changed.wait_for(lambda: feed.looks != seen, _QUIET_SECS):  # noqa: B023 - at once
                    yield ": still here\n\n"


@cache
def _page() -> bytes:
    return (files(__package__) / "page.html").read_bytes()


@cache
def _policy() -> str:
    """Only the page's own script and style, only our own stream."""
    text = _page().decode()
    hashes = {
        tag: b64encode(sha256(text.split(f"<{tag}>")[1].split(f"</{tag}>")[0].encode()).digest())
        for tag in ("script", "style")
    }
    return (
        "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        f"script-src 'sha256-{hashes['script'].decode()}'; "
        f"style-src 'sha256-{hashes['style'].decode()}'"
    )
