"""Resolvers that say nothing, clocks that differ, targets that go away and come back."""

import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.targets.conftest import KEYS, serving
from verify_harness import journal
from verify_harness.contract import circuit_breaker
from verify_harness.contract.circuit_breaker import CircuitBreaker
from verify_harness.exchange import Exchange, Request, Response
from verify_harness.journal.records import Note
from verify_harness.keys import Keys
from verify_harness.run.life import conduct
from verify_harness.run.plan import RunPlan
from verify_harness.safety import name_resolution
from verify_harness.targets import resolving


def test_a_silent_resolver_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_more: ends.wait(10) and [])
    monkeypatch.setattr(name_resolution, "CONNECT_SECS", 0.1)
    try:
        with pytest.raises(TimeoutError, match=r"not resolved within 0\.1 s"):
            name_resolution.system_addresses("staging.example", 443)
    finally:
        ends.set()


def test_a_name_that_no_resolver_takes_has_no_address() -> None:
    with pytest.raises(OSError, match="label"):
        name_resolution.system_addresses("x" * 70 + ".example", 443)


def dated(date: str) -> Exchange:
    response = Response(200, (("date", date),), b"{}")
    return Exchange(Request("GET", "http://127.0.0.1:9/"), response, 1.0)


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_the_date_of_an_answer_says_how_far_its_clock_is_ahead(days: int) -> None:
    told = format_datetime(datetime.now(UTC) + timedelta(days=days), usegmt=True)
    assert resolving._clock_ahead_secs(dated(told)) == pytest.approx(days * 86_400, abs=3)


@pytest.mark.parametrize("date", ["", "yesterday", "0", "\ud800"])
def test_a_date_that_cannot_be_read_says_nothing(date: str) -> None:
    assert resolving._clock_ahead_secs(dated(date)) == 0


BEHIND = "the target's clock is 24 h 0 min behind this machine's"


@pytest.mark.parametrize("skew_secs,noted", [(-86_400, [BEHIND]), (5, [])])
def test_a_clock_that_is_a_day_off_is_noted(
    skew_secs: int, noted: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the stand-in's clock is this machine's, so the difference is made here
    monkeypatch.setattr(resolving, "_clock_ahead_secs", lambda _exchange: skew_secs)
    with serving() as url:
        keys = Keys(first=KEYS["TELNYX_API_KEY"])
        plan = RunPlan(command="smoke", target=url, keys=keys, output=tmp_path / "run")
        conduct(plan, lambda _run: None)
    notes = [each.message for each in journal.read(tmp_path / "run") if isinstance(each, Note)]
    assert notes == noted


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """An outage may last a fifth of a second."""
    monkeypatch.setattr(circuit_breaker, "MAX_OUTAGE_SECS", 0.2)
    monkeypatch.setattr(circuit_breaker, "PROBE_INTERVAL_SECS", 0.01)


@pytest.mark.usefixtures("impatient")
def test_a_target_that_restarts_is_waited_for() -> None:
    answers = iter([False, False, True])
    breaker = CircuitBreaker(lambda: next(answers))
    assert breaker.target_responds()
    assert not breaker.is_open


@pytest.mark.usefixtures("impatient")
def test_a_target_that_stays_away_is_given_up() -> None:
    breaker = CircuitBreaker(lambda: False)
    assert not breaker.target_responds()
    assert breaker.is_open
