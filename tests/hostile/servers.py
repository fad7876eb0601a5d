"""A server of raw sockets that answers as servers should not, or only just may."""

import contextlib
import gzip
import re
import socket
import ssl
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator

Answer = Callable[[socket.socket], bool]
"""Writes an answer; false ends the connection."""

JSON = b"Content-Type: application/json\r\n"
PLAIN = b"HTTP/1.1 200 OK\r\n" + JSON + b"Content-Length: 7\r\n\r\n" + b'{"a":1}'


def _bytes(*pieces: bytes, pause_s: float = 0.0, keep: bool = True) -> Answer:
    def answer(connection: socket.socket) -> bool:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause_s)
        return keep

    return answer


def _dripping(first: bytes, drop: bytes) -> Answer:
    """Something, then a drop every 20 ms for longer than any test waits."""
    return _bytes(first, *[drop] * 1000, pause_s=0.02, keep=False)


def _endless(first: bytes, more: bytes) -> Answer:
    """Something, then as much as the client takes."""

    def answer(connection: socket.socket) -> bool:
        connection.sendall(first)
        while True:
            connection.sendall(more)

    return answer


def _encoded(coding: bytes, body: bytes) -> Answer:
    head = b"HTTP/1.1 200 OK\r\n" + JSON + b"Content-Encoding: " + coding
    return _bytes(head + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def _bomb(mebibytes: int) -> bytes:
    """So much nothing, packed a thousandfold."""
    machine = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    packed = [machine.compress(bytes(2**20)) for _ in range(mebibytes)]
    return b"".join([*packed, machine.flush()])


def _head_of(lines: int, line_bytes: int = 6) -> Answer:
    extra = b"".join(b"X%s: \r\n" % (b"y" * (line_bytes - 5)) for _ in range(lines - 1))
    return _bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + extra + b"\r\n")


def _stall(connection: socket.socket) -> bool:
    connection.recv(1)  # until the client gives up
    return False


def _each_byte(text: bytes) -> list[bytes]:
    return [text[at : at + 1] for at in range(len(text))]


SMUGGLED = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled"
CHUNKED = b"HTTP/1.1 200 OK\r\n" + JSON + b"Transfer-Encoding: chunked\r\n\r\n"
ANSWERS: dict[str, Answer] = {
    "plain": _bytes(PLAIN),
    "split": _bytes(*_each_byte(PLAIN), pause_s=0.001),
    "chunked": _bytes(
        CHUNKED, b"3\r\n{", b'"a\r\n4;x=y\r\n":1}\r\n0\r\nX-T: 1\r\n\r\n', pause_s=0.01
    ),
    "continue": _bytes(b"HTTP/1.1 100 Continue\r\n\r\n", PLAIN, pause_s=0.01),
    "hints": _bytes(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + PLAIN),
    "no-content": _bytes(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "empty": _bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    "error": _bytes(b"HTTP/1.1 500 Oops\r\nContent-Length: 3\r\n\r\nbad"),
    "throttled": _bytes(b"HTTP/1.1 429 Slow\r\nretry-AFTER: 3\r\nContent-Length: 0\r\n\r\n"),
    "until-close": _bytes(b"HTTP/1.1 200 OK\r\n\r\nall", b" of it", pause_s=0.01, keep=False),
    "says-close": _bytes(
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", keep=False
    ),
    "old": _bytes(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", keep=False),
    "too-long": _bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more", keep=False),
    "too-short": _bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", keep=False),
    "half-chunk": _bytes(CHUNKED, b"9\r\nok", keep=False),
    "half-head": _bytes(b"HTTP/1.1 200 OK\r\nContent-Le", keep=False),
    "two-lengths": _bytes(
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", keep=False
    ),
    "garbage": _bytes(b"SSH-2.0-OpenSSH_9.6\r\n", keep=False),
    "nothing": _bytes(keep=False),
    "redirect": _bytes(b"HTTP/1.1 302 Found\r\nLocation: /plain\r\nContent-Length: 0\r\n\r\n"),
    "cookie": _bytes(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"),
    "slow": _bytes(PLAIN[:20], PLAIN[20:50], PLAIN[50:-1], PLAIN[-1:], pause_s=0.1),
    "stall": _stall,
    "drip": _dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n", b"x"),
    "huge": _bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 9_000_000),
    "closes-later": _bytes(PLAIN, keep=False),
    # Content codings, though none was asked for.
    "gzip": _encoded(b"gzip", gzip.compress(b'{"a":1}')),
    "deflate": _encoded(b"deflate", zlib.compress(b'{"a":1}')),
    "bare-deflate": _encoded(b"Deflate", zlib.compress(b'{"a":1}', wbits=-15)),
    "named-identity": _encoded(b"identity", b'{"a":1}'),
    "gzip-bomb": _encoded(b"gzip", _bomb(200)),
    "nested-gzip": _encoded(b"gzip, gzip", gzip.compress(_bomb(20))),
    "brotli": _encoded(b"br", b"\x0b\x02\x80abc\x03"),
    "not-gzip": _encoded(b"gzip", b'{"a":1}'),
    "cut-gzip": _encoded(b"gzip", gzip.compress(b'{"a":1}')[:-9]),
    # Bytes that belong to no request.
    "two-answers": _bytes(PLAIN + SMUGGLED),
    "late-second": _bytes(PLAIN, SMUGGLED, pause_s=0.05),
    "short-length": _bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" + SMUGGLED),
    "body-after-204": _bytes(b"HTTP/1.1 204 No Content\r\n\r\n" + SMUGGLED),
    "body-after-304": _bytes(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\nbad"),
    # Two framings, or one that nobody knows.
    "both-framings": _bytes(
        b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"2\r\nok\r\n0\r\n\r\n",
        keep=False,
    ),
    "unknown-framing": _bytes(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok", keep=False),
    # Without end.
    "endless-body": _endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536),
    "endless-chunks": _endless(CHUNKED, b"4000\r\n" + b"x" * 0x4000 + b"\r\n"),
    "byte-chunks": _endless(CHUNKED, b"1\r\nx\r\n" * 4096),
    "endless-line": _endless(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65_536),
    "endless-head": _endless(b"HTTP/1.1 200 OK\r\n", b"X-Header: y\r\n" * 1000),
    "endless-interim": _endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "drip-head": _dripping(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "drip-lines": _dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "drip-chunks": _dripping(CHUNKED, b"1\r\nx\r\n"),
    # At and beyond the bounds of a head.
    "interim-100": _bytes(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100 + PLAIN),
    "interim-101": _bytes(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 101 + PLAIN, keep=False),
    "lines-200": _head_of(200),
    "lines-201": _head_of(201),
    "large-head": _head_of(2, 70_000),
}


class AwkwardServer:
    """Answers `/<name>` as `ANSWERS` says; counts connections, and requests by name."""

    def __init__(
        self, tls: ssl.SSLContext | None = None, address: tuple[str, int] = ("127.0.0.1", 0)
    ) -> None:
        self._tls = tls
        self._listener = socket.create_server(address, backlog=64)
        host, port = self._listener.getsockname()
        self.url = f"http{'s' if tls else ''}://{host}:{port}"
        self.connections = 0
        self.requests: Counter[str] = Counter()
        self.heads: list[bytes] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # or a waiting accept keeps it open
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _secured(self, connection: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(connection, server_side=True) if self._tls else connection

    def _serve(self, accepted: socket.socket) -> None:
        with contextlib.suppress(OSError), self._secured(accepted) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for name, head in _requests(connection):
                self.requests[name] += 1
                self.heads.append(head)
                if not ANSWERS[name](connection):
                    return


def _requests(connection: socket.socket) -> Iterator[tuple[str, bytes]]:
    """The name and the head of each request, bodies read to their end."""
    received = b""
    while True:
        while b"\r\n\r\n" not in received:
            piece = connection.recv(65_536)
            if not piece:
                return
            received += piece
        head, _, rest = received.partition(b"\r\n\r\n")
        found = re.search(rb"content-length: *([0-9]+)", head, re.IGNORECASE)
        missing = (int(found[1]) if found else 0) - len(rest)
        received = b"" if missing >= 0 else rest[missing:]
        while missing > 0:
            missing -= len(connection.recv(65_536))
        yield head.split(b" ")[1].decode().lstrip("/"), head
