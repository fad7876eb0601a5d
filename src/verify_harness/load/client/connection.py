"""One HTTP/1.1 connection on a gevent socket; answers are framed by llhttp (C), not by us."""

import _socket
import errno
import select
import socket
import ssl
import time
from collections import deque
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from gevent import monkey
from gevent import socket as gevent_socket
from geventhttpclient._parser import HTTPParseError, HTTPResponseParser

from verify_harness.load.client.answer import final_head
from verify_harness.load.client.readiness import Readiness
from verify_harness.transport import limits as bounds
from verify_harness.transport import oddities
from verify_harness.transport.content_coding import CannotDecode, decoded
from verify_harness.transport.failures import described

_RECEIVE_BYTES = 16_384
_LOST = frozenset({errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN, errno.ECONNABORTED})
_SHORTEST_LINE_BYTES = 4
_PLAIN_HEAD_BYTES = _SHORTEST_LINE_BYTES * bounds.HEAD_LINES
"""A head up to here keeps every limit, however its lines are cut."""
_poll = monkey.get_original("select", "poll")

State = Literal["usable", "closed", "surplus"]


class NoAnswer(Exception):
    """No whole answer came; says why, the same for all requests that fail alike."""


class ClosedUnanswered(NoAnswer):
    """The server closed the connection before the first byte of an answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take."""

    connect_secs: float = bounds.CONNECT_SECS
    read_secs: float = bounds.READ_GAP_SECS
    """Without a byte of the answer."""
    total_secs: float = bounds.TOTAL_SECS
    wire_bytes: int = bounds.WIRE_BYTES
    """Head, body and framing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to connect: addresses that the guard judged, in order; `tls` is None for plain HTTP."""

    addresses: tuple[str, ...]
    port: int
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
        self.body = bytearray()
        self._on_body = self.body.extend
        self.content = b""
        self.status = 0
        self.interim_answers = 0
        self.is_complete = False
        self.has_surplus = False

    def begin(self) -> None:
        """Expect the next answer."""
        self.body.clear()
        self.is_complete = False
        self.interim_answers = 0

    def _on_message_begin(self) -> None:
        self.has_surplus = self.has_surplus or self.is_complete

    def _on_message_complete(self) -> None:
        if self.is_complete:
            return  # what follows an answer belongs to no request of ours
        status = self.get_code()
        if 100 <= status < 200:
            self.body.clear()  # an interim answer; the final one follows
            self.interim_answers += 1
            return
        self.status = status
        self.content = bytes(self.body)  # now, because a surplus would be appended to the body
        self.is_complete = True


class Connection:
    """A kept connection; one request at a time."""

    __slots__ = (
        *("_idle", "_limits", "_parser", "_readiness", "_socket"),
        *("answers", "expired", "heard", "oddity", "since"),
    )

    def __init__(self, place: Place, limits: Limits) -> None:
        """Connect; raises NoAnswer where that fails or takes too long."""
        self._limits = limits
        self._parser = _Parser()
        self._socket = _connected(place, limits.connect_secs)
        self._readiness = Readiness(self._socket.fileno())
        self._idle = None if place.tls else _poll()
        if self._idle is not None:
            self._idle.register(self._socket.fileno(), select.POLLIN)
        self.since = self.heard = 0.0
        """When the request under way was sent, and when something last came; perf_counter."""
        self.answers = 0
        self.expired: str | None = None
        self.oddity: str | None = None
        """What was wrong with the last answer, though it could be read."""

    def exchange(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Send a request; gives status, decoded body and the raw answer, or raises NoAnswer."""
        self._parser.begin()
        received: list[bytes] = []
        try:
            self._send(request)
            self._receive(received)
        except (NoAnswer, OSError, ValueError) as error:  # ValueError: TLS after the watch's shut
            raise self._no_answer(error, received) from None
        raw = received[0] if len(received) == 1 else b"".join(received)
        self.answers += 1
        return self._parser.status, self._content(raw), raw

    @property
    def is_reusable(self) -> bool:
        """Whether the last answer ended where it said, and the server keeps the connection."""
        parser = self._parser
        keeps: bool = parser.is_complete and not parser.has_surplus and parser.should_keep_alive()
        return keeps and self.expired is None

    def state(self) -> State:
        """Whether another request may go out: nothing may have come since the last answer.

        A poll of one socket costs a microsecond, and works above number 1 023, where select fails.
        """
        if self._idle is not None and not self._idle.poll(0):
            return "usable"
        try:
            return "surplus" if self._socket.recv(1) else "closed"
        except (BlockingIOError, ssl.SSLWantReadError):
            return "usable"
        except OSError:
            return "closed"

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
        self._readiness.close()
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
        wait = self._readiness.wait
        wait()
        while not parser.is_complete:
            try:
                data = self._socket.recv(_RECEIVE_BYTES)
            except (BlockingIOError, ssl.SSLWantReadError):
                wait()
                continue
            if not data and not received:
                raise ClosedUnanswered("the connection was closed before an answer")
            received.append(data)
            size += len(data)
            if size > self._limits.wire_bytes:
                raise NoAnswer(f"an answer larger than {self._limits.wire_bytes} bytes")
            self.heard = time.perf_counter()
            self._feed(data)
            if parser.interim_answers > bounds.INTERIM_ANSWERS:
                raise NoAnswer(f"more than {bounds.INTERIM_ANSWERS} interim answers")

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

    def _content(self, raw: bytes) -> bytes:
        """The body of the answer, decoded; raises NoAnswer for a head that breaks a limit.

        Nearly every head is short and names neither coding, so that it is only searched.
        """
        parser = self._parser
        body = parser.content
        self.oddity = oddities.SURPLUS if parser.has_surplus else None
        end = raw.find(b"\r\n\r\n")
        is_simple = end <= _PLAIN_HEAD_BYTES and not parser.interim_answers
        if is_simple and b"-encoding:" not in raw[:end].lower():
            return body
        return self._decoded(body, _bounded_head(final_head(raw)))

    def _decoded(self, body: bytes, head: dict[str, str]) -> bytes:
        transfer = head.get("transfer-encoding")
        if transfer is not None and ("content-length" in head or transfer.lower() != "chunked"):
            raise NoAnswer(f"not HTTP: Transfer-Encoding {transfer[:40]} beside another framing")
        coding = head.get("content-encoding")
        if not coding:
            return body
        self.oddity = oddities.encoded(coding)
        try:
            content, is_cut = decoded(body, coding, bounds.BODY_BYTES)
        except CannotDecode as error:
            raise NoAnswer(str(error)) from None
        if is_cut:
            raise NoAnswer(f"an answer that unpacks to more than {bounds.BODY_BYTES} bytes")
        return content

    def _no_answer(self, error: Exception, received: list[bytes]) -> NoAnswer:
        if self.expired is not None:
            return NoAnswer(self.expired)
        if isinstance(error, NoAnswer):
            return error
        if not received and isinstance(error, OSError) and error.errno in _LOST:
            return ClosedUnanswered("the connection was closed before an answer")
        return NoAnswer(described(error))


def _bounded_head(head: bytes) -> dict[str, str]:
    """The lines of a head by name, repeated ones joined; raises NoAnswer for too many."""
    lines = head.split(b"\r\n")[1:]
    if len(lines) > bounds.HEAD_LINES or len(head) > bounds.HEAD_BYTES:
        raise NoAnswer(
            f"a head of more than {bounds.HEAD_LINES} lines or {bounds.HEAD_BYTES} bytes"
        )
    found: dict[str, str] = {}
    for line in lines:
        name, _, value = (part.strip() for part in line.decode("latin-1").partition(":"))
        known = found.get(name.lower())
        found[name.lower()] = value if known is None else f"{known}, {value}"
    return found


def _connected(place: Place, timeout_secs: float) -> Any:
    """A non-blocking socket to the first address that takes one, with TLS where that is wanted."""
    ends = time.perf_counter() + timeout_secs
    failure = NoAnswer("no address to connect to")
    for address in place.addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        plain = gevent_socket.socket(family, socket.SOCK_STREAM)
        try:
            return _ready(plain, (address, place.port), place, ends)
        except TimeoutError:
            plain.close()
            raise NoAnswer(f"not connected within {timeout_secs:g} s") from None
        except OSError as error:
            plain.close()
            failure = NoAnswer(described(error))
    raise failure


def _ready(plain: Any, address: tuple[str, int], place: Place, ends: float) -> Any:
    plain.settimeout(max(0.001, ends - time.perf_counter()))
    plain.connect(address)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    ready = place.tls.wrap_socket(plain, server_hostname=place.host) if place.tls else _bare(plain)
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
