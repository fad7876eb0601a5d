"""No part of a key, foreign number or code reaches a file or a command line.

The target echoes the key in every encoding, and tells a number and a code that are somebody's.
"""

import base64
import html
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote

import pytest

from tests.program import Harness

KEYS = {
    "TELNYX_API_KEY": "KEY0191AAAABBBBCCCCDDDDEEEE1234_SeCrEt9988776655",
    "VERIFY_HARNESS_SECOND_API_KEY": "2ndKEYzzzzYYYYxxxxWWWWvvvv5678_OtHeR1122334455",
}
NUMBER, CODE = "4917098265431", "9081726354"
"""Somebody's, as the target tells them; not reserved, so they are replaced as well."""
WINDOW = 8


def _spellings(key: str) -> Iterator[str]:
    yield from (key, quote(key), html.escape(key), key[::-1], key.encode().hex(), key.swapcase())
    yield from (base64.b64encode(b"x" * offset + key.encode()).decode() for offset in range(3))
    yield from (f"{key[:19]}...{key[-13:]}", "".join(f"\\u{ord(each):04x}" for each in key))
    yield "x" * (16 * 1024 - 20) + key


class _Echo(BaseHTTPRequestHandler):
    """Answers everything with the credentials that it was sent."""

    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        key = self.headers.get("authorization", "").removeprefix("Bearer ")
        text = " ".join(_spellings(key))
        told = {"id": key, "status": key, "phone_number": f"+{NUMBER}", "response_code": key}
        told |= {"name": text, "code": CODE, "from": f"tel:+{NUMBER}"}
        body = json.dumps({"data": told, "meta": text, key: key}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.send_header("x-echo", key[:40])
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_DELETE = do_HEAD = do_PUT = do_OPTIONS = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def echo() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v2"
    server.shutdown()
    server.server_close()


def _leaks(texts: dict[str, bytes]) -> set[tuple[str, str]]:
    """Where a part of a key stands, and which part."""
    secrets = (*KEYS.values(), NUMBER, CODE)
    parts = {key[at : at + WINDOW] for key in secrets for at in range(len(key) - WINDOW + 1)}
    return {
        (name, part)
        for name, text in texts.items()
        for part in parts
        if part.encode() in text or part[::-1].encode() in text
    }


def _files(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


@contextmanager
def _watched() -> Iterator[set[bytes]]:
    """Every command line of a process of this user, while something runs.

    A process has several: its parent's until it is executed, and an empty one once it has ended.
    """
    seen: set[bytes] = set()
    is_over = Event()

    def watch() -> None:
        while not is_over.wait(0.05):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                with suppress(OSError):
                    seen.add(path.read_bytes())

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        is_over.set()
        watcher.join()


@pytest.mark.parametrize(
    "command",
    [
        ("contract", "run", "AUTH", "VFY-PROF-002", "VFY-CODE-004"),
        ("smoke",),
        ("load", "run", "smoke"),
    ],
    ids=["contract", "smoke", "load"],
)
def test_no_part_of_a_key_is_written(harness: Harness, echo: str, command: tuple[str, ...]) -> None:
    with _watched() as command_lines:
        ended = harness(*command, "--target", echo, **KEYS)

    assert ended.code in (1, 3), ended.err
    assert any(b"--task" in each or b"locust" in each for each in command_lines), "no child seen"
    told = {f"argv {at}": each for at, each in enumerate(command_lines)}
    told |= {"stdout": ended.out.encode(), "stderr": ended.err.encode(), **_files(ended.directory)}
    assert _leaks(told) == set()


def test_no_part_of_a_key_is_written_by_what_reads_a_run(harness: Harness, echo: str) -> None:
    first = harness("contract", "run", "VFY-CODE-004", "--target", echo, **KEYS)
    run = first.directory.with_name("first")
    first.directory.rename(run)
    told: dict[str, bytes] = {}
    for command in (
        ("replay", str(run), "--target", echo),
        ("report", str(run)),
        ("spec", "coverage", str(run)),
        ("doctor", "--target", echo),
        ("prove", "--fault", "code-works-twice", "--target", echo),
    ):
        written = command[0] in {"replay", "prove"}
        ended = harness(*command, output=written, **KEYS)
        told |= {f"{command[0]} out": ended.out.encode(), f"{command[0]} err": ended.err.encode()}
        told |= {f"{command[0]}: {name}": text for name, text in _files(ended.directory).items()}
        if ended.directory.exists():
            shutil.rmtree(ended.directory)
    told |= _files(run)
    assert len(told) >= 12
    assert _leaks(told) == set()
