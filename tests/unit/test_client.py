"""The client: bounded in time and size, and it never goes where the guard does not let it."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from verify_harness.client import Client
from verify_harness.errors import HostNotAllowed
from verify_harness.exchange import FailureKind, Request
from verify_harness.safety.guard import Guard
from verify_harness.transport.limits import BODY_BYTES

Talk = Callable[[socket.socket], None]


@contextmanager
def server(talk: Talk) -> Iterator[str]:
    """A TCP server that answers each connection with `talk`; yields its URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)
    stop = threading.Event()

    def accept() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    talk(connection)
                except OSError:
                    continue

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)  # wakes the accept; a close alone does not
        listener.close()
        thread.join(5)


def client(total_timeout_secs: float = 1.0) -> Client:
    return Client(Guard.for_contract(), run_id="t", total_timeout_secs=total_timeout_secs)


def answering(*parts: bytes) -> Talk:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        for part in parts:
            connection.sendall(part)

    return talk


def dripping(first: bytes, drop: bytes) -> Talk:
    """Send something, then one drop every 50 ms until nobody listens."""

    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(first)
        for _ in range(200):
            connection.sendall(drop)
            time.sleep(0.05)

    return talk


@pytest.mark.parametrize(
    "first",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Endless: "],
    ids=["body", "headers"],
)
def test_a_dripping_answer_ends_at_the_deadline(first: bytes) -> None:
    with server(dripping(first, b"x")) as url, client(total_timeout_secs=0.5) as http:
        exchange = http.send(Request("GET", url))
    assert exchange.response is None
    assert exchange.failure_kind is FailureKind.DEADLINE
    assert exchange.elapsed_ms < 5_000


def test_a_silent_server_ends_at_the_deadline() -> None:
    with server(lambda _: time.sleep(2)) as url, client(total_timeout_secs=0.3) as http:
        exchange = http.send(Request("GET", url))
    assert exchange.timed_out


def test_a_huge_body_is_cut_at_the_cap() -> None:
    body = b"x" * (BODY_BYTES + 4096)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    with server(answering(head, body)) as url, client() as http:
        response = http.send(Request("GET", url)).response
    assert response is not None
    assert response.truncated
    assert len(response.body) == BODY_BYTES


def test_a_small_body_that_unpacks_to_a_huge_one_is_cut_too() -> None:
    body = gzip.compress(b"0" * (8 * BODY_BYTES))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    with server(answering(head, body)) as url, client() as http:
        response = http.send(Request("GET", url)).response
    assert response is not None
    assert response.truncated


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    away = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with server(answering(away)) as url, client() as http:
        exchange = http.send(Request("GET", url))
    assert exchange.status == 302


def test_a_broken_off_answer_is_a_failure_with_a_cause() -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"
    with server(answering(cut)) as url, client() as http:
        exchange = http.send(Request("GET", url))
    assert exchange.response is None
    assert exchange.failure_kind is FailureKind.PROTOCOL_ERROR


def test_a_trigger_is_sent_once_even_if_the_connection_breaks() -> None:
    heard: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        heard.append(connection.recv(65536))

    with server(talk) as url, client() as http:
        exchange = http.send(Request("POST", url, (("Content-Type", "application/json"),), b"{}"))
    assert exchange.failure
    assert len(heard) == 1


def test_a_dead_port_is_a_failure_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with client() as http:
        exchange = http.send(Request("GET", f"http://127.0.0.1:{port}"))
    assert exchange.failure == "connection refused"
    assert exchange.failure_kind is FailureKind.CONNECT_ERROR
    assert not exchange.timed_out


def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    done = b"HTTP/1.1 204 No Content\r\n\r\n"
    with server(answering(done)) as url, client() as http:
        assert http.send(Request("GET", url)).status == 204


def test_nothing_is_sent_where_the_guard_says_no() -> None:
    with client() as http, pytest.raises(HostNotAllowed):
        http.send(Request("GET", "https://staging.example/v2"))


def test_every_request_names_the_harness_and_its_run() -> None:
    heard: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        heard.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with server(talk) as url, client() as http:
        http.send(Request("GET", url))
    assert b"User-Agent: verify-harness/" in heard[0]
    assert b" run/t\r\n" in heard[0]
