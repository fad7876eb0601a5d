"""A target that does not answer: how often it is asked, and when no more."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from verify_harness.catalogue import load
from verify_harness.client import Client
from verify_harness.contract import patience
from verify_harness.contract.check import Check, NoAnswer, running
from verify_harness.contract.patience import OPERATION_PATIENCE, Patience
from verify_harness.exchange import Exchange, Request, Response
from verify_harness.guard import Guard
from verify_harness.targets import Target, Tenant

REQUEST = Request("GET", "http://127.0.0.1:9/")
ANSWER = Exchange(REQUEST, Response(200, (), b"{}"), 20.0, operation_id="Read")
HANG = replace(ANSWER, response=None, failure="ReadTimeout", elapsed_ms=30_000.0)


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
    known = Patience(lambda: True)
    for exchange in (HANG, ANSWER, HANG):
        known.learn(exchange)
    assert known.why_not(REQUEST, "Read", "directed") is None
    known.learn(HANG)
    assert "Read left 2 such requests waiting" in str(known.why_not(REQUEST, "Read", "directed"))
    assert known.why_not(REQUEST, "Read", "set-up") is None
    assert known.why_not(REQUEST, "Other", "directed") is None
    assert known.why_not(replace(REQUEST, method="HEAD"), "Read", "directed") is None


def test_an_account_that_cannot_pay_is_asked_no_more() -> None:
    known = Patience(lambda: True)
    known.learn(replace(ANSWER, response=Response(402, (), b"{}")))
    assert known.why_not(REQUEST, "Other", "directed") == patience.CANNOT_PAY
    assert not known.target_is_there()


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
    known = Patience(lambda: True)
    broken = Request("POST", REQUEST.url, (("Content-Type", media_type),), body)
    for _ in range(OPERATION_PATIENCE):
        known.learn(replace(HANG, request=broken))
    json = (("content-type", "application/json; charset=utf-8"),)
    sound = Request("POST", REQUEST.url, json, b'{"name": "x"}')
    assert known.why_not(sound, "Read", "directed") is None
    known.learn(replace(ANSWER, request=sound))
    assert known.why_not(broken, "Read", "directed") is not None


def test_after_a_hang_the_target_gets_less_time_but_ten_times_its_slowest_answer() -> None:
    known = Patience(lambda: True)
    assert known.wait_secs == patience.ANSWERS_WITHIN_SECS
    known.learn(HANG)
    assert known.wait_secs == patience.AFTERWARDS_SECS
    known.learn(replace(ANSWER, elapsed_ms=900.0))
    assert known.wait_secs == pytest.approx(9.0)


def test_many_hangs_end_the_run_although_other_requests_are_answered() -> None:
    known = Patience(lambda: True)
    for _ in range(patience.HANGS_AT_MOST):
        known.learn(HANG)
        known.learn(ANSWER)
    assert known.why_not(REQUEST, "Other", "directed") == patience.GIVEN_UP
    assert not known.target_is_there()


def test_a_target_that_hangs_gets_no_clean_up_once_it_was_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "ANSWERS_WITHIN_SECS", 0.2)
    monkeypatch.setattr(patience, "RETURNS_WITHIN_SECS", 0.0)
    with hanging() as (url, taken), Client(Guard.for_contract(), run_id="r") as client:
        known = Patience(lambda: False)
        check = _check(url, client, known)
        for _ in range(5):
            check.clean_up.append(lambda: check.send(Request("DELETE", url), "Delete", "set-up"))
        with running(check):
            for _ in range(3):  # as hypothesis does with what failed
                with pytest.raises(NoAnswer):
                    check.send(Request("GET", url), "Read", "directed")
            assert not known.target_is_there()
        assert len(taken) == 1


def test_a_clean_up_that_hangs_is_tried_as_often_as_any_operation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "ANSWERS_WITHIN_SECS", 0.2)
    with hanging() as (url, taken), Client(Guard.for_contract(), run_id="r") as client:
        check = _check(url, client, Patience(lambda: True))
        delete = Request("DELETE", url)
        for _ in range(5):
            check.clean_up.append(lambda: check.send(delete, "DeleteProfile", "set-up"))
        with running(check):
            pass
        assert len(taken) == OPERATION_PATIENCE


def _check(url: str, client: Client, known: Patience) -> Check:
    journal: Any = SimpleNamespace(write=lambda *_, **__: None)
    return Check(
        id="a check",
        seed=1,
        target=Target(url, tenants=(Tenant("KEY_of_a_test"),)),
        client=client,
        journal=cast("Any", journal),
        request_id="r",
        catalogue=load(),
        replay="",
        patience=known,
    )
