"""No part of a key reaches a file, though the target echoes it in every encoding."""

import base64
import html
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import pytest

from tests.program import Harness

KEYS = {
    "TELNYX_API_KEY": "KEY0191AAAABBBBCCCCDDDDEEEE1234_SeCrEt9988776655",
    "VERIFY_HARNESS_SECOND_API_KEY": "2ndKEYzzzzYYYYxxxxWWWWvvvv5678_OtHeR1122334455",
}
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
        told = {"id": key, "status": key, "phone_number": key, "response_code": key, "name": text}
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
    parts = {key[at : at + WINDOW] for key in KEYS.values() for at in range(len(key) - WINDOW + 1)}
    return {
        (name, part)
        for name, text in texts.items()
        for part in parts
        if part.encode() in text or part[::-1].encode() in text
    }


def _files(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


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
    ended = harness(*command, "--target", echo, **KEYS)

    assert ended.code in (1, 3), ended.err
    told = {"stdout": ended.out.encode(), "stderr": ended.err.encode(), **_files(ended.directory)}
    assert len(told) > 5
    assert _leaks(told) == set()
