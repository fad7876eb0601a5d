"""Ready-made HTTP requests over keep-alive loopback sockets, as fast as one core sends them.

It reads nothing but the status and the length of an answer, so that it is not the bottleneck.
"""

import json
import os
import re
import selectors
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from verify_harness import phone_numbers

CONNECTIONS = 32
KEY = "bench-key-of-nobody"
CODE = "12345"
PROFILE_BODY = {"name": "bench", "sms": {}}
_ID = re.compile(rb'"id":"([0-9a-f-]{36})"')


@contextmanager
def server(command: list[str], **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A server on the first core, for the length of a `with`; this process goes to the last."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])
    pipe = subprocess.PIPE
    settings = {**os.environ, **environment}
    process = subprocess.Popen(command, stdout=pipe, text=True, env=settings)
    os.sched_setaffinity(0, cores[-1:])
    try:
        yield process
    finally:
        os.sched_setaffinity(0, cores)
        process.terminate()
        process.wait(10)


def port_announced(process: subprocess.Popen[str]) -> int:
    """The port in the URL that a sandbox prints first."""
    line = process.stdout.readline() if process.stdout else ""
    found = re.search(r":(\d+)", line)
    if not found:
        raise SystemExit(f"the server did not start: {line!r}")
    return int(found[1])


def trigger(profile_id: str, index: int, *, base: str = "/v2") -> bytes:
    """A request that sends a code to the number of this index."""
    body = {
        "phone_number": phone_numbers.nth(index),
        "verify_profile_id": profile_id,
        "custom_code": CODE,
        "timeout_secs": 300,
    }
    return post(f"{base}/verifications/sms", body)


def post(path: str, body: Mapping[str, object]) -> bytes:
    """A whole request, with the bench's key."""
    content = json.dumps(body, separators=(",", ":")).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {KEY}\r\n"
        "accept: application/json\r\nuser-agent: bench\r\ncontent-type: application/json\r\n"
        f"content-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def ids(answers: Iterable[bytes]) -> list[str]:
    """The id of each answered object."""
    return [found[1].decode() for answer in answers if (found := _ID.search(answer))]


def send(port: int, requests: Iterable[bytes]) -> tuple[float, list[bytes]]:
    """Requests per second and the answers, in the order they came.

    Anything but 200 ends the program.
    """
    waiting = iter(requests)
    answers: list[bytes] = []
    selector = selectors.DefaultSelector()
    for request in (next(waiting, None) for _ in range(CONNECTIONS)):
        if request is not None:
            connection = socket.create_connection(("127.0.0.1", port))
            selector.register(connection, selectors.EVENT_READ, connection)
            connection.sendall(request)
    started = time.perf_counter()
    while selector.get_map():
        for key, _ in selector.select(10):
            connection = key.data
            answers.append(_answer(connection))
            if request := next(waiting, None):
                connection.sendall(request)
            else:
                selector.unregister(connection)
                connection.close()
    return len(answers) / (time.perf_counter() - started), answers


def _answer(connection: socket.socket) -> bytes:
    answer = connection.recv(65_536)
    if not answer.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"unexpected answer: {answer[:300]!r}")
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65_536)
    return body
