"""Nobody is called but whom the user's words permit, whatever is combined."""

from collections import Counter
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import Any

import pytest

from tests.hostile.call_rules import forbidden, must_call
from tests.hostile.combinations import Case, case
from tests.hostile.recording import Place
from verify_harness import config
from verify_harness.safety import guard
from verify_harness.safety.addresses import Origin
from verify_harness.safety.guard import Guard, Route
from verify_harness.safety.permission import Ceiling, Permission

SAMPLE = range(1_300)
ALL = range(10_000)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(tmp_path_factory.mktemp("combinations"))
    yield place
    place.close()


def _judge(place: Place, numbers: Sequence[int]) -> None:
    wrong: list[str] = []
    silent: list[Case] = []
    called: Counter[str] = Counter()
    for combination in map(case, numbers):
        calls = place.calls(combination)
        wrong += forbidden(combination, calls)
        called.update([combination.command] if calls else [])
        called["plainly permitted"] += must_call(combination)
        if must_call(combination) and not calls:
            silent.append(combination)
    assert wrong == []
    assert silent == [], "what is plainly permitted was refused"
    assert len(called) == 7, called
    assert min(called.values()) >= len(numbers) // 200, called


def test_no_forbidden_call_in_a_sample(place: Place) -> None:
    _judge(place, SAMPLE)


@pytest.mark.long
def test_no_forbidden_call_in_all_combinations(place: Place) -> None:
    _judge(place, ALL)


def _route_without_judging(self: Guard, origin: Origin) -> Route:
    return Route(origin, tuple(map(str, self._resolved(origin))))


def _route_resolved_again(self: Guard, origin: Origin) -> Route:
    self._judge_name(origin)
    self._judge_addresses(origin, self._resolved(origin))
    return _route_without_judging(self, origin)


def _allows_below(self: Permission, host: str) -> bool:
    return any(host.endswith(item) for item in self.allow_remote)


def _allows_above(self: Permission, host: str) -> bool:
    return any(host.startswith(item) for item in self.allow_remote)


def _proxy_unjudged(_self: Guard, proxy: Origin, _target: Origin) -> Route:
    return Route(proxy, (str(ip_address("127.0.0.1")),))


def _plain_host(host: str) -> str:
    return host.lower()


BROKEN: dict[str, tuple[Any, str, Any]] = {
    "no rule at all": (Guard, "_route", _route_without_judging),
    "names are not judged": (Guard, "_judge_name", lambda _self, _origin: None),
    "addresses are not judged": (Guard, "_judge_addresses", lambda *_: None),
    "judged, then resolved again": (Guard, "_route", _route_resolved_again),
    "no address is known as live": (Guard, "_live_addresses", lambda _self: frozenset()),
    "translated addresses are others": (guard, "_reached", lambda address: frozenset({address})),
    "mapped addresses are others": (guard, "_unmapped", ip_address),
    "only the first live host counts": (guard, "_LIVE_HOSTS", ("api.telnyx.com",)),
    "the live name is a name like any": (guard, "_LIVE_DOMAIN", "live.example"),
    "names below an allowed one pass": (Permission, "allows", _allows_below),
    "names that begin like one pass": (Permission, "allows", _allows_above),
    "every name passes": (Permission, "allows", lambda _self, _host: True),
    "load needs no ceiling": (Ceiling, "is_whole", True),
    "a proxy is not judged": (Guard, "proxy_route", _proxy_unjudged),
    "the target behind a proxy is not judged": (Guard, "check", lambda _self, _url: None),
    "a planted file is believed": (config, "_refuse_consent", lambda _defaults: None),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_guard_is_caught(
    place: Place, monkeypatch: pytest.MonkeyPatch, broken: tuple[Any, str, Any]
) -> None:
    owner, name, replacement = broken
    monkeypatch.setattr(owner, name, replacement)
    cases = map(case, SAMPLE)
    assert any(forbidden(each, place.calls(each)) for each in cases)
