"""What the lean client alone promises: kept connections, locust's events, its own time-outs."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.conftest import Ask, asked
from tests.hostile.servers import AwkwardServer
from verify_harness.tracing import trace_id


def _get(name: str, pause_s: float = 0.0) -> tuple[str, str, Any, float]:
    return "GET", name, None, pause_s


def _post(name: str, pause_s: float = 0.0) -> tuple[str, str, Any, float]:
    return "POST", name, {"a": "ü"}, pause_s


def test_the_connection_is_kept(server: AwkwardServer, ask: Ask) -> None:
    outcome = ask(_post("plain"), _get("chunked"), _post("error"), _get("plain"))

    assert server.connections == 1
    assert outcome["health"] == {"connections": 1, "reconnects": 0}


def test_requests_carry_key_length_and_an_id_of_their_own(server: AwkwardServer, ask: Ask) -> None:
    ask(_post("plain"), _get("plain"))

    post, get = (head.decode().split("\r\n") for head in server.heads)
    assert post[0] == "POST /plain HTTP/1.1"
    assert "Content-Length: 10" in post
    assert "Authorization: Bearer KEY-0123456789" in post
    assert ("x-request-id: run-1-load-1" in post, "x-request-id: run-1-load-2" in get) == (1, 1)
    traced = [line for head in (post, get) for line in head if line.startswith("traceparent: ")]
    of_the_set_up = trace_id("run-1", "load set-up")
    assert traced == [f"traceparent: 00-{of_the_set_up}-{n:016x}-01" for n in (1, 2)]
    assert not any(line.startswith("Content-") for line in get)


def test_cookies_are_not_kept(server: AwkwardServer, ask: Ask) -> None:
    ask(_get("cookie"), _get("plain"))

    assert b"cookie:" not in server.heads[1].lower()


def test_a_trigger_is_never_sent_again(server: AwkwardServer, ask: Ask) -> None:
    outcome = ask(_post("plain"), _post("nothing"))

    assert server.requests["nothing"] == 1
    assert outcome["answers"][1]["failure"] == "the connection was closed before an answer"


def test_a_read_on_a_lost_connection_is_sent_once_more(server: AwkwardServer, ask: Ask) -> None:
    outcome = ask(_get("plain"), _get("nothing"))

    assert server.requests["nothing"] == 2
    assert outcome["health"]["reconnects"] == 1


def test_a_connection_that_was_closed_while_idle_is_replaced(
    server: AwkwardServer, ask: Ask
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
        ("huge", {"wire_bytes": 100_000}, "an answer larger than 100000 bytes"),
    ],
)
def test_no_answer_may_take_too_long_or_too_much(
    ask: Ask, name: str, limits: dict[str, float], failure: str
) -> None:
    outcome = ask(_post(name), _post("plain"), limits=limits)

    assert [told["failure"] for told in outcome["answers"]] == [failure, None]


def test_slow_bytes_are_waited_for_as_long_as_some_come(ask: Ask) -> None:
    (told,) = ask(_get("slow"), limits={"read_secs": 0.5})["answers"]

    assert told["status"] == 200


def test_a_closed_port_is_a_failure(server: AwkwardServer) -> None:
    server.close()

    (told,) = asked(server.url, _get("plain"))["answers"]

    assert told["failure"] == "connection refused"


def test_locust_hears_of_every_request_and_of_no_secret(ask: Ask) -> None:
    outcome = ask(_post("plain"), _post("error"), _post("throttled"), _post("nothing"))

    assert [(event["name"], event["exception"]) for event in outcome["events"]] == [
        ("plain", None),
        ("error", "HTTP 500"),
        ("throttled", "HTTP 429"),
        ("nothing", "the connection was closed before an answer"),
    ]
    assert "KEY-0123456789" not in json.dumps(outcome)


def test_tls_is_spoken_and_its_connection_kept(
    tls_server: AwkwardServer, certificate: Path
) -> None:
    names = ["plain", "split", "chunked", "continue"]

    outcome = asked(tls_server.url, *map(_post, names), ca_file=str(certificate))

    assert [told["body"] for told in outcome["answers"]] == ['{"a":1}'] * 4
    assert outcome["health"] == {"connections": 1, "reconnects": 0, "tls_handshakes": 1}


def test_a_certificate_nobody_vouches_for_is_refused(tls_server: AwkwardServer) -> None:
    (told,) = asked(tls_server.url, _post("plain"))["answers"]

    assert told["failure"].startswith("TLS certificate refused")
    assert tls_server.requests["plain"] == 0


def test_a_stalled_answer_over_tls_is_given_up(
    tls_server: AwkwardServer, certificate: Path
) -> None:
    limits = {"read_secs": 0.2}

    (told,) = asked(tls_server.url, _post("stall"), ca_file=str(certificate), limits=limits)[
        "answers"
    ]

    assert told["failure"] == "no byte within 0.2 s"
