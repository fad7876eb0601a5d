"""The only module that opens an HTTP connection for smoke and contract checks.

Bounded in every direction (`transport/limits.py`): a deadline over the whole exchange, name
resolution included, and a cap on head, body and decoded body. No redirects, no netrc, no retry, no
proxy but the one that was named (see `safety/`).
"""

import re
import ssl
import time
from functools import cache
from socket import socket
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from verify_harness import __version__
from verify_harness.exchange import Exchange, FailureKind, Request, Response
from verify_harness.safety.addresses import Origin, origin_of, proxy_of
from verify_harness.safety.guard import Guard, Route
from verify_harness.transport import limits
from verify_harness.transport.content_coding import CannotDecode, decoded
from verify_harness.transport.failures import described
from verify_harness.transport.http1 import (
    Connection,
    Deadline,
    HeaderLines,
    NoAnswer,
    dial,
    secured,
)
from verify_harness.transport.keep_alive import KeepAlive
from verify_harness.transport.oddities import SURPLUS, UNASKED, encoded
from verify_harness.transport.tls import trust_authorities

_AFTER_AUTHORITY = re.compile(r"[^:/?#]+://[^/?#]*([^#]*)", re.DOTALL)
_NEVER_IN_A_TARGET = re.compile(r"%(?![0-9A-Fa-f]{2})|[^!-~]|[\"<>^`{}]")
_WITH_A_LENGTH = frozenset({"POST", "PUT", "PATCH"})


class Client:
    """Sends requests that the guard lets pass, one at a time."""

    def __init__(
        self,
        guard: Guard,
        *,
        run_id: str,
        ca_file: str | None = None,
        proxy: str | None = None,
        total_timeout_secs: float = limits.TOTAL_SECS,
    ) -> None:
        """Raises UsageError for a proxy or a file of certificates that cannot be used."""
        self._guard = guard
        self._settings: dict[str, Any] = {
            "run_id": run_id,
            "ca_file": ca_file,
            "proxy": proxy,
            "total_timeout_secs": total_timeout_secs,
        }
        self._total_timeout_secs = total_timeout_secs
        self._own_headers = (
            ("User-Agent", f"verify-harness/{__version__} run/{run_id}"),
            ("Accept-Encoding", "identity"),
        )
        self._trust = trust(ca_file)
        self._proxy = None if proxy is None else proxy_of(proxy)
        self._kept: tuple[Origin, Connection] | None = None
        self._keep_alive = KeepAlive()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._kept is not None:
            self._kept[1].close()
            self._kept = None

    def another(self, **settings: Any) -> "Client":
        """A client like this one, but for these settings, with a connection of its own."""
        return Client(self._guard, **(self._settings | settings))

    def send_and_close(self, request: Request) -> Exchange:
        """Send one request and close the connection."""
        with self:
            return self.send(request)

    def send(self, request: Request, *, within_secs: float | None = None) -> Exchange:
        """Send once and never again; network faults become `Exchange.failure`.

        `within_secs` replaces the client's own deadline for this exchange. Raises SafetyRefusal
        before anything is sent where the guard does not let the URL pass; on the live service, also
        NoVerdict where the request may not be paid for.
        """
        charge_id = self._guard.admit(request)
        started = time.monotonic()
        deadline = Deadline(started + (within_secs or self._total_timeout_secs))
        oddities: list[str] = []
        response, failure, kind = None, None, None
        try:
            response = _as_plain(self._exchanged(request, deadline, oddities), oddities)
        except NoAnswer as error:
            failure, kind = str(error), error.kind
        elapsed_ms = round((time.monotonic() - started) * 1000, 3)
        exchange = Exchange(
            request,
            response,
            elapsed_ms,
            failure,
            failure_kind=kind,
            oddities=tuple(oddities),
        )
        self._guard.settle(charge_id, exchange)
        return exchange

    def _exchanged(self, request: Request, deadline: Deadline, oddities: list[str]) -> Response:
        origin = origin_of(request.url)
        connection = self._usable(origin, oddities) or self._opened(request.url, origin, deadline)
        is_kept, since = False, connection.last_used
        try:
            response = connection.exchange(
                request.method,
                self._target(request.url, origin),
                self._headers(request, origin),
                request.body or b"",
                deadline,
            )
            self._keep_alive.answered(connection.answers)
            is_kept = connection.is_reusable and self._keep_alive.may_keep
            if not is_kept and connection.state() == "surplus":
                oddities.append(SURPLUS)
        except NoAnswer as error:
            if error.kind is FailureKind.CONNECTION_LOST:
                self._keep_alive.lost(connection.answers, time.monotonic() - since)
            raise
        finally:
            if is_kept:
                self._kept = (origin, connection)
            else:
                connection.close()
        return response

    def _usable(self, origin: Origin, oddities: list[str]) -> Connection | None:
        """The kept connection, if it leads there and nothing came on it since."""
        if self._kept is None:
            return None
        (kept, connection), self._kept = self._kept, None
        state = connection.state()
        if kept == origin and state == "usable":
            return connection
        connection.close()
        if state == "surplus":
            oddities.append(UNASKED)
        elif state == "closed":
            self._keep_alive.lost(connection.answers, time.monotonic() - connection.last_used)
        return None

    def _opened(self, url: str, origin: Origin, deadline: Deadline) -> Connection:
        """A new connection to an address that the guard judged, or to the proxy."""
        try:
            route = self._route(url, origin)
        except OSError as error:
            raise NoAnswer(FailureKind.CONNECT_ERROR, described(error)) from None
        plain = dial(route.addresses, route.origin.port, deadline)
        if origin.scheme != "https":
            return Connection(plain)
        if self._proxy is not None:
            _tunnel(plain, origin, self._proxy.headers, deadline)
        return Connection(secured(plain, self._trust, origin.host, deadline))

    def _route(self, url: str, origin: Origin) -> Route:
        if self._proxy is None:
            return self._guard.route(url)
        self._guard.check(url)
        return self._guard.proxy_route(self._proxy.origin, origin)

    def _target(self, url: str, origin: Origin) -> str:
        """What stands in the request line; a proxy without a tunnel wants the whole address."""
        found = _AFTER_AUTHORITY.match(url)
        rest = _NEVER_IN_A_TARGET.sub(_escaped, found[1] if found else "")
        target = rest if rest.startswith("/") else f"/{rest}"
        is_forwarded = self._proxy is not None and origin.scheme == "http"
        return f"http://{origin.authority}{target}" if is_forwarded else target

    def _headers(self, request: Request, origin: Origin) -> list[tuple[str, str]]:
        """The request's own headers, and those that are missing."""
        given = {name.lower() for name, _ in request.headers}
        own = [each for each in self._own_headers if each[0].lower() not in given]
        if self._proxy is not None and origin.scheme == "http":
            own += self._proxy.headers
        if "host" not in given:
            own.insert(0, ("Host", origin.host_header))
        lines = [*own, *request.headers]
        if given & {"content-length", "transfer-encoding"}:
            return lines
        if request.body or request.method in _WITH_A_LENGTH:
            lines.append(("Content-Length", str(len(request.body or b""))))
        return lines


def _tunnel(plain: socket, origin: Origin, headers: HeaderLines, deadline: Deadline) -> None:
    """Ask a proxy for a way through; raises NoAnswer, and closes the connection then."""
    lines = [("Host", origin.authority), *headers]
    connection, is_open = Connection(plain), False
    try:
        answer = connection.exchange("CONNECT", origin.authority, lines, b"", deadline)
        is_open = 200 <= answer.status < 300 and connection.state() == "usable"
    finally:
        if not is_open:
            plain.close()
    if not is_open:
        message = f"the proxy answered CONNECT with {answer.status}"
        raise NoAnswer(FailureKind.CONNECT_ERROR, message)


def _as_plain(response: Response, oddities: list[str]) -> Response:
    """The answer with its body decoded; raises NoAnswer where that cannot be done."""
    coding = response.header("content-encoding")
    if not coding:
        return response
    oddities.append(encoded(coding))
    try:
        body, is_cut = decoded(response.body, coding, limits.BODY_BYTES)
    except CannotDecode as error:
        raise NoAnswer(FailureKind.DECODING_ERROR, str(error)) from None
    return Response(response.status, response.headers, body, response.truncated or is_cut)


def _escaped(found: re.Match[str]) -> str:
    return quote(found[0], safe="", errors="surrogatepass")


@cache
def trust(ca_file: str | None) -> ssl.SSLContext:
    """A context that verifies; cached, because loading certificates takes longer than a request.

    Raises UsageError where the file of certificates cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust_authorities(context, ca_file)
    return context
