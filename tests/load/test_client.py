"""The lean client, side by side with httpx against the same awkward server."""

import json
import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.load.awkward import AwkwardServer

PROGRAM = Path(__file__).parent / "lean_requests.py"
SAME_AS_HTTPX = [
    *("plain", "split", "chunked", "continue", "hints", "no-content", "empty", "error"),
    *("throttled", "until-close", "says-close", "old", "too-long", "too-short", "half-chunk"),
    *("half-head", "two-lengths", "garbage", "nothing", "redirect", "slow"),
]
Requests = list[tuple[str, str, Any, float]]
Outcome = dict[str, Any]


@pytest.fixture
def server() -> Iterator[AwkwardServer]:
    awkward = AwkwardServer()
    yield awkward
    awkward.close()


def _ask(url: str, requests: Requests, trusted: Path | None = None, **more: Any) -> Outcome:
    """Make the requests, one after the other, with a client in a process of its own."""
    environment = {**os.environ, **({"SSL_CERT_FILE": str(trusted)} if trusted else {})}
    asked = {"url": url, "requests": requests, **more}
    ended = subprocess.run(
        [sys.executable, str(PROGRAM)],
        env=environment,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert ended.returncode == 0, ended.stderr
    outcome: Outcome = json.loads(ended.stdout)
    return outcome


@pytest.fixture
def ask(server: AwkwardServer) -> Callable[..., Outcome]:
    return lambda *requests, **more: _ask(server.url, list(requests), **more)


def _get(name: str, pause_s: float = 0.0) -> tuple[str, str, Any, float]:
    return "GET", name, None, pause_s


def _post(name: str, pause_s: float = 0.0) -> tuple[str, str, Any, float]:
    return "POST", name, {"a": "ü"}, pause_s


def _by_httpx(url: str, name: str) -> tuple[int | None, str, str, str]:
    try:
        answer = httpx.get(f"{url}/{name}")
    except httpx.HTTPError:
        return None, "", "", ""
    headers = answer.headers
    told = headers.get("content-type", ""), headers.get("retry-after", "")
    return answer.status_code, answer.text, *told


@pytest.mark.parametrize("client", ["lean", "fasthttp"])
def test_every_awkward_answer_is_read_as_httpx_reads_it(
    server: AwkwardServer, ask: Callable[..., Outcome], client: str
) -> None:
    names = [name for name in SAME_AS_HTTPX if client == "lean" or name not in FAST_DIFFERS]
    wanted = {name: _by_httpx(server.url, name) for name in names}

    answers = ask(*map(_get, names), client=client)["answers"]

    found = {
        name: (told["status"], told["body"], told["type"], told["retry-after"])
        for name, told in zip(names, answers, strict=True)
    }
    assert found == wanted
    assert [told["failure"] is None for told in answers] == [
        wanted[name][0] in {200, 204, 429} for name in names
    ]


FAST_DIFFERS = {"until-close", "too-long", "two-lengths", "redirect", "half-chunk", "too-short"}
"""Where locust's own client reads another answer than httpx does, even a cut-off one as whole."""


def test_an_awkward_answer_never_leaks_into_the_next_one(ask: Callable[..., Outcome]) -> None:
    answers = ask(*(each for name in SAME_AS_HTTPX for each in (_get(name), _get("plain"))))

    for told in answers["answers"][1::2]:
        assert (told["status"], told["body"]) == (200, '{"a":1}')


def test_the_connection_is_kept(server: AwkwardServer, ask: Callable[..., Outcome]) -> None:
    outcome = ask(_post("plain"), _get("chunked"), _post("error"), _get("plain"))

    assert server.connections == 1
    assert outcome["health"] == {"connections": 1, "reconnects": 0}


def test_requests_carry_key_length_and_an_id_of_their_own(
    server: AwkwardServer, ask: Callable[..., Outcome]
) -> None:
    ask(_post("plain"), _get("plain"))

    post, get = (head.decode().split("\r\n") for head in server.heads)
    assert post[0] == "POST /plain HTTP/1.1"
    assert "Content-Length: 10" in post
    assert "Authorization: Bearer KEY-0123456789" in post
    assert ("x-request-id: run-1-load-1" in post, "x-request-id: run-1-load-2" in get) == (1, 1)
    assert not any(line.startswith("Content-") for line in get)


def test_cookies_are_not_kept(server: AwkwardServer, ask: Callable[..., Outcome]) -> None:
    ask(_get("cookie"), _get("plain"))

    assert b"cookie:" not in server.heads[1].lower()


def test_a_trigger_is_never_sent_again(server: AwkwardServer, ask: Callable[..., Outcome]) -> None:
    outcome = ask(_post("plain"), _post("nothing"))

    assert server.requests["nothing"] == 1
    assert outcome["answers"][1]["failure"] == "the connection was closed before an answer"


def test_a_read_on_a_lost_connection_is_sent_once_more(
    server: AwkwardServer, ask: Callable[..., Outcome]
) -> None:
    outcome = ask(_get("plain"), _get("nothing"))

    assert server.requests["nothing"] == 2
    assert outcome["health"]["reconnects"] == 1


def test_a_connection_that_was_closed_while_idle_is_replaced(
    server: AwkwardServer, ask: Callable[..., Outcome]
) -> None:
    outcome = ask(_post("closes-later", pause_s=0.7), _post("plain"))

    assert outcome["answers"][1]["status"] == 200
    assert outcome["health"] == {"connections": 2, "reconnects": 1}
    assert server.requests["plain"] == 1


@pytest.mark.parametrize(
    "name, limits, failure",
    [
        ("stall", {"read_secs": 0.2}, "no byte within 0.2 s"),
        ("drip", {"total_secs": 0.3}, "not complete within 0.3 s"),
        ("huge", {"answer_bytes": 100_000}, "an answer larger than 100000 bytes"),
    ],
)
def test_no_answer_may_take_too_long_or_too_much(
    ask: Callable[..., Outcome], name: str, limits: dict[str, float], failure: str
) -> None:
    outcome = ask(_post(name), _post("plain"), limits=limits)

    assert [told["failure"] for told in outcome["answers"]] == [failure, None]


def test_slow_bytes_are_waited_for_as_long_as_some_come(ask: Callable[..., Outcome]) -> None:
    (told,) = ask(_get("slow"), limits={"read_secs": 0.5})["answers"]

    assert told["status"] == 200


def test_a_closed_port_is_a_failure(server: AwkwardServer) -> None:
    server.close()

    (told,) = _ask(server.url, [_get("plain")])["answers"]

    assert told["failure"] == "connection refused"


def test_locust_hears_of_every_request_and_of_no_secret(ask: Callable[..., Outcome]) -> None:
    outcome = ask(_post("plain"), _post("error"), _post("throttled"), _post("nothing"))

    assert [(event["name"], event["exception"]) for event in outcome["events"]] == [
        ("plain", None),
        ("error", "HTTP 500"),
        ("throttled", "HTTP 429"),
        ("nothing", "the connection was closed before an answer"),
    ]
    assert "KEY-0123456789" not in json.dumps(outcome)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificate and key of 127.0.0.1 in one file, signed by itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    key = path.with_name("key.pem")
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, "-keyout", key, "-out", path], check=True, capture_output=True)
    path.write_text(path.read_text() + key.read_text())
    return path


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[AwkwardServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    awkward = AwkwardServer(context)
    yield awkward
    awkward.close()


def test_tls_is_spoken_and_its_connection_kept(
    tls_server: AwkwardServer, certificate: Path
) -> None:
    names = ["plain", "split", "chunked", "continue"]

    outcome = _ask(tls_server.url, [_post(name) for name in names], trusted=certificate)

    assert [told["body"] for told in outcome["answers"]] == ['{"a":1}'] * 4
    assert outcome["health"]["connections"] == 1


def test_a_certificate_nobody_vouches_for_is_refused(tls_server: AwkwardServer) -> None:
    (told,) = _ask(tls_server.url, [_post("plain")])["answers"]

    assert told["failure"].startswith("TLS certificate refused")
    assert tls_server.requests["plain"] == 0


def test_a_stalled_answer_over_tls_is_given_up(
    tls_server: AwkwardServer, certificate: Path
) -> None:
    limits = {"read_secs": 0.2}

    (told,) = _ask(tls_server.url, [_post("stall")], trusted=certificate, limits=limits)["answers"]

    assert told["failure"] == "no byte within 0.2 s"
