"""One HTTP/1.1 connection on a blocking socket; h11 frames the messages, the limits are ours.

Every operation keeps one deadline for the whole exchange (a timeout between two bytes is none).
What a connection holds beyond an answer is never taken for the next one: the connection is closed
and the surplus is named.
"""

import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import h11

from verify_harness.exchange import FailureKind, Response
from verify_harness.transport import limits
from verify_harness.transport.failures import described

_RECEIVE_BYTES = 64 * 1024
_CLOSED = "the connection was closed before an answer"
_DEADLINE_PASSED = "the deadline of the whole exchange passed"

HeaderLines = Sequence[tuple[str, str]]
State = Literal["usable", "closed", "surplus"]


class NoAnswer(Exception):
    """No whole answer came; `str(error)` says why to a person, `kind` to a program."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class _TooMuch(Exception):
    """More came over the wire than one answer may take."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When an exchange must be over, on the monotonic clock."""

    at: float

    def left(self, at_most_secs: float) -> float:
        """The time that one operation may take; raises NoAnswer when none is left."""
        secs = min(self.at - time.monotonic(), at_most_secs)
        if secs <= 0:
            raise NoAnswer(FailureKind.DEADLINE, _DEADLINE_PASSED)
        return secs

    def timed_out(self, kind: FailureKind, message: str) -> NoAnswer:
        """Why an operation ended: the whole exchange's time is over, or only its own."""
        if time.monotonic() >= self.at:
            return NoAnswer(FailureKind.DEADLINE, _DEADLINE_PASSED)
        return NoAnswer(kind, message)


def dial(addresses: Sequence[str], port: int, deadline: Deadline) -> socket.socket:
    """A connection to the first of these IP addresses that takes one; raises NoAnswer."""
    ends = Deadline(time.monotonic() + deadline.left(limits.CONNECT_SECS))
    failure = NoAnswer(FailureKind.CONNECT_ERROR, "no address to connect to")
    for address in addresses:
        try:
            connected = socket.create_connection((address, port), ends.left(limits.CONNECT_SECS))
        except TimeoutError:
            late = f"not connected within {limits.CONNECT_SECS:g} s"
            raise deadline.timed_out(FailureKind.CONNECT_TIMEOUT, late) from None
        except OSError as error:
            failure = NoAnswer(FailureKind.CONNECT_ERROR, described(error))
        else:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connected
    raise failure


def secured(
    plain: socket.socket, trust: ssl.SSLContext, host: str, deadline: Deadline
) -> ssl.SSLSocket:
    """The connection with TLS on it, verified for `host`; raises NoAnswer, and closes it then."""
    try:
        plain.settimeout(deadline.left(limits.CONNECT_SECS))
        return trust.wrap_socket(plain, server_hostname=host)
    except TimeoutError:
        plain.close()
        late = f"no TLS within {limits.CONNECT_SECS:g} s"
        raise deadline.timed_out(FailureKind.CONNECT_TIMEOUT, late) from None
    except OSError as error:
        plain.close()
        raise NoAnswer(FailureKind.CONNECT_ERROR, described(error)) from None


class Connection:
    """A connection that may be kept; one exchange at a time."""

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected
        self.last_used = time.monotonic()
        self.answers = 0
        self._machine = h11.Connection(h11.CLIENT, max_incomplete_event_size=limits.HEAD_BYTES)
        self._deadline = Deadline(0.0)
        self._received_bytes = 0
        self._is_cut = False

    def exchange(
        self, method: str, target: str, headers: HeaderLines, body: bytes, deadline: Deadline
    ) -> Response:
        """Send a request and read its answer, both once; raises NoAnswer."""
        self._deadline, self._received_bytes = deadline, 0
        if self._machine.our_state is h11.DONE:
            self._machine.start_next_cycle()
        self._send(method, target, headers, body)
        head = self._final_head()
        content = self._body()
        self.last_used, self.answers = time.monotonic(), self.answers + 1
        lines = tuple((name.decode(), _text(value)) for name, value in head.headers)
        return Response(head.status_code, lines, content, self._is_cut)

    @property
    def is_reusable(self) -> bool:
        """Whether the answer ended where it said, and the server keeps the connection."""
        machine = self._machine
        is_over = machine.our_state is h11.DONE and machine.their_state is h11.DONE
        return is_over and not self._is_cut and self.state() == "usable"

    def state(self) -> State:
        """Whether another request may go out: nothing may have come since the answer's end."""
        if self._machine.trailing_data[0] and not self._is_cut:
            return "surplus"
        self.socket.settimeout(0.0)
        try:
            return "surplus" if self.socket.recv(1) else "closed"
        except (BlockingIOError, ssl.SSLWantReadError):
            return "usable"
        except OSError:
            return "closed"

    def close(self) -> None:
        """Close without a farewell."""
        self.socket.close()

    def _send(self, method: str, target: str, headers: HeaderLines, body: bytes) -> None:
        lines = [(name.encode(), value.encode()) for name, value in headers]
        try:
            head = h11.Request(method=method, target=target, headers=lines)
            parts = [self._machine.send(head)]
            parts += [self._machine.send(h11.Data(body))] if body else []
            parts += [self._machine.send(h11.EndOfMessage())]
        except h11.LocalProtocolError as error:
            raise NoAnswer(FailureKind.PROTOCOL_ERROR, f"not sent: {error}") from None
        self._write(b"".join(part for part in parts if part))

    def _write(self, content: bytes) -> None:
        """Write all; a server may answer and close early, so a lost connection is still read."""
        left = memoryview(content)
        while left:
            self.socket.settimeout(self._deadline.left(limits.READ_GAP_SECS))
            try:
                left = left[self.socket.send(left) :]
            except TimeoutError:
                late = f"nothing was taken within {limits.READ_GAP_SECS:g} s"
                raise self._deadline.timed_out(FailureKind.WRITE_TIMEOUT, late) from None
            except OSError:
                return

    def _final_head(self) -> h11.Response:
        for _ in range(limits.INTERIM_ANSWERS + 1):
            try:
                event = self._event()
            except _TooMuch:
                raise _protocol_error("a head without end") from None
            _require_bounds(event)
            if isinstance(event, h11.Response):
                return event
        raise _protocol_error(f"more than {limits.INTERIM_ANSWERS} interim answers")

    def _body(self) -> bytes:
        """The body as it came, cut at the limit."""
        body = bytearray()
        while isinstance(event := self._event_or_cut(), h11.Data):
            body += event.data
            self._is_cut = self._is_cut or len(body) > limits.BODY_BYTES
            if self._is_cut:
                break
        return bytes(body[: limits.BODY_BYTES])

    def _event_or_cut(self) -> object:
        """The next event; None, and the answer is cut, where more came than may come."""
        try:
            return self._event()
        except _TooMuch:
            self._is_cut = True
            return None

    def _event(self) -> object:
        while True:
            try:
                event = self._machine.next_event()
            except h11.RemoteProtocolError as error:
                raise _protocol_error(str(error)) from None
            if event is not h11.NEED_DATA:
                return event
            if self._received_bytes > limits.WIRE_BYTES:
                raise _TooMuch
            self._machine.receive_data(self._read())

    def _read(self) -> bytes:
        self.socket.settimeout(self._deadline.left(limits.READ_GAP_SECS))
        try:
            data = self.socket.recv(_RECEIVE_BYTES)
        except TimeoutError:
            late = f"no byte within {limits.READ_GAP_SECS:g} s"
            raise self._deadline.timed_out(FailureKind.READ_TIMEOUT, late) from None
        except OSError as error:
            raise NoAnswer(FailureKind.CONNECTION_LOST, described(error)) from None
        if not data and not self._received_bytes:
            raise NoAnswer(FailureKind.CONNECTION_LOST, _CLOSED)
        self._received_bytes += len(data)
        return data


def _require_bounds(event: object) -> None:
    """Raise NoAnswer for a head that is too large or frames its body in two ways at once."""
    if not isinstance(event, h11.Response | h11.InformationalResponse):
        raise _protocol_error("no head")
    size = sum(len(name) + len(value) + 4 for name, value in event.headers)
    if len(event.headers) > limits.HEAD_LINES or size > limits.HEAD_BYTES:
        raise _protocol_error(
            f"a head of more than {limits.HEAD_LINES} lines or {limits.HEAD_BYTES} bytes"
        )
    names = {name for name, _ in event.headers}
    if {b"content-length", b"transfer-encoding"} <= names:
        raise _protocol_error("both Content-Length and Transfer-Encoding")


def _protocol_error(message: str) -> NoAnswer:
    return NoAnswer(FailureKind.PROTOCOL_ERROR, f"not HTTP: {message}")


def _text(value: bytes) -> str:
    """A header's value; UTF-8 where it is that, as most servers mean it, else Latin-1."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
