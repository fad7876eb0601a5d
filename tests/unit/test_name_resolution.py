"""A name is resolved by the system, within a bounded time."""

import socket
import time

import pytest

from verify_harness.safety import name_resolution
from verify_harness.safety.name_resolution import system_addresses

ROWS = [
    (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("fe80::7%eth0", 80, 0, 2)),
    (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("198.51.100.7", 80)),
]


def _answer(monkeypatch: pytest.MonkeyPatch, answer: object, after_secs: float = 0.0) -> None:
    def getaddrinfo(_host: str, _port: int, **_named: object) -> object:
        time.sleep(after_secs)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def test_all_addresses_are_kept_in_order_without_their_zone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _answer(monkeypatch, ROWS)
    assert system_addresses("host.example", 80) == ("fe80::7", "198.51.100.7")


@pytest.mark.parametrize(
    "error, sentence",
    [
        (socket.gaierror(-2, "Name or service not known"), "not known"),
        (UnicodeError("label too long"), "host.example: label too long"),
    ],
)
def test_what_does_not_resolve_is_an_oserror(
    monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    _answer(monkeypatch, error)
    with pytest.raises(OSError, match=sentence):
        system_addresses("host.example", 80)


def test_a_resolver_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_resolution, "CONNECT_SECS", 0.05)
    _answer(monkeypatch, ROWS, after_secs=0.3)
    with pytest.raises(TimeoutError, match=r"not resolved within 0\.05 s"):
        system_addresses("host.example", 80)
