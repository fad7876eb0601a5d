"""The schemathesis adapter: what it calls broken is broken."""

from types import SimpleNamespace
from typing import Any

import pytest
from schemathesis.core.parameters import ParameterLocation

from verify_harness.contract import generated
from verify_harness.contract.generated import BROKEN_BY
from verify_harness.exchange import Exchange, Request, Response
from verify_harness.spec import load

TRIGGER = load().operation("CreateVerificationSms")
GOOD = {
    "phone_number": "+13035550123",
    "verify_profile_id": "12ade33a-21c0-473b-b055-b3c836e1c292",
}


def case(body: Any, *negative: ParameterLocation) -> Any:
    """A case as schemathesis hands it over: a body, and the parts it meant to break."""
    places = {ParameterLocation.BODY, *negative}
    parts = {
        place: SimpleNamespace(mode=SimpleNamespace(is_negative=place in negative))
        for place in places
    }
    meta = SimpleNamespace(components=parts)
    return SimpleNamespace(body=body, query={}, path_parameters={}, meta=meta)


@pytest.mark.parametrize("extra", [{}, {"custom_code": None}, {"custom_code": "4711"}])
def test_a_body_that_is_right_after_all_may_be_accepted(extra: dict[str, Any]) -> None:
    told = case(GOOD | extra, ParameterLocation.BODY)
    assert generated._body_is_right_after_all(told, TRIGGER)


@pytest.mark.parametrize(
    "body",
    [
        GOOD | {"custom_code": "47-11"},
        GOOD | {"phone_number": "303"},
        {"phone_number": GOOD["phone_number"]},
        [GOOD],
        None,
    ],
)
def test_a_body_that_is_wrong_has_to_be_refused(body: Any) -> None:
    assert not generated._body_is_right_after_all(case(body, ParameterLocation.BODY), TRIGGER)


def test_a_right_body_does_not_excuse_a_wrong_path() -> None:
    told = case(GOOD, ParameterLocation.BODY, ParameterLocation.PATH)
    assert not generated._body_is_right_after_all(told, TRIGGER)


def test_every_failure_that_our_checks_can_raise_names_a_requirement() -> None:
    assert set(BROKEN_BY.values()) == {
        *(f"VFY-SPEC-{number:03}" for number in range(1, 7)),
        "VFY-HTTP-003",
    }


@pytest.mark.parametrize("method, judged", [("QUERY", False), ("get", True), ("PUT", True)])
def test_a_method_that_nobody_knows_may_be_answered_501(
    monkeypatch: pytest.MonkeyPatch, method: str, judged: bool
) -> None:
    found = [("VFY-HTTP-003", "told")]
    monkeypatch.setattr(generated, "_broken", lambda _case, _exchange: found)
    request = Request(method, "http://127.0.0.1/v2/verify_profiles")
    exchange = Exchange(request, Response(501, (), b""), 1.0)
    assert generated.broken(case(GOOD), exchange, TRIGGER) == (found if judged else [])
