"""Both clients at one table of awkward answers: read right, bounded, named, the next unharmed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
import pytest

from tests.hostile.conftest import Ask, asked
from tests.hostile.servers import AwkwardServer
from verify_harness.transport import limits
from verify_harness.transport.oddities import SURPLUS, UNASKED, encoded

CLIENTS = ("contract", "lean")
PLAIN = (200, '{"a":1}')
PATIENCE_SECS = 1.5
"""What the answers that drip or stall are given."""
TIME_TO_READ_SECS = 20.0
"""What a client may take to read a megabyte in tiny chunks while other tests run."""
MOST_GROWN_BYTES = 10 * 2**20


@dataclass(frozen=True)
class Row:
    """What has to come of one kind of answer; `failure` is a part of the sentence."""

    name: str
    status: int | None = None
    body: str = ""
    failure: str | None = None
    oddity: str | None = None
    method: str = "GET"


def failed(name: str, sentence: str) -> Row:
    return Row(name, failure=sentence)


DECODED = [
    Row(name, *PLAIN, oddity=encoded(coding))
    for name, coding in (("gzip", "gzip"), ("deflate", "deflate"), ("bare-deflate", "Deflate"))
]
ROWS = [
    *DECODED,
    Row("named-identity", *PLAIN, oddity=encoded("identity")),
    failed("nested-gzip", "Content-Encoding gzip, gzip was never asked for"),
    failed("brotli", "Content-Encoding br was never asked for"),
    failed("not-gzip", "the body is not gzip"),
    failed("cut-gzip", "the encoded body is cut short"),
    Row("two-answers", *PLAIN, oddity=SURPLUS),
    Row("late-second", *PLAIN, oddity=UNASKED),
    Row("short-length", 200, "ok", oddity=SURPLUS),
    Row("body-after-204", 204, oddity=SURPLUS),
    Row("body-after-304", 304, oddity=SURPLUS),
    failed("both-framings", "not HTTP"),
    failed("unknown-framing", "not HTTP"),
    failed("endless-line", ""),
    failed("endless-head", ""),
    failed("endless-interim", "more than 100 interim answers"),
    failed("drip-head", ""),
    failed("drip-lines", ""),
    failed("drip-chunks", ""),
    failed("drip", ""),
    failed("stall", ""),
    Row("interim-100", *PLAIN),
    failed("interim-101", "more than 100 interim answers"),
    Row("lines-200", 200),
    failed("lines-201", "a head of more than 200 lines or 65536 bytes"),
    failed("large-head", ""),
]
WITHOUT_END = ("gzip-bomb", "huge", "endless-body", "endless-chunks", "byte-chunks")
"""What the contract client cuts and the lean client refuses."""


@pytest.fixture(scope="module")
def outcomes() -> Callable[[str], dict[str, Any]]:
    """For a client, what came of each kind of answer and of the plain request after it."""
    return cache(lambda client: _outcomes(client, [row.name for row in ROWS], PATIENCE_SECS))


@pytest.fixture(scope="module")
def endless() -> Callable[[str], dict[str, Any]]:
    """The same for what has no end."""
    return cache(lambda client: _outcomes(client, WITHOUT_END, TIME_TO_READ_SECS))


def _outcomes(client: str, names: Sequence[str], total_secs: float) -> dict[str, Any]:
    server = AwkwardServer()
    requests = [each for name in names for each in (_get(name, 0.15), _get("plain"))]
    told = asked(server.url, *requests, client=client, limits={"total_secs": total_secs})
    server.close()
    pairs = zip(told["answers"][::2], told["answers"][1::2], strict=True)
    return {**told, "by_name": dict(zip(names, pairs, strict=True))}


def _get(name: str, pause_s: float = 0.0) -> tuple[str, str, Any, float]:
    return "GET", name, None, pause_s


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_awkward_answer_is_read_or_refused(
    outcomes: Callable[[str], dict[str, Any]], row: Row, client: str
) -> None:
    told, after = outcomes(client)["by_name"][row.name]

    assert (told["status"], told["body"]) == (row.status, row.body)
    if row.failure is not None:
        assert row.failure in told["failure"]
    assert told["elapsed_s"] < PATIENCE_SECS + 1
    assert (after["status"], after["body"]) == PLAIN  # whatever came before
    if row.oddity is not None:
        assert row.oddity in outcomes(client)["oddities"]


@pytest.mark.parametrize("name", WITHOUT_END)
def test_the_contract_client_cuts_what_has_no_end(
    endless: Callable[[str], dict[str, Any]], name: str
) -> None:
    told, after = endless("contract")["by_name"][name]

    assert (told["status"], told["is_cut"]) == (200, True)
    assert len(told["body"]) <= limits.BODY_BYTES
    assert (after["status"], after["body"]) == PLAIN


@pytest.mark.parametrize("name", WITHOUT_END)
def test_the_lean_client_refuses_what_has_no_end(
    endless: Callable[[str], dict[str, Any]], name: str
) -> None:
    told, after = endless("lean")["by_name"][name]

    assert told["status"] is None
    assert "unpacks to more than" in told["failure"] or "larger than" in told["failure"]
    assert (after["status"], after["body"]) == PLAIN


@pytest.mark.parametrize("client", CLIENTS)
def test_no_answer_takes_much_memory(endless: Callable[[str], dict[str, Any]], client: str) -> None:
    assert endless(client)["grown_bytes"] < MOST_GROWN_BYTES


SAME_AS_HTTPX = [
    *("plain", "split", "chunked", "continue", "hints", "no-content", "empty", "error"),
    *("throttled", "until-close", "says-close", "old", "too-long", "too-short", "half-chunk"),
    *("half-head", "two-lengths", "garbage", "nothing", "redirect", "slow", "cookie"),
]


def _by_httpx(url: str, name: str) -> tuple[int | None, str, str, str]:
    try:
        answer = httpx.get(f"{url}/{name}")
    except httpx.HTTPError:
        return None, "", "", ""
    headers = answer.headers
    told = headers.get("content-type", ""), headers.get("retry-after", "")
    return answer.status_code, answer.text, *told


@pytest.mark.parametrize("client", CLIENTS)
def test_what_is_no_trap_is_read_as_httpx_reads_it(
    server: AwkwardServer, ask: Ask, client: str
) -> None:
    wanted = {name: _by_httpx(server.url, name) for name in SAME_AS_HTTPX}

    requests = (each for name in SAME_AS_HTTPX for each in (_get(name), _get("plain")))
    answers = ask(*requests, client=client)["answers"]

    found = {
        name: (told["status"], told["body"], told["type"], told["retry-after"])
        for name, told in zip(SAME_AS_HTTPX, answers[::2], strict=True)
    }
    assert found == wanted
    assert {(told["status"], told["body"]) for told in answers[1::2]} == {PLAIN}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_server_that_closes_unsaid_after_each_answer_fails_no_request(
    server: AwkwardServer, ask: Ask, client: str
) -> None:
    post = ("POST", "closes-later", {"a": 1}, 0.02)

    answers = ask(*[post] * 40, client=client)["answers"]

    assert [told["failure"] for told in answers] == [None] * 40
    assert server.requests["closes-later"] == 40


@pytest.mark.parametrize("client", CLIENTS)
def test_what_was_written_on_a_lost_connection_is_not_sent_again(
    server: AwkwardServer, ask: Ask, client: str
) -> None:
    post = ("POST", "plain", {"a": 1}, 0.0)

    answers = ask(post, ("POST", "nothing", {"a": 1}, 0.0), post, client=client)["answers"]

    assert answers[1]["failure"] == "the connection was closed before an answer"
    assert server.requests["nothing"] == 1
    assert answers[2]["status"] == 200


@pytest.mark.parametrize("client", CLIENTS)
def test_all_addresses_of_a_name_are_tried_in_order(
    server: AwkwardServer, ask: Ask, client: str
) -> None:
    url = server.url.replace("127.0.0.1", "localhost")

    told = asked(url, _get("plain"), client=client, addresses=[["::1", "127.0.0.3", "127.0.0.1"]])

    assert told["answers"][0]["status"] == 200


@pytest.mark.parametrize("client", CLIENTS)
def test_exactly_the_judged_address_is_dialled_whatever_the_name_leads_to_later(
    client: str,
) -> None:
    judged = AwkwardServer()
    port = int(judged.url.rpartition(":")[2])
    other = AwkwardServer(address=("127.0.0.2", port))
    requests = [_get("says-close"), _get("plain"), ("POST", "says-close", {}, 0.0), _get("plain")]

    told = asked(
        f"http://localhost:{port}",
        *requests,
        client=client,
        addresses=[["127.0.0.1"], *[["127.0.0.2"]] * 5],
    )

    assert [answer["status"] for answer in told["answers"]] == [200] * 4
    assert (judged.connections, other.connections) == (3, 0)
    judged.close()
    other.close()


@pytest.mark.parametrize("client", CLIENTS)
def test_tls_is_verified_by_the_named_authorities(
    tls_server: AwkwardServer, certificate: Any, client: str
) -> None:
    trusted = asked(
        tls_server.url, _get("plain"), _get("split"), client=client, ca_file=str(certificate)
    )
    stranger = asked(tls_server.url, _get("plain"), client=client)

    assert [(told["status"], told["body"]) for told in trusted["answers"]] == [PLAIN] * 2
    assert tls_server.connections == 2  # one of them ended in the handshake
    assert stranger["answers"][0]["failure"].startswith("TLS certificate refused")
    assert sum(tls_server.requests.values()) == 2
