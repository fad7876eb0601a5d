"""The schemathesis adapter: what it calls broken is broken."""

import socket
from types import SimpleNamespace
from typing import Any

import pytest
import schemathesis
import schemathesis.checks
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import CoverageScenario
from schemathesis.openapi.checks import UnsupportedMethodResponse

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
    ids = {requirement for requirement, _ in BROKEN_BY.values()}
    assert ids == {"VFY-SPEC-005", "VFY-SPEC-006", "VFY-HTTP-003"}


def test_a_server_error_is_judged_without_another_request(monkeypatch: pytest.MonkeyPatch) -> None:
    # schemathesis would repeat the request with its own client, to see whether the media type is
    # the cause; our client, its guard and its limits would know nothing of it.
    probe = CoverageScenario.UNSUPPORTED_CONTENT_TYPE
    monkeypatch.setattr(schemathesis.checks, "coverage_scenario", lambda _case: probe)
    schema = schemathesis.openapi.from_dict(dict(load().document))
    sent = schema["/verifications/sms"]["POST"].Case(
        body=dict[str, Any](GOOD),
        media_type="application/json",
        headers={"Content-Type": "text/x-made-up"},
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/verifications/sms"
        answer = Response(500, (("content-type", "application/json"),), b"{}")
        named = generated.broken(sent, Exchange(Request("POST", url), answer, 1.0), TRIGGER)
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()
    assert "VFY-SPEC-004" in dict(named)


@pytest.mark.parametrize("method, judged", [("QUERY", False), ("get", True), ("PUT", True)])
def test_a_method_that_nobody_knows_may_be_answered_501(
    monkeypatch: pytest.MonkeyPatch, method: str, judged: bool
) -> None:
    monkeypatch.setattr(generated, "_failures", lambda *_: [UnsupportedMethodResponse])
    monkeypatch.setattr(generated, "is_unexpected_http_status_case", lambda _case: True)
    request = Request(method, "http://127.0.0.1/v2/verify_profiles")
    exchange = Exchange(request, Response(501, (), b""), 1.0)
    broken = dict(generated.broken(case(GOOD), exchange, TRIGGER))
    assert ("VFY-HTTP-003" in broken) == judged
