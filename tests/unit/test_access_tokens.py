"""Access tokens: asked for once, renewed before they end, never said."""

import base64
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
import pytest

from tests.program import Harness
from tests.targets.conftest import KEYS, serving
from verify_harness.access_tokens import fresh
from verify_harness.cli import cli
from verify_harness.client import Client
from verify_harness.errors import HostNotAllowed, NoVerdict, UsageError
from verify_harness.keys import Keys, read_keys
from verify_harness.run.life import Run, conduct
from verify_harness.run.plan import RunPlan
from verify_harness.safety.guard import Guard

CREDENTIALS = {"TELNYX_CLIENT_ID": "client-0123456789", "TELNYX_CLIENT_SECRET": "s3cret-9876543210"}
TOKEN = KEYS["TELNYX_API_KEY"]


class TokenServer:
    """Gives tokens at any path; `answer` is what it says."""

    def __init__(self) -> None:
        self.answer: tuple[int, Any] = (200, {"access_token": TOKEN, "expires_in": 3600})
        self.asked: list[tuple[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                outer.asked.append((self.headers["authorization"], body))
                status, document = outer.answer
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(document).encode())

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[TokenServer]:
    started = TokenServer()
    yield started
    started.close()


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(Guard.for_contract(), run_id="r") as opened:
        yield opened


def keys(**changes: Any) -> Keys:
    found = read_keys(None, CREDENTIALS)
    assert found.oauth is not None
    return msgspec.structs.replace(found, oauth=msgspec.structs.replace(found.oauth, **changes))


def test_a_token_is_asked_for_with_the_credentials(client: Client, server: TokenServer) -> None:
    got = fresh(client, keys(), f"{server.url}/v2")
    assert got.first == TOKEN
    basic = base64.b64encode(":".join(CREDENTIALS.values()).encode()).decode()
    assert server.asked == [(f"Basic {basic}", "grant_type=client_credentials")]
    assert got.fingerprint == keys().fingerprint
    assert got.secrets[CREDENTIALS["TELNYX_CLIENT_SECRET"]] == "$TELNYX_CLIENT_SECRET"
    assert not any(secret in repr(got) for secret in got.secrets)


@pytest.mark.parametrize(
    "expires_in, secs", [(3600, 3480), (240, 120), (200, 100), (2, 1), (-5, -2.5)]
)
def test_a_token_is_renewed_before_it_ends(
    client: Client, server: TokenServer, expires_in: float, secs: float
) -> None:
    server.answer = (200, {"access_token": TOKEN, "expires_in": expires_in})
    got = fresh(client, keys(), server.url)
    assert got.oauth is not None
    assert got.oauth.renew_at == pytest.approx(time.monotonic() + secs, abs=1)


def test_a_token_that_is_still_good_is_kept(client: Client, server: TokenServer) -> None:
    first = fresh(client, keys(), server.url)
    assert fresh(client, first, server.url) is first
    old = msgspec.structs.replace(first, oauth=keys(renew_at=time.monotonic() - 1).oauth)
    server.answer = (200, {"access_token": "another-token-0123"})
    assert fresh(client, old, server.url).first == "another-token-0123"
    assert len(server.asked) == 2


def test_an_api_key_needs_no_token(client: Client) -> None:
    plain = Keys("KEY0123456789")
    assert fresh(client, plain, "http://127.0.0.1:1") is plain


@pytest.mark.parametrize(
    "answer, said",
    [
        ((401, {}), "status 401"),
        ((200, {"token": TOKEN}), "without an access token"),
        ((200, {"access_token": "short"}), "shorter than 8"),
        ((200, {"access_token": f"{TOKEN} x"}), "white space"),
    ],
)
def test_what_is_no_token_is_no_verdict(
    client: Client, server: TokenServer, answer: tuple[int, Any], said: str
) -> None:
    server.answer = answer
    with pytest.raises(NoVerdict, match=said) as refused:
        fresh(client, keys(), server.url)
    assert TOKEN not in f"{refused.value}{refused.value.hint}"


def test_no_answer_is_no_verdict(client: Client) -> None:
    with pytest.raises(NoVerdict, match="gives no access token: connection refused"):
        fresh(client, keys(), "http://127.0.0.1:1")


def test_the_guard_judges_the_token_url(client: Client) -> None:
    elsewhere = {"token_url": "https://idp.example/token"}
    with pytest.raises(HostNotAllowed):
        fresh(client, keys(**elsewhere), "http://127.0.0.1:1")


def test_children_get_the_token_and_what_renews_it() -> None:
    told = msgspec.structs.replace(keys(renew_at=1234.5), first=TOKEN)
    assert read_keys(None, told.environment) == told


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with serving() as url:
        yield url


def test_a_run_renews_its_token_between_checks(
    harness: Harness, server: TokenServer, service: str
) -> None:
    server.answer = (200, {"access_token": TOKEN, "expires_in": 0.05})
    options = ("--level", "smoke", "--jobs", "1", "--token-url", f"{server.url}/t")
    ended = harness("contract", "run", "AUTH", *options, "--target", service, **CREDENTIALS)
    assert ended.code == 0, ended.out + ended.err
    assert len(server.asked) > 2
    written = b"".join(path.read_bytes() for path in ended.directory.iterdir())
    secrets = (TOKEN, CREDENTIALS["TELNYX_CLIENT_SECRET"])
    assert not any(secret.encode() in written for secret in secrets)


def test_a_load_that_outlives_its_token_is_not_begun(
    server: TokenServer, service: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server.answer = (200, {"access_token": TOKEN, "expires_in": 5})
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TELNYX_API_KEY", raising=False)
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    arguments = ["load", "run", "smoke", "--target", service, "--token-url", server.url]
    with pytest.raises(UsageError, match="longer than the access token is good"):
        cli(arguments, "verify-harness", standalone_mode=False)


def test_a_crash_does_not_say_the_token(server: TokenServer, service: str, tmp_path: Path) -> None:
    def crash(run: Run) -> None:
        raise RuntimeError(run.plan.keys.first)

    found = keys(token_url=server.url)
    plan = RunPlan(command="smoke", target=service, keys=found, output=tmp_path / "run")
    ended = conduct(plan, crash)
    assert (ended.exit_code, "$TELNYX_API_KEY" in str(ended.reason)) == (5, True)
    written = "".join(path.read_text() for path in ended.directory.iterdir())
    assert TOKEN not in f"{ended.reason}{written}"
