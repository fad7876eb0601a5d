"""Targets that are no Verify API at all: a verdict in good time, never a traceback."""

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.program import Harness

KEY = {"TELNYX_API_KEY": "KEY_of_the_user_0123456789"}
RUN = ["contract", "run", "--jobs", "1"]
JUDGED = ("VFY-CODE-001", "VFY-CODE-004", "VFY-LIST-002", "VFY-AUTH-001")
"""Rules about codes, lists and keys: what says yes to everything keeps none of them."""


@contextmanager
def target(
    status: int,
    body: bytes,
    *,
    media_type: str = "application/json",
    hangs_after: int | None = None,
) -> Iterator[str]:
    """A server that answers everything alike, and from some request on nothing."""
    served = 0

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            nonlocal served
            served += 1
            if hangs_after is not None and served > hangs_after:
                time.sleep(0.2)
                self.close_connection = True
                return
            self.rfile.read(int(self.headers.get("content-length") or 0))
            self.send_response(status)
            self.send_header("content-type", media_type)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = answer  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v2"
        server.shutdown()


def test_a_server_that_says_ok_to_everything_passes_nothing_that_counts(harness: Harness) -> None:
    with target(200, b"{}") as url:
        ended = harness(*RUN, *JUDGED, "--target", url, **KEY)
    assert ended.code == 1, ended.err
    statuses = {entry["id"]: entry["status"] for entry in ended.run_json["requirements"]}
    needs_levers = {name for name, status in statuses.items() if status == "skip"}
    assert "VFY-CODE-004" not in needs_levers
    assert set(JUDGED) <= {name for name, status in statuses.items() if status == "fail"}
    assert "pass" not in {statuses[name] for name in statuses if name.startswith("VFY-CODE")}
    assert "Traceback" not in ended.err


def test_a_server_that_fails_at_everything_is_judged(harness: Harness) -> None:
    with target(500, b'{"errors": []}') as url:
        ended = harness(*RUN, "VFY-CODE-001", "VFY-ERR-001", "--target", url, **KEY)
    assert ended.code == 1, ended.err
    assert ended.status("VFY-ERR-001") == "fail"
    assert "Traceback" not in ended.err


def test_a_target_that_stops_answering_ends_the_run_early(harness: Harness) -> None:
    with target(200, b"{}", hangs_after=4) as url:
        ended = harness(*RUN, "VFY-CODE-001", "--target", url, **KEY)
    assert ended.code in {1, 3}
    reasons = [entry["reason"] or "" for entry in ended.run_json["requirements"]]
    assert any("stopped answering" in reason for reason in reasons)
    assert "Traceback" not in ended.err


def test_a_target_that_refuses_the_key_is_no_verdict(harness: Harness) -> None:
    with target(401, b'{"errors": [{"code": "10009", "title": "Authentication failed"}]}') as url:
        ended = harness("smoke", "--target", url, **KEY)
    assert ended.code == 3
    assert "refuses the key" in ended.err
    assert "TELNYX_API_KEY" in ended.err


def test_a_firewall_before_the_target_gives_no_verdict(harness: Harness) -> None:
    with target(403, b"<html>Access denied</html>", media_type="text/html") as url:
        ended = harness("smoke", "--target", url, **KEY)
    assert ended.code == 3
    assert "a proxy or firewall answers" in ended.err


@pytest.mark.parametrize("body", [b"<html>hello</html>", b"\xff\xfe", b"[" * 5000])
def test_bodies_that_are_no_json_are_judged(harness: Harness, body: bytes) -> None:
    with target(200, body) as url:
        ended = harness("smoke", "--target", url, **KEY)
    assert ended.code == 1, ended.err
    assert "Traceback" not in ended.err
