"""The tests' own guard: what leaves this machine is seen, and refused."""

import socket
from contextlib import suppress

import pytest

from tests import loopback_only
from verify_harness.safety.name_resolution import system_addresses


@pytest.mark.parametrize("address", [("192.0.2.99", 9), ("2001:db8::99", 9)])
def test_a_connection_that_leaves_the_machine_fails_its_test(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as plain, pytest.raises(loopback_only.LeftTheMachine):
        plain.connect(address)
    _was_seen(f"socket.connect {address[0]}:9")


@pytest.mark.parametrize("host", ["host.example", "192.0.2.99"])
def test_a_question_for_a_name_fails_its_test(host: str) -> None:
    with pytest.raises(loopback_only.LeftTheMachine):
        socket.getaddrinfo(host, 80)
    _was_seen(f"socket.getaddrinfo {host}")


def test_a_datagram_that_leaves_the_machine_fails_its_test() -> None:
    with (
        socket.socket(type=socket.SOCK_DGRAM) as plain,
        pytest.raises(loopback_only.LeftTheMachine),
    ):
        plain.sendto(b"", ("192.0.2.99", 9))
    _was_seen("socket.sendto 192.0.2.99:9")


def test_an_attempt_that_the_code_hides_is_seen_all_the_same() -> None:
    with suppress(BaseException):
        socket.getaddrinfo("host.example", 80)
    _was_seen("socket.getaddrinfo host.example")


def _was_seen(attempt: str) -> None:
    assert loopback_only.attempts == [attempt]
    loopback_only.attempts.clear()


def test_this_machine_may_be_called() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    assert system_addresses("localhost", 80)
    for own in loopback_only.own_addresses():
        assert loopback_only.stays_here(own)
