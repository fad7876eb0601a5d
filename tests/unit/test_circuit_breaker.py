"""A target that does not answer: how often it is asked, and when no more."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.unit.checks import environment, opened
from verify_harness.client import Client
from verify_harness.contract import circuit_breaker
from verify_harness.contract.check_exceptions import NoAnswer
from verify_harness.contract.circuit_breaker import MAX_HANGS_PER_KIND, CircuitBreaker
from verify_harness.exchange import Exchange, FailureKind, Purpose, Request, Response
from verify_harness.safety.guard import Guard

REQUEST = Request("GET", "http://127.0.0.1:9/")
ANSWER = Exchange(REQUEST, Response(200, (), b"{}"), 20.0, operation_id="Read")
HANG = replace(
    ANSWER,
    response=None,
    failure="ReadTimeout",
    failure_kind=FailureKind.READ_TIMEOUT,
    elapsed_ms=30_000.0,
)


@contextmanager
def hanging() -> Iterator[tuple[str, list[socket.socket]]]:
    """A server that takes every connection and says nothing; its URL and the connections."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def take() -> None:
            while True:
                try:
                    taken.append(listener.accept()[0])
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", taken
        listener.shutdown(socket.SHUT_RDWR)
    for each in taken:
        each.close()


def test_an_operation_that_hangs_twice_in_a_row_is_asked_no_more() -> None:
    known = CircuitBreaker(lambda: True)
    for exchange in (HANG, ANSWER, HANG):
        known.record(exchange)
    assert known.refusal(REQUEST, "Read", Purpose.DIRECTED) is None
    known.record(HANG)
    assert "Read left 2 such requests waiting" in str(
        known.refusal(REQUEST, "Read", Purpose.DIRECTED)
    )
    assert known.refusal(REQUEST, "Read", Purpose.SET_UP) is None
    assert known.refusal(REQUEST, "Other", Purpose.DIRECTED) is None
    assert known.refusal(replace(REQUEST, method="HEAD"), "Read", Purpose.DIRECTED) is None


@pytest.mark.parametrize(
    "media_type, body",
    [
        ("application/json", b'{"name": '),
        ("application/json", b'{"name": NaN}'),
        ("application/json", b'{"name": "\xff"}'),
        ("application/json", b""),
        ("text/plain", b"{}"),
    ],
)
def test_hanging_on_a_body_that_cannot_be_read_says_nothing_about_the_others(
    media_type: str, body: bytes
) -> None:
    known = CircuitBreaker(lambda: True)
    broken = Request("POST", REQUEST.url, (("Content-Type", media_type),), body)
    for _ in range(MAX_HANGS_PER_KIND):
        known.record(replace(HANG, request=broken))
    json = (("content-type", "application/json; charset=utf-8"),)
    sound = Request("POST", REQUEST.url, json, b'{"name": "x"}')
    assert known.refusal(sound, "Read", Purpose.DIRECTED) is None
    known.record(replace(ANSWER, request=sound))
    assert known.refusal(broken, "Read", Purpose.DIRECTED) is not None


def test_after_a_hang_the_target_gets_less_time_but_ten_times_its_slowest_answer() -> None:
    known = CircuitBreaker(lambda: True)
    assert known.wait_secs == circuit_breaker.RESPONSE_TIMEOUT_SECS
    known.record(HANG)
    assert known.wait_secs == circuit_breaker.SHORTENED_TIMEOUT_SECS
    known.record(replace(ANSWER, elapsed_ms=900.0))
    assert known.wait_secs == pytest.approx(9.0)


def test_many_hangs_end_the_run_although_other_requests_are_answered() -> None:
    known = CircuitBreaker(lambda: True)
    for _ in range(circuit_breaker.MAX_HANGS):
        known.record(HANG)
        known.record(ANSWER)
    assert known.refusal(REQUEST, "Other", Purpose.DIRECTED) == circuit_breaker.GIVEN_UP
    assert not known.target_responds()


def test_a_target_that_hangs_gets_no_clean_up_once_it_was_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(circuit_breaker, "RESPONSE_TIMEOUT_SECS", 0.2)
    monkeypatch.setattr(circuit_breaker, "MAX_OUTAGE_SECS", 0.0)
    with hanging() as (url, taken), Client(Guard.for_contract(), run_id="r") as client:
        known = CircuitBreaker(lambda: False)
        delete = Request("DELETE", url)
        with opened(environment(url, breaker=known, client=client)) as check:
            for _ in range(5):
                check.clean_up.append(lambda: check.send(delete, "Delete", Purpose.SET_UP))
            for _ in range(3):  # as hypothesis does with what failed
                with pytest.raises(NoAnswer):
                    check.send(Request("GET", url), "Read", Purpose.DIRECTED)
            assert not known.target_responds()
        assert len(taken) == 1


def test_a_clean_up_that_hangs_is_tried_as_often_as_any_operation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(circuit_breaker, "RESPONSE_TIMEOUT_SECS", 0.2)
    with hanging() as (url, taken), Client(Guard.for_contract(), run_id="r") as client:
        delete = Request("DELETE", url)
        with opened(environment(url, client=client)) as check:
            for _ in range(5):
                check.clean_up.append(lambda: check.send(delete, "DeleteProfile", Purpose.SET_UP))
        assert len(taken) == MAX_HANGS_PER_KIND


def test_an_account_that_cannot_pay_gets_no_more_requests() -> None:
    breaker = CircuitBreaker(lambda: True)
    breaker.record(replace(ANSWER, response=Response(402, (), b"{}")))
    assert breaker.refusal(REQUEST, "Other", Purpose.DIRECTED) == circuit_breaker.CANNOT_PAY
    assert not breaker.target_responds()
