"""One HTTP/1.1 connection on a gevent socket; answers are framed by llhttp (C), not by us."""

import _socket
import errno
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import gevent
from gevent import socket as gevent_socket
from geventhttpclient._parser import HTTPParseError, HTTPResponseParser

_RECEIVE_BYTES = 16_384
_LOST = frozenset({errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN, errno.ECONNABORTED})


class NoAnswer(Exception):
    """No whole answer came; says why, the same for all requests that fail alike."""


class ClosedUnanswered(NoAnswer):
    """The server closed the connection before the first byte of an answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take."""

    connect_secs: float = 10.0
    read_secs: float = 30.0
    """Without a byte of the answer."""
    total_secs: float = 60.0
    answer_bytes: int = 4 * 1024 * 1024
    """Head and body."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to connect; `tls` is None for plain HTTP."""

    family: int
    address: tuple[Any, ...]
    host: str
    tls: ssl.SSLContext | None


class _Parser(HTTPResponseParser):
    """Keeps what an answer needs; header lines are read later from the raw head, if at all."""

    _nothing: ClassVar[deque[Any]] = deque(
        maxlen=0
    )  # its methods do nothing without a Python frame
    _on_status = _on_header_field = _on_header_value = staticmethod(_nothing.append)
    _on_headers_complete = staticmethod(_nothing.clear)

    def __init__(self) -> None:
        super().__init__()
        self.body: list[bytearray] = []
        self._on_body = self.body.append
        self.status = 0
        self.is_complete = False
        self.has_surplus = False

    def begin(self) -> None:
        """Expect the next answer."""
        self.body.clear()
        self.is_complete = False

    def _on_message_begin(self) -> None:
        self.has_surplus = self.has_surplus or self.is_complete

    def _on_message_complete(self) -> None:
        if self.is_complete:
            return  # what follows an answer belongs to no request of ours
        status = self.get_code()
        if 100 <= status < 200:
            self.body.clear()  # an interim answer; the final one follows
            return
        self.status = status
        self.is_complete = True


class Connection:
    """A kept connection; one request at a time."""

    __slots__ = ("_limits", "_parser", "_socket", "_wait", "expired", "heard", "since")

    def __init__(self, place: Place, limits: Limits) -> None:
        """Connect; raises NoAnswer where that fails or takes too long."""
        self._limits = limits
        self._parser = _Parser()
        self._socket = _connected(place, limits.connect_secs)
        hub = gevent.get_hub()
        watcher = hub.loop.io(self._socket.fileno(), 1)
        self._wait: Callable[[], None] = partial(hub.wait, watcher)
        self.since = self.heard = 0.0
        """When the request under way was sent, and when something last came; perf_counter."""
        self.expired: str | None = None

    def exchange(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Send a request; gives status, body and the raw answer, or raises NoAnswer."""
        self._parser.begin()
        received: list[bytes] = []
        try:
            self._send(request)
            self._receive(received)
        except (NoAnswer, OSError, ValueError) as error:  # ValueError: TLS after the watch's shut
            raise self._no_answer(error, received) from None
        parser = self._parser
        raw = received[0] if len(received) == 1 else b"".join(received)
        return parser.status, b"".join(parser.body), raw

    @property
    def is_reusable(self) -> bool:
        """Whether the last answer ended where it said, and the server keeps the connection."""
        parser = self._parser
        keeps: bool = parser.is_complete and not parser.has_surplus and parser.should_keep_alive()
        return keeps and self.expired is None

    def is_still_open(self) -> bool:
        """Whether nothing came since the last answer: neither an end nor bytes we never asked for.

        Looks without select, which fails for sockets numbered 1 024 and above.
        """
        try:
            self._socket.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        return False

    def expire_if_late(self, now: float) -> None:
        """End the request under way if it took too long; its greenlet sees a closed socket."""
        if now - self.heard > self._limits.read_secs:
            self.expired = f"no byte within {self._limits.read_secs:g} s"
        elif now - self.since > self._limits.total_secs:
            self.expired = f"not complete within {self._limits.total_secs:g} s"
        else:
            return
        try:
            _shut_down(self._socket)
        except OSError:
            return  # closed already

    def close(self) -> None:
        """Close without a farewell."""
        self._socket.close()

    def _send(self, request: bytes) -> None:
        sent = 0
        while sent < len(request):
            try:
                sent += self._socket.send(request[sent:] if sent else request)
            except (BlockingIOError, ssl.SSLWantWriteError):
                gevent_socket.wait_write(self._socket.fileno())

    def _receive(self, received: list[bytes]) -> None:
        parser, size = self._parser, 0
        self._wait()
        while not parser.is_complete:
            try:
                data = self._socket.recv(_RECEIVE_BYTES)
            except (BlockingIOError, ssl.SSLWantReadError):
                self._wait()
                continue
            if not data and not received:
                raise ClosedUnanswered("the connection was closed before an answer")
            received.append(data)
            size += len(data)
            if size > self._limits.answer_bytes:
                raise NoAnswer(f"an answer larger than {self._limits.answer_bytes} bytes")
            self.heard = time.perf_counter()
            self._feed(data)

    def _feed(self, data: bytes) -> None:
        """Parse; the end of the stream is `b""`, which completes some answers and breaks others."""
        parser = self._parser
        try:
            parser.feed(data)
        except HTTPParseError as error:
            if parser.is_complete:
                parser.has_surplus = True
            elif data:
                raise NoAnswer(f"not HTTP: {error.args[0]}") from None
        if not data and not parser.is_complete:
            raise NoAnswer("the connection was closed within an answer")

    def _no_answer(self, error: Exception, received: list[bytes]) -> NoAnswer:
        if self.expired is not None:
            return NoAnswer(self.expired)
        if isinstance(error, NoAnswer):
            return error
        if not received and isinstance(error, OSError) and error.errno in _LOST:
            return ClosedUnanswered("the connection was closed before an answer")
        return NoAnswer(described(error))


def _connected(place: Place, timeout_secs: float) -> Any:
    """A non-blocking socket that is connected, with TLS where the place wants it."""
    plain = gevent_socket.socket(place.family, socket.SOCK_STREAM)
    try:
        plain.settimeout(timeout_secs)
        plain.connect(place.address)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ready = plain
        if place.tls is not None:
            ready = place.tls.wrap_socket(plain, server_hostname=place.host)
    except TimeoutError:
        plain.close()
        raise NoAnswer(f"not connected within {timeout_secs:g} s") from None
    except OSError as error:
        plain.close()
        raise NoAnswer(described(error)) from None
    ready = ready if place.tls else _bare(plain)
    ready.settimeout(0.0)
    return ready


def _bare(connected: Any) -> Any:
    """The interpreter's own socket in place of gevent's: without a Python frame for each call."""
    return _socket.socket(
        connected.family, connected.type, connected.proto, fileno=connected.detach()
    )


def _shut_down(connected: Any) -> None:
    """End both directions; TLS would forget its state under the reader's hands, so below it."""
    is_tls = isinstance(connected, gevent_socket.socket)
    kind = gevent_socket.socket if is_tls else _socket.socket
    kind.shutdown(connected, socket.SHUT_RDWR)


def described(error: Exception) -> str:
    """An error in few words, without the addresses and numbers that differ each time."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"TLS certificate refused: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS: {error.reason or type(error).__name__}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return f"{type(error).__name__}: {error}"[:120]
