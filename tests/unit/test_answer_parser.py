"""What counts as an answer of HTTP/1.1, and which requests are sent at all."""

import socket
import time
from collections.abc import Iterator

import pytest

from verify_harness.exchange import FailureKind
from verify_harness.transport.answer_parser import AnswerParser, BadAnswer
from verify_harness.transport.http1 import Connection, Deadline, NoAnswer

OK = b"HTTP/1.1 200 OK\r\n"


def parsed(*pieces: bytes, method: str = "GET") -> AnswerParser:
    answer = AnswerParser(method)
    for piece in pieces:
        answer.feed(piece)
    return answer


def test_an_answer_is_the_same_however_it_is_cut() -> None:
    raw = OK + b"A:  b \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: late\r\n\r\n"
    for at in range(1, len(raw)):
        answer = parsed(raw[:at], raw[at:])
        assert answer.is_complete
        assert (answer.status, answer.body) == (200, bytearray(b"abc"))
        assert answer.headers == [(b"a", b"b"), (b"transfer-encoding", b"chunked")]


@pytest.mark.parametrize("method", ["HEAD", "CONNECT"])
def test_an_answer_without_a_body_is_over_with_its_head(method: str) -> None:
    answer = parsed(OK + b"Content-Length: 3\r\n\r\n", method=method)
    assert (answer.is_complete, answer.has_surplus, len(answer.body)) == (True, False, 0)
    answer.feed(b"abc")
    assert answer.has_surplus


def test_a_body_may_end_with_the_connection() -> None:
    answer = parsed(OK + b"\r\nab", b"c")
    assert not answer.is_complete
    answer.feed(b"")
    assert (answer.is_complete, bytes(answer.body), answer.may_keep) == (True, b"abc", False)


@pytest.mark.parametrize(
    "raw",
    [
        OK + b"Content-Length: 3\r\n\r\nab",
        OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nab",
        OK + b"Content-Le",
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
)
def test_an_answer_that_ends_early_is_none(raw: bytes) -> None:
    answer = parsed(raw)
    with pytest.raises(BadAnswer, match="closed within an answer"):
        answer.feed(b"")


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        OK + b"A: b\r\n c\r\n\r\n",
        OK + b"A: b\x00\r\n\r\n",
        OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\na",
        OK + b"Content-Length: +1\r\n\r\na",
        OK + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: gzip\r\n\r\na",
        b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    ],
)
def test_what_can_be_read_in_two_ways_is_no_answer(raw: bytes) -> None:
    with pytest.raises(BadAnswer):
        parsed(raw)


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.mark.parametrize(
    "method, target, header",
    [
        ("GET", "/a b", ("A", "b")),
        ("GET", "/", ("A", "b\r\nC: d")),
        ("GET", "/", ("A", "b\nC: d")),
        ("GET", "/", ("A", " b")),
        ("GET", "/", ("A", "b\t")),
        ("GET", "/", ("A", "b\0")),
        ("GET", "/", ("A b", "c")),
        ("GET", "/", ("", "c")),
        ("GET\r\nX:", "/", ("A", "b")),
        ("POST", "/", ("Transfer-Encoding", "chunked")),
        ("POST", "/", ("Content-Length", "4")),
        ("POST", "/", ("content-length", "03")),
    ],
)
def test_a_request_that_could_be_read_in_two_ways_is_not_sent(
    ends: tuple[socket.socket, socket.socket], method: str, target: str, header: tuple[str, str]
) -> None:
    ours, theirs = ends
    with pytest.raises(NoAnswer, match="not sent: ") as refused:
        Connection(ours).exchange(method, target, [header], b"abc", Deadline(time.monotonic() + 5))
    assert refused.value.kind is FailureKind.PROTOCOL_ERROR
    theirs.setblocking(False)
    with pytest.raises(BlockingIOError):
        theirs.recv(1)


def test_a_body_is_framed_in_one_way(ends: tuple[socket.socket, socket.socket]) -> None:
    both = [("Content-Length", "3"), ("Transfer-Encoding", "chunked")]
    with pytest.raises(NoAnswer, match="not sent: Transfer-Encoding"):
        Connection(ends[0]).exchange("POST", "/", both, b"abc", Deadline(time.monotonic() + 5))
