"""One HTTP/1.1 connection on a blocking socket.

Every operation keeps one deadline for the whole exchange (a timeout between two bytes is none).
What a connection holds beyond an answer is never taken for the next one: the connection is closed
and the surplus is named.
"""

import re
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from verify_harness.exchange import FailureKind, Response
from verify_harness.transport import limits
from verify_harness.transport.answer_parser import AnswerParser, BadAnswer
from verify_harness.transport.failures import described

_RECEIVE_BYTES = 64 * 1024
_CLOSED = "the connection was closed before an answer"
_SOUND_HEAD = re.compile(
    rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ [\x21-\x7e]+ HTTP/1\.1\r\n"
    rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+: "
    rb"(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?\r\n)*\r\n"
)
"""RFC 9112 §3 and RFC 9110 §5.5: nothing that another reader might take for the end of a line."""
_DEADLINE_PASSED = "the deadline of the whole exchange passed"

HeaderLines = Sequence[tuple[str, str]]
State = Literal["usable", "closed", "surplus"]


class NoAnswer(Exception):
    """No whole answer came; `str(error)` says why to a person, `kind` to a program."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind


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
        self._deadline = Deadline(0.0)
        self._received_bytes = 0
        self._answer = AnswerParser("")

    def exchange(
        self, method: str, target: str, headers: HeaderLines, body: bytes, deadline: Deadline
    ) -> Response:
        """Send a request and read its answer, both once; raises NoAnswer."""
        self._deadline, self._received_bytes = deadline, 0
        self._answer = answer = AnswerParser(method)
        self._write(_request(method, target, headers, body))
        try:
            while not answer.is_over:
                self._read_some(answer)
        except BadAnswer as error:
            raise NoAnswer(FailureKind.PROTOCOL_ERROR, f"not HTTP: {error}") from None
        self.last_used, self.answers = time.monotonic(), self.answers + 1
        lines = tuple((name.decode(), _text(value)) for name, value in answer.headers)
        return Response(
            answer.status, lines, bytes(answer.body[: limits.BODY_BYTES]), answer.is_cut
        )

    @property
    def is_reusable(self) -> bool:
        """Whether the answer ended where it said, and the server keeps the connection."""
        return self._answer.is_complete and self._answer.may_keep and self.state() == "usable"

    def state(self) -> State:
        """Whether another request may go out: nothing may have come since the answer's end."""
        if self._answer.has_surplus:
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

    def _read_some(self, answer: AnswerParser) -> None:
        """Let the answer grow; it is cut where more came than one answer may take."""
        answer.feed(self._read())
        if self._received_bytes > limits.WIRE_BYTES and not answer.is_over:
            answer.is_cut = True
            if not answer.has_head:
                raise BadAnswer("a head without end")

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


def _request(method: str, target: str, headers: HeaderLines, body: bytes) -> bytes:
    """A request as it is sent; raises NoAnswer for one that could be read in two ways."""
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    head = "\r\n".join([*lines, "", ""]).encode()
    if not _SOUND_HEAD.fullmatch(head):
        raise _not_sent("a method, target or header that HTTP does not allow")
    given = [(name.lower(), value) for name, value in headers]
    if any(name == "transfer-encoding" for name, _ in given):
        raise _not_sent("Transfer-Encoding, where the body is sent as one piece")
    lengths = [value for name, value in given if name == "content-length"]
    if lengths != [str(len(body))] and (lengths or body):
        raise _not_sent("a Content-Length that is not the body's")
    return head + body


def _not_sent(reason: str) -> NoAnswer:
    return NoAnswer(FailureKind.PROTOCOL_ERROR, f"not sent: {reason}")


def _text(value: bytes) -> str:
    """A header's value; UTF-8 where it is that, as most servers mean it, else Latin-1."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
