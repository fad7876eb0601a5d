"""Messages of all tenants in one list, for tests that know the number and nothing else."""

import threading
import time

import httpx

from tests.sandbox.conftest import Account


def polled(sandbox: str, **query: str) -> httpx.Response:
    return httpx.get(f"{sandbox}/_sandbox/messages", params=query, timeout=30)


def test_messages_to_one_number_are_found(sandbox: str, account: Account) -> None:
    verification = account.trigger()
    number = verification["phone_number"]
    (message,) = polled(sandbox, to=number).json()["messages"]
    assert message["code"] == account.code_of(verification)
    assert message["verification_id"] == verification["id"]
    unencoded = httpx.get(f"{sandbox}/_sandbox/messages?to={number}").json()["messages"]
    assert unencoded == [message]


def test_a_poll_waits_for_a_message(sandbox: str, account: Account) -> None:
    number = "+12025550147"
    later = threading.Timer(0.3, lambda: account.trigger(phone_number=number))
    later.start()
    started = time.monotonic()
    messages = polled(sandbox, to=number, wait_secs="20").json()["messages"]
    assert [message["to"] for message in messages] == [number]
    assert time.monotonic() - started < 15
    later.join()


def test_a_poll_without_a_message_ends(sandbox: str) -> None:
    started = time.monotonic()
    assert polled(sandbox, to="+12025550148", wait_secs="0.3").json() == {"messages": []}
    assert time.monotonic() - started >= 0.3


def test_what_is_no_time_is_refused(sandbox: str) -> None:
    for wrong in ("soon", "-1", "61", "nan"):
        answer = polled(sandbox, to="+12025550148", wait_secs=wrong)
        assert answer.status_code == 400
        assert "wait_secs" in answer.json()["errors"][0]["detail"]
