"""Clients that mean harm: smuggled requests get no answer, a crowd does not stop the sandbox."""

import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

SMUGGLED = b"GET /_sandbox/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
HEAD = b"POST /v2/verify_profiles HTTP/1.1\r\nHost: 127.0.0.1\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
END = b"\r\n0\r\n\r\n"
FORMS = {
    "length and chunks": HEAD + b"Content-Length: 4\r\n" + CHUNKED + END,
    "chunks and length": HEAD + CHUNKED + b"Content-Length: 4\r\n" + END,
    "two lengths": HEAD + b"Content-Length: 0\r\nContent-Length: 45\r\n\r\n",
    "a list of lengths": HEAD + b"Content-Length: 0, 45\r\n\r\n",
    "a signed length": HEAD + b"Content-Length: +5\r\n\r\nhello",
    "a negative length": HEAD + b"Content-Length: -1\r\n\r\n",
    "an unknown coding": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n",
    "two codings": HEAD + CHUNKED + b"Transfer-Encoding: identity\r\n" + END,
    "chunks in HTTP/1.0": HEAD.replace(b"/1.1", b"/1.0") + CHUNKED + END,
    "a blank before the colon": HEAD + b"Content-Length : 5\r\n\r\n",
    "a folded line": HEAD + b"X-A: a\r\n Content-Length: 5\r\n\r\n",
    "a bare carriage return": HEAD + b"X-A: a\rContent-Length: 5\r\n\r\n",
    "a NUL": HEAD + b"X-A: a\0b\r\n\r\n",
    "a bad chunk size": HEAD + CHUNKED + b"\r\n0x5\r\nhello\r\n0\r\n\r\n",
}


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-m", "verify_harness.sandbox"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield "127.0.0.1", int(server.stdout.readline().strip().rpartition(":")[2])
        server.terminate()


@pytest.mark.parametrize("form", FORMS)
def test_an_ambiguous_request_ends_its_connection(address: tuple[str, int], form: str) -> None:
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(FORMS[form] + SMUGGLED)
        answers = b"".join(iter(lambda: connection.recv(65536), b""))  # until it is closed
    statuses = [line[:3] for line in answers.split(b"HTTP/1.1 ")[1:]]
    assert len(statuses) == 1
    assert statuses[0] in {b"400", b"401"}
    assert b"verify-harness/sandbox" not in answers


@pytest.mark.long
def test_ten_thousand_connections_do_not_stop_it(address: tuple[str, int]) -> None:
    """As many as the limit of open files permits; each holds half a request back."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        with ExitStack() as open_:
            for _ in range(min(10_000, hard - 500)):
                connection = open_.enter_context(socket.create_connection(address, timeout=30))
                connection.sendall(b"GET /v2/")
            url = f"http://127.0.0.1:{address[1]}/_sandbox/"
            assert httpx.get(url, timeout=30).status_code == 200
        assert httpx.get(url, timeout=30).status_code == 200
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
