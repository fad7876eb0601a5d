"""The only module that opens an HTTP connection for smoke and contract checks.

Bounded in every direction: a deadline over the whole exchange (a timeout between two bytes is
none), a cap on the body, no redirects, no proxy, no netrc, no retry.
"""

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Any, Self

import httpcore
import httpx

from verify_harness import __version__
from verify_harness.exchange import Exchange, FailureKind, Request, Response
from verify_harness.guard import Guard

BODY_CAP_BYTES = 1024 * 1024
CONNECT_TIMEOUT_SECS = 5.0
TOTAL_TIMEOUT_SECS = 30.0

_FAILURE_KINDS: Mapping[type[Exception], FailureKind] = {
    httpx.ConnectTimeout: FailureKind.CONNECT_TIMEOUT,
    httpx.ReadTimeout: FailureKind.READ_TIMEOUT,
    httpx.WriteTimeout: FailureKind.WRITE_TIMEOUT,
    httpx.ConnectError: FailureKind.CONNECT_ERROR,
    httpx.NetworkError: FailureKind.CONNECTION_LOST,
    httpcore.NetworkError: FailureKind.CONNECTION_LOST,
    httpx.ProtocolError: FailureKind.PROTOCOL_ERROR,
    httpx.DecodingError: FailureKind.DECODING_ERROR,
    httpx.UnsupportedProtocol: FailureKind.INVALID_URL,
    httpx.InvalidURL: FailureKind.INVALID_URL,
}
"""The first matching type decides, so subclasses come before their base classes."""


@dataclass
class _Deadline:
    """When the exchange in hand must be over, on the monotonic clock."""

    at: float = float("inf")

    def limit(self, timeout_secs: float | None) -> float:
        """The time an operation may still take; raises ReadTimeout when none is left."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the deadline of the whole exchange passed")
        return left if timeout_secs is None else min(left, timeout_secs)


class _Stream(httpcore.NetworkStream):
    """A network stream whose every operation keeps the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.limit(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.limit(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(
            ssl_context, server_hostname, self._deadline.limit(timeout)
        )
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Opens connections that keep the deadline."""

    def __init__(self, deadline: _Deadline) -> None:
        self._backend = httpcore.SyncBackend()
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._backend.connect_tcp(
            host, port, self._deadline.limit(timeout), local_address, socket_options
        )
        return _Stream(stream, self._deadline)


class Client:
    """Sends requests that the guard lets pass, one at a time."""

    def __init__(
        self,
        guard: Guard,
        *,
        run_id: str,
        ca_file: str | None = None,
        proxy: str | None = None,
        total_timeout_secs: float = TOTAL_TIMEOUT_SECS,
    ) -> None:
        self._guard = guard
        self._settings: dict[str, Any] = {
            "run_id": run_id,
            "ca_file": ca_file,
            "proxy": proxy,
            "total_timeout_secs": total_timeout_secs,
        }
        self._total_timeout_secs = total_timeout_secs
        self._deadline = _Deadline()
        self._user_agent = f"verify-harness/{__version__} run/{run_id}"
        self._http = httpx.Client(
            transport=_transport(self._deadline, ca_file, proxy),
            timeout=httpx.Timeout(total_timeout_secs, connect=CONNECT_TIMEOUT_SECS),
            trust_env=False,
            follow_redirects=False,
        )
        self._http.headers.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

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
        before anything is sent where the guard does not let the URL pass.
        """
        self._guard.check(request.url)
        started = time.monotonic()
        self._deadline.at = started + (within_secs or self._total_timeout_secs)
        try:
            response, failure, kind = self._receive(request), None, None
        except (httpx.HTTPError, httpx.InvalidURL, httpcore.NetworkError) as error:
            response, failure = None, f"{type(error).__name__}: {error}".rstrip(": ")
            kind = self._failure_kind(error)
        elapsed_ms = (time.monotonic() - started) * 1000
        return Exchange(request, response, round(elapsed_ms, 3), failure, failure_kind=kind)

    def _failure_kind(self, error: Exception) -> FailureKind:
        kinds = (kind for each, kind in _FAILURE_KINDS.items() if isinstance(error, each))
        kind = next(kinds, FailureKind.OTHER)
        if kind is FailureKind.READ_TIMEOUT and time.monotonic() >= self._deadline.at:
            return FailureKind.DEADLINE
        return kind

    def _receive(self, request: Request) -> Response:
        headers = [("User-Agent", self._user_agent), *request.headers]
        built = self._http.build_request(
            request.method, request.url, headers=headers, content=request.body
        )
        answer = self._http.send(built, stream=True)
        try:
            body, truncated = _capped(answer.iter_bytes())
        finally:
            answer.close()
        return Response(answer.status_code, tuple(answer.headers.multi_items()), body, truncated)


def _capped(chunks: Iterable[bytes]) -> tuple[bytes, bool]:
    """The decoded body up to the cap, and whether there was more of it."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > BODY_CAP_BYTES:
            return bytes(body[:BODY_CAP_BYTES]), True
    return bytes(body), False


@cache
def _trust(ca_file: str | None) -> ssl.SSLContext:
    """Whom to trust; loading certificates takes longer than a request."""
    return ssl.create_default_context(cafile=ca_file)


def _transport(deadline: _Deadline, ca_file: str | None, proxy: str | None) -> httpx.HTTPTransport:
    context = _trust(ca_file)
    transport = httpx.HTTPTransport(verify=context, trust_env=False, proxy=proxy)
    if proxy is None:
        # httpx has no public place for a network backend; its pool is httpcore's public class.
        transport._pool = httpcore.ConnectionPool(  # noqa: SLF001
            ssl_context=context, network_backend=_Backend(deadline), max_connections=1
        )
    return transport
