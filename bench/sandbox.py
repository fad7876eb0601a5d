"""Triggers and checks per second of the sandbox: server on core 0, generator on core 1.

Run `.venv/bin/python bench/sandbox.py`; the last line is JSON. The generator writes ready-made
requests to keep-alive loopback sockets and reads nothing but the status, so that it is not the
bottleneck. 20 000 requests of each kind.
"""

import json
import os
import re
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterable

from verify_harness import numbers

REQUESTS = 20_000
CONNECTIONS = 32
KEY = "bench-key-of-nobody"
_ID = re.compile(rb'"id":"([0-9a-f-]{36})"')


def main() -> None:
    """Measure once and print the figures."""
    cores = sorted(os.sched_getaffinity(0))
    command = [sys.executable, "-m", "verify_harness.sandbox", "--key", KEY]
    os.sched_setaffinity(0, cores[:1])
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    os.sched_setaffinity(0, cores[-1:])
    try:
        url = server.stdout.readline() if server.stdout else ""
        print(json.dumps(_measure(int(url.rsplit(":", 1)[1]))))
    finally:
        server.terminate()
        server.wait(5)


def _measure(port: int) -> dict[str, float]:
    profile = _post("/verify_profiles", {"name": "bench", "sms": {}})
    profile_id = _ids(_run(port, [profile])[1])[0]
    triggers = [_trigger(profile_id, index) for index in range(REQUESTS)]
    trigger_per_s, answers = _run(port, triggers)
    checks = [
        _post(f"/verifications/{each}/actions/verify", {"code": "12345"}) for each in _ids(answers)
    ]
    check_per_s, answers = _run(port, checks)
    accepted = sum(b'"accepted"' in answer for answer in answers)
    if accepted != REQUESTS:
        raise SystemExit(f"only {accepted} of {REQUESTS} checks were accepted")
    return {"trigger_per_s": round(trigger_per_s), "check_per_s": round(check_per_s)}


def _trigger(profile_id: str, index: int) -> bytes:
    body = {
        "phone_number": numbers.nth(index),
        "verify_profile_id": profile_id,
        "custom_code": "12345",
        "timeout_secs": 300,
    }
    return _post("/verifications/sms", body)


def _post(path: str, body: object) -> bytes:
    content = json.dumps(body, separators=(",", ":")).encode()
    head = (
        f"POST /v2{path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {KEY}\r\n"
        "accept: application/json\r\nuser-agent: bench\r\ncontent-type: application/json\r\n"
        f"content-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def _ids(answers: Iterable[bytes]) -> list[str]:
    return [found[1].decode() for answer in answers if (found := _ID.search(answer))]


def _run(port: int, requests: list[bytes]) -> tuple[float, list[bytes]]:
    """Requests per second and the answers, in the order they came."""
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
    """One whole answer; anything but 200 ends the measurement."""
    answer = connection.recv(65_536)
    if not answer.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"unexpected answer: {answer[:300]!r}")
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65_536)
    return body


if __name__ == "__main__":
    main()
