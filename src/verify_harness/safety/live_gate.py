"""The live service gets the requests of a fixed plan: each is judged, priced and charged here.

The guard holds this gate where it lets the live service through, and the client asks it before
each request, so no way leads past it. What is not listed is refused. A trigger goes to a number of
the user's, by the profile that was named and only once it was read and found bounded; none is sent
twice, and twelve at most. PATCH and DELETE reach only what this run made.
"""

import json
import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from verify_harness.errors import CannotPay, NotInLivePlan, NumberNotOwned, ProfileUnsafe
from verify_harness.exchange import Exchange, FailureKind, Request
from verify_harness.safety.addresses import origin_of
from verify_harness.safety.ledger import Charge, Ledger, Outcome
from verify_harness.safety.live_profile import bounded_destinations
from verify_harness.safety.money import Usd
from verify_harness.safety.prices import CHANNELS, Channel, PriceClass, PriceTable

MOST_TRIGGERS = 12
"""Of one run."""

_ID = r"[0-9A-Za-z-]{1,64}"
_NUMBER = r"(?:\+|%2B)[0-9]{7,15}"
_NEVER_SENT = frozenset({FailureKind.CONNECT_ERROR, FailureKind.CONNECT_TIMEOUT})
_TRIGGER_MEMBERS = frozenset({"phone_number", "verify_profile_id", "custom_code", "timeout_secs"})

_FREE = re.compile(
    rf"GET /verify_profiles(?:\?[!-~]*|/templates|/{_ID})?|GET /verifications/{_ID}"
    r"|POST /verify_profiles|POST /oauth/token"
)
_READ_PROFILE = re.compile(rf"GET /verify_profiles/({_ID})")
_READ_NUMBER = re.compile(rf"GET /verifications/by_phone_number/({_NUMBER})")
_LOOK_UP = re.compile(rf"GET /number_lookup/({_NUMBER})")
_TRIGGER = re.compile(rf"POST /verifications/({'|'.join(CHANNELS)})")
_CHECK_BY_ID = re.compile(rf"POST /verifications/({_ID})/actions/verify")
_CHECK_BY_NUMBER = re.compile(rf"POST /verifications/by_phone_number/({_NUMBER})/actions/verify")
_CREATE = re.compile(r"POST /verify_profiles")
_CHANGE = re.compile(rf"(?:PATCH|DELETE) /verify_profiles/({_ID})")


@dataclass(frozen=True, slots=True)
class Terms:
    """What the user allowed."""

    numbers: Mapping[str, str] = field(repr=False)
    """Numbers of the user's own in E.164, and the country of each."""
    profile_id: str
    budget: Usd
    """Of the account, for a day."""
    prices: PriceTable
    account: str
    """The fingerprint of the key that pays."""


@dataclass(frozen=True, slots=True)
class _Priced:
    price_class: PriceClass
    what: str
    usd: Usd


_Judge = Callable[[Request, str], _Priced | None]


class LiveGate:
    """Judges the requests of one run to the live service."""

    def __init__(self, base_url: str, terms: Terms, ledger: Ledger, run_id: str) -> None:
        self.origin = origin_of(base_url)
        self._base = base_url
        self._terms = terms
        self._ledger = ledger
        self._run_id = run_id
        self._profile: Mapping[str, Any] | None = None
        self._made: set[str] = set()
        self._sent: set[tuple[str, bytes | None]] = set()
        self._cannot_pay = False
        self._rules: tuple[tuple[re.Pattern[str], _Judge], ...] = (
            (_READ_NUMBER, self._about_number),
            (_LOOK_UP, self._look_up),
            (_TRIGGER, self._trigger),
            (_CHECK_BY_ID, self._check_by_id),
            (_CHECK_BY_NUMBER, self._check_by_number),
            (_CHANGE, self._about_own),
        )

    def admit(self, request: Request) -> str | None:
        """Let a request pass, charged if it has a price; returns the charge's id.

        Raises SafetyRefusal, BudgetReached, CannotPay or CannotWrite: it must not be sent then.
        """
        if self._cannot_pay:
            raise CannotPay
        priced = self._judged(request)
        if priced is None:
            return None
        charge = Charge(
            t=time.time(),
            id=uuid.uuid4().hex,
            run=self._run_id,
            account=self._terms.account,
            price_class=priced.price_class,
            what=priced.what,
            usd=priced.usd,
        )
        self._ledger.charge(charge, self._terms.budget)
        return charge.id

    def settle(self, charge_id: str | None, exchange: Exchange) -> None:
        """Learn from what came back; after a 402, nothing is admitted any more."""
        if charge_id is not None:
            spent, why = _became(exchange)
            self._ledger.settle(Outcome(t=time.time(), id=charge_id, spent=spent, why=why))
        self._cannot_pay = self._cannot_pay or exchange.status == HTTPStatus.PAYMENT_REQUIRED
        self._learn(exchange)

    def _judged(self, request: Request) -> _Priced | None:
        """The price of a request; None if it is free. Raises SafetyRefusal for any other."""
        line = self._line(request)
        if _FREE.fullmatch(line):
            return None
        for pattern, judge in self._rules:
            if found := pattern.fullmatch(line):
                return judge(request, found[1])
        raise _refusal(request, "it is not in the plan")

    def _line(self, request: Request) -> str:
        if not request.url.startswith(f"{self._base}/"):
            raise _refusal(request, f"it does not go to {self._base}")
        return f"{request.method} {request.url.removeprefix(self._base)}"

    def _about_number(self, _request: Request, number: str) -> None:
        self._country(number)

    def _look_up(self, _request: Request, number: str) -> _Priced:
        self._country(number)
        return _Priced("lookup", "a lookup", self._terms.prices.look_up())

    def _check_by_number(self, _request: Request, number: str) -> _Priced:
        self._country(number)
        return self._accepted_check()

    def _check_by_id(self, request: Request, verification_id: str) -> _Priced:
        self._about_own(request, verification_id)
        return self._accepted_check()

    def _accepted_check(self) -> _Priced:
        return _Priced("accepted check", "an accepted check", self._terms.prices.check())

    def _about_own(self, request: Request, object_id: str) -> None:
        if object_id not in self._made:
            raise _refusal(request, "this run did not make what it is about")

    def _trigger(self, request: Request, name: str) -> _Priced:
        channel, body = _channel(name), _members(request)
        if not {"phone_number", "verify_profile_id"} <= body.keys() <= _TRIGGER_MEMBERS:
            raise _refusal(request, "its body is not that of the plan")
        country = self._country(body["phone_number"])
        if body["verify_profile_id"] != self._terms.profile_id:
            raise _refusal(request, "it uses another profile than the one that was named")
        if self._profile is None:
            raise ProfileUnsafe("it was not read yet")
        if country not in bounded_destinations(self._profile)[channel]:
            raise ProfileUnsafe(f"its {channel} block does not name {country}")
        self._remember_sent(request)
        price = self._terms.prices.send(channel, country)
        return _Priced("send", f"{channel} to {country}", price)

    def _remember_sent(self, request: Request) -> None:
        if len(self._sent) >= MOST_TRIGGERS:
            raise _refusal(request, f"a run sends {MOST_TRIGGERS} triggers at most")
        if (request.url, request.body) in self._sent:
            raise _refusal(request, "a trigger is never sent twice")
        self._sent.add((request.url, request.body))

    def _country(self, number: Any) -> str:
        """The country of a number of the user's own; raises NumberNotOwned for any other."""
        plain = unquote(number) if isinstance(number, str) else ""
        if plain not in self._terms.numbers:
            raise NumberNotOwned(plain)
        return self._terms.numbers[plain]

    def _learn(self, exchange: Exchange) -> None:
        """Remember what this run made, and what the named profile says."""
        line, data = self._line(exchange.request), exchange.data
        if not exchange.succeeded or not isinstance(data, dict):
            return
        if _CREATE.fullmatch(line) or _TRIGGER.fullmatch(line):
            self._made.add(str(data.get("id")))
        found = _READ_PROFILE.fullmatch(line)
        if found and found[1] == data.get("id") == self._terms.profile_id:
            self._profile = data


def _channel(name: str) -> Channel:
    return next(channel for channel in CHANNELS if channel == name)


class _Pairs(list[tuple[str, Any]]):
    """The members of a JSON object as they stand, the ones that come twice included."""


def _members(request: Request) -> dict[str, Any]:
    """The members of a JSON object; none where the body is no such object, or one comes twice."""
    try:
        pairs = json.loads(request.body or b"", object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(pairs, _Pairs):
        return {}
    members = dict(pairs)
    return members if len(members) == len(pairs) else {}


def _became(exchange: Exchange) -> tuple[bool, str]:
    """Whether a charged request cost something, and why; what is not known did."""
    if exchange.failure_kind is not None:
        return exchange.failure_kind not in _NEVER_SENT, exchange.failure_kind.value
    why = f"status {exchange.status}"
    # A gateway may say 408 after the service behind it has acted.
    if 400 <= exchange.status < 500 and exchange.status != HTTPStatus.REQUEST_TIMEOUT:
        return False, why
    data = exchange.data
    verdict = data.get("response_code") if isinstance(data, dict) else None
    is_check = exchange.request.url.endswith("/actions/verify")
    if is_check and exchange.succeeded and verdict == "rejected":
        return False, "rejected"
    return True, why


def _refusal(request: Request, reason: str) -> NotInLivePlan:
    return NotInLivePlan(f"{request.method} {request.url.partition('?')[0][:80]}", reason)
