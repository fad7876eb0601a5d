"""A server of raw sockets that answers as servers should not, or only just may."""

import contextlib
import re
import socket
import ssl
import threading
import time
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


def _drip(connection: socket.socket) -> bool:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        connection.sendall(b"x")
        time.sleep(0.02)
    return False


def _stall(connection: socket.socket) -> bool:
    connection.recv(1)  # until the client gives up
    return False


def _each_byte(text: bytes) -> list[bytes]:
    return [text[at : at + 1] for at in range(len(text))]


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
    "drip": _drip,
    "huge": _bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 9_000_000),
    "closes-later": _bytes(PLAIN, keep=False),
}


class AwkwardServer:
    """Answers `/<name>` as `ANSWERS` says; counts connections, and requests by name."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._listener.getsockname()[1]}"
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
