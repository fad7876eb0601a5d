"""The live gate: what is not in the plan is not sent, and what is sent is charged before."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.unit.test_guard import STAGING, WHOLE
from verify_harness.client import Client
from verify_harness.errors import (
    BudgetReached,
    CannotPay,
    HarnessError,
    HostNotAllowed,
    LiveApiRefused,
    NotInLivePlan,
    NumberNotOwned,
    PriceUnknown,
    ProfileUnsafe,
)
from verify_harness.exchange import Exchange, FailureKind, Request, Response
from verify_harness.safety import prices
from verify_harness.safety.guard import Guard
from verify_harness.safety.ledger import Ledger
from verify_harness.safety.live_gate import MOST_TRIGGERS, LiveGate, Terms

BASE = "https://api.telnyx.com/v2"
OWN, ABROAD, STRANGER = "+12025550101", "+493023125001", "+12025550199"
PROFILE = "12ade33a-21c0-473b-b055-b3c836e1c292"
MADE = "0abb5b4f-459f-445a-bfcd-488998b7572d"
SAFE: dict[str, Any] = {
    "id": PROFILE,
    "daily_spend_limit_enabled": True,
    "daily_spend_limit": 1.5,
    "sms": {"whitelisted_destinations": ["US"]},
    "call": {"whitelisted_destinations": ["CA"]},
    "whatsapp": None,
}
TERMS = Terms({OWN: "US"}, PROFILE, Decimal("1.00"), prices.load(), "a1b2c3")


@dataclass
class Run:
    """A gate and its ledger."""

    gate: LiveGate
    ledger: Ledger

    def send(
        self, request: Request, status: int = 200, data: Any = None, failure: Any = None
    ) -> None:
        """Let a request pass that is answered so."""
        body = json.dumps({"data": data}).encode()
        response = None if failure else Response(status, (), body)
        charge_id = self.gate.admit(request)
        exchange = Exchange(request, response, 1.0, failure and "-", failure_kind=failure)
        self.gate.settle(charge_id, exchange)

    def read_profile(self, **changes: Any) -> None:
        """Read the profile, as every run does first."""
        self.send(asked("GET", f"/verify_profiles/{PROFILE}"), data=SAFE | changes)

    @property
    def spent(self) -> list[tuple[str, str, bool]]:
        """Class, price and whether it counts, of each charge."""
        charges = self.ledger.charges()
        return [(charge.price_class, str(charge.usd), spent) for charge, spent in charges]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path / "ledger")
    yield opened
    opened.close()


@pytest.fixture
def run(ledger: Ledger) -> Run:
    return with_terms(ledger)


def with_terms(ledger: Ledger, **changes: Any) -> Run:
    return Run(LiveGate(BASE, replace(TERMS, **changes), ledger, "r"), ledger)


def asked(method: str, path: str, body: Any = None) -> Request:
    content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    return Request(method, f"{BASE}{path}", (), content)


def trigger(
    channel: str = "sms", number: str = OWN, profile: str = PROFILE, **more: Any
) -> Request:
    body = {"phone_number": number, "verify_profile_id": profile, **more}
    return asked("POST", f"/verifications/{channel}", body)


FREE = [
    ("GET", "/verify_profiles"),
    ("GET", "/verify_profiles?filter[name]=x&page[size]=2"),
    ("GET", "/verify_profiles/templates"),
    ("GET", f"/verify_profiles/{PROFILE}"),
    ("GET", f"/verifications/{MADE}"),
    ("GET", f"/verifications/by_phone_number/{OWN}"),
    ("GET", f"/verifications/by_phone_number/%2B{OWN[1:]}"),
    ("POST", "/verify_profiles"),
    ("POST", "/oauth/token"),
]
REFUSED = [
    ("GET", "/verify_profiles/../number_lookup/+12025550199"),
    ("GET", "/balance"),
    ("GET", ""),
    ("POST", "/verifications"),
    ("POST", "/verifications/psd2"),
    ("POST", "/verifications/sms/"),
    ("POST", "/verifications/sms?x"),
    ("POST", f"/verifications/{MADE}/actions/verify"),
    ("POST", "/verify_profiles/templates"),
    ("PATCH", f"/verify_profiles/{PROFILE}"),
    ("DELETE", f"/verify_profiles/{PROFILE}"),
    ("PATCH", f"/verify_profiles/templates/{MADE}"),
    ("HEAD", "/verify_profiles"),
    ("post", "/verifications/sms"),
]


@pytest.mark.parametrize("method, path", FREE)
def test_reads_and_what_makes_nothing_to_pay_are_free(run: Run, method: str, path: str) -> None:
    assert run.gate.admit(asked(method, path)) is None
    assert run.spent == []


@pytest.mark.parametrize("method, path", REFUSED)
def test_what_is_not_in_the_plan_is_refused(run: Run, method: str, path: str) -> None:
    run.read_profile()
    with pytest.raises(NotInLivePlan):
        run.gate.admit(asked(method, path))


@pytest.mark.parametrize(
    "url", ["https://api.telnyx.com/v1/x", "http://127.0.0.1:1/v2/verify_profiles", BASE]
)
def test_another_address_is_refused(run: Run, url: str) -> None:
    with pytest.raises(NotInLivePlan, match="does not go to"):
        run.gate.admit(Request("GET", url))


@pytest.mark.parametrize(
    "path",
    [
        f"/number_lookup/{STRANGER}",
        f"/verifications/by_phone_number/{STRANGER}",
        f"/verifications/by_phone_number/{STRANGER}/actions/verify",
    ],
)
def test_a_number_that_is_not_the_users_is_refused(run: Run, path: str) -> None:
    method = "POST" if path.endswith("verify") else "GET"
    with pytest.raises(NumberNotOwned, match=r"number \.\.99") as refused:
        run.gate.admit(asked(method, path))
    assert STRANGER not in f"{refused.value}{refused.value.hint}"


@pytest.mark.parametrize(
    "request_, error",
    [
        (trigger(number=STRANGER), NumberNotOwned),
        (trigger(profile=MADE), NotInLivePlan),
        (trigger("call"), ProfileUnsafe),
        (trigger("whatsapp"), ProfileUnsafe),
        (trigger(extension="1"), NotInLivePlan),
        (asked("POST", "/verifications/sms", {"phone_number": OWN}), NotInLivePlan),
        (asked("POST", "/verifications/sms"), NotInLivePlan),
        (asked("POST", "/verifications/sms", b"["), NotInLivePlan),
        (asked("POST", "/verifications/sms", [["phone_number", OWN]]), NotInLivePlan),
        (
            asked(
                "POST",
                "/verifications/sms",
                f'{{"phone_number":"{STRANGER}","phone_number":"{OWN}",'
                f'"verify_profile_id":"{PROFILE}"}}'.encode(),
            ),
            NotInLivePlan,
        ),
        (
            asked("POST", "/verifications/sms", {"phone_number": [], "verify_profile_id": PROFILE}),
            NumberNotOwned,
        ),
    ],
)
def test_a_trigger_that_is_not_that_of_the_plan_is_refused(
    run: Run, request_: Request, error: type[HarnessError]
) -> None:
    run.read_profile()
    with pytest.raises(error):
        run.gate.admit(request_)
    assert run.spent == []


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"daily_spend_limit_enabled": False}, "not enabled"),
        ({"daily_spend_limit_enabled": "true"}, "not enabled"),
        ({"daily_spend_limit": None}, "has no daily_spend_limit"),
        ({"daily_spend_limit": True}, "has no daily_spend_limit"),
        ({"sms": {"whitelisted_destinations": ["*"]}}, "of sms are"),
        ({"flashcall": {"whitelisted_destinations": ["US", "*"]}}, "of flashcall are"),
    ],
)
def test_a_profile_that_bounds_nothing_is_refused(
    run: Run, changes: dict[str, Any], reason: str
) -> None:
    run.read_profile(**changes)
    with pytest.raises(ProfileUnsafe, match=reason):
        run.gate.admit(trigger())


@pytest.mark.parametrize(
    "path, status, data",
    [
        (f"/verify_profiles/{PROFILE}", 404, SAFE),
        (f"/verify_profiles/{PROFILE}", 200, [SAFE]),
        (f"/verify_profiles/{PROFILE}", 200, SAFE | {"id": MADE}),
        (f"/verify_profiles/{MADE}", 200, SAFE | {"id": MADE}),
    ],
)
def test_no_trigger_goes_out_before_its_profile_was_read(
    run: Run, path: str, status: int, data: Any
) -> None:
    run.send(asked("GET", path), status, data)
    with pytest.raises(ProfileUnsafe, match="was not read yet"):
        run.gate.admit(trigger())


def test_a_trigger_is_charged_before_it_is_sent_and_never_sent_twice(run: Run) -> None:
    run.read_profile()
    run.gate.admit(trigger())
    assert run.spent == [("send", "0.004", True)]
    with pytest.raises(NotInLivePlan, match="never sent twice"):
        run.gate.admit(trigger())


def test_twelve_triggers_are_the_most(run: Run) -> None:
    run.read_profile()
    for number in range(MOST_TRIGGERS):
        run.gate.admit(trigger(custom_code=f"{number:05}"))
    with pytest.raises(NotInLivePlan, match="12 triggers at most"):
        run.gate.admit(trigger(custom_code="99999"))
    assert len(run.spent) == MOST_TRIGGERS == 12


@pytest.mark.parametrize(
    "status, failure, is_spent",
    [
        (200, None, True),
        (400, None, False),
        (429, None, False),
        (408, None, True),
        (500, None, True),
        (0, FailureKind.READ_TIMEOUT, True),
        (0, FailureKind.CONNECTION_LOST, True),
        (0, FailureKind.CONNECT_ERROR, False),
        (0, FailureKind.CONNECT_TIMEOUT, False),
    ],
)
def test_only_what_surely_cost_nothing_is_given_back(
    run: Run, status: int, failure: FailureKind | None, is_spent: bool
) -> None:
    run.read_profile()
    run.send(trigger(), status, failure=failure)
    assert run.spent == [("send", "0.004", is_spent)]


@pytest.mark.parametrize(
    "status, data, is_spent",
    [
        (200, {"response_code": "accepted"}, True),
        (200, {"response_code": "rejected"}, False),
        (200, {"response_code": "expired"}, True),
        (200, None, True),
        (500, {"response_code": "rejected"}, True),
    ],
)
def test_a_check_costs_unless_it_is_rejected(
    run: Run, status: int, data: Any, is_spent: bool
) -> None:
    path = f"/verifications/by_phone_number/{OWN}/actions/verify"
    run.send(asked("POST", path, {"code": "1"}), status, data)
    assert run.spent == [("accepted check", "0.03", is_spent)]


def test_a_lookup_of_the_users_own_number_is_charged(run: Run) -> None:
    run.send(asked("GET", f"/number_lookup/{OWN}"))
    run.send(asked("GET", f"/number_lookup/{OWN}"), 404)
    assert run.spent == [("lookup", "0.0015", True), ("lookup", "0.0015", False)]


def test_what_this_run_made_may_be_checked_changed_and_deleted(run: Run) -> None:
    run.read_profile()
    run.send(trigger(), data={"id": MADE})
    run.send(asked("POST", f"/verifications/{MADE}/actions/verify", {"code": "1"}))
    own = "0abb5b4f-0000-445a-bfcd-488998b7572d"
    run.send(asked("POST", "/verify_profiles"), data={"id": own})
    for method in ("PATCH", "DELETE"):
        assert run.gate.admit(asked(method, f"/verify_profiles/{own}")) is None


def test_what_was_refused_was_not_made(run: Run) -> None:
    run.send(asked("POST", "/verify_profiles"), 400, {"id": MADE})
    with pytest.raises(NotInLivePlan, match="did not make"):
        run.gate.admit(asked("DELETE", f"/verify_profiles/{MADE}"))


def test_a_402_ends_everything(run: Run) -> None:
    run.read_profile()
    run.send(trigger(), 402)
    assert run.spent == [("send", "0.004", False)]
    with pytest.raises(CannotPay, match="the account cannot pay"):
        run.gate.admit(asked("GET", "/verify_profiles"))


def test_beyond_the_budget_nothing_is_sent(ledger: Ledger) -> None:
    run = with_terms(ledger, budget=Decimal("0.005"))
    run.read_profile()
    run.send(trigger(custom_code="1"))
    with pytest.raises(BudgetReached):
        run.gate.admit(trigger(custom_code="2"))
    assert run.spent == [("send", "0.004", True)]


def test_what_has_no_price_is_not_sent(ledger: Ledger) -> None:
    run = with_terms(ledger, numbers={ABROAD: "DE"})
    run.read_profile(sms={"whitelisted_destinations": ["DE"]})
    with pytest.raises(PriceUnknown):
        run.gate.admit(trigger(number=ABROAD))


@pytest.mark.parametrize("url", [BASE, "https://api.telnyx.com"])
def test_only_a_guard_with_the_gate_lets_the_live_service_through(run: Run, url: str) -> None:
    guard = Guard.for_live(run.gate, STAGING)
    assert guard.route(url).addresses[0] == "192.0.2.10"
    with pytest.raises(LiveApiRefused):
        Guard.for_contract((), STAGING).check(url)
    with pytest.raises(LiveApiRefused):
        guard.under_load(WHOLE).check(url)


@pytest.mark.parametrize(
    "url, error",
    [
        ("http://api.telnyx.com/v2", LiveApiRefused),
        ("https://api.telnyx.com:444/v2", LiveApiRefused),
        ("https://rest.api.telnyx.com/v2", LiveApiRefused),
        ("https://staging.example/v2", HostNotAllowed),
    ],
)
def test_the_gate_opens_one_origin(run: Run, url: str, error: type[HarnessError]) -> None:
    with pytest.raises(error):
        Guard.for_live(run.gate, STAGING).check(url)


def test_the_client_asks_the_gate_before_it_dials(run: Run) -> None:
    dialled: list[str] = []

    def resolver(host: str, _port: int) -> list[str]:
        dialled.append(host)
        raise OSError("unknown")

    with Client(Guard.for_live(run.gate, resolver), run_id="r") as client:
        with pytest.raises(NotInLivePlan):
            client.send(asked("GET", "/balance"))
        assert dialled == []
        exchange = client.send(asked("GET", f"/number_lookup/{OWN}"))
    assert exchange.failure_kind is FailureKind.CONNECT_ERROR
    assert dialled == ["api.telnyx.com"]
    assert run.spent == [("lookup", "0.0015", False)]
