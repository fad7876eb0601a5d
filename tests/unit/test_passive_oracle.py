"""The model beside a check: what it judges, what it leaves alone, and when it says nothing more."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.unit import test_oracle as known
from verify_harness.contract.passive_oracle import PassiveOracle
from verify_harness.exchange import Exchange, Purpose, Request, Response
from verify_harness.spec import contract
from verify_harness.targets import Target, Tenant

BASE = "http://127.0.0.1:9/v2"
SPEC = contract(None, chosen=True)
KEY = ("Authorization", "Bearer KEY_of_a_test")
HEADERS = (("Content-Type", "application/json"), ("Accept", "application/json"), KEY)
GONE = {"errors": [{"code": "10005", "title": "Not Found"}]}
PATCH = {"name": "Other"}


def oracle() -> PassiveOracle:
    return PassiveOracle(Target(BASE), SPEC, [Tenant("KEY_of_a_test")])


def exchange(
    operation_id: str,
    variable: str = "",
    body: Any = None,
    answer: Any = None,
    status: int = 200,
    **changes: Any,
) -> Exchange:
    """An exchange as a check has it; `changes` replace parts of the request, or its purpose."""
    operation = SPEC.operation(operation_id)
    path = operation.path.partition("{")[0] + variable
    content = None if body is None else json.dumps(body).encode()
    request = Request(
        changes.get("method", operation.method),
        BASE + path,
        changes.get("headers", HEADERS),
        changes.get("content", content),
    )
    told = Response(status, (("content-type", "application/json"),), json.dumps(answer).encode())
    purpose = changes.get("purpose", Purpose.DIRECTED)
    name = changes.get("called", operation_id)
    return Exchange(request, told, 1.0, operation_id=name, purpose=purpose)


def created(judge: PassiveOracle) -> None:
    body = {"name": "Shop", "sms": {"whitelisted_destinations": ["US"]}}
    answer = {"data": known.shown_profile()}
    assert judge.follow(exchange("CreateVerifyProfile", body=body, answer=answer))
    assert judge.found is None


def triggered(judge: PassiveOracle) -> dict[str, Any]:
    """A verification whose code the service made, as it reads."""
    body = {"phone_number": known.NUMBER, "verify_profile_id": known.PROFILE}
    opened = known.shown_verification(custom_code=None, timeout_secs=300)
    assert judge.follow(exchange("CreateVerificationSms", body=body, answer={"data": opened}))
    return opened


def read_back(judge: PassiveOracle, **changes: Any) -> bool:
    answer = {"data": known.shown_profile(**changes)}
    return judge.follow(exchange("GetVerifyProfile", known.PROFILE, answer=answer))


def test_an_answer_that_the_check_does_not_look_at_is_judged() -> None:
    judge = oracle()
    created(judge)
    read_back(judge, language="fr-FR")
    assert judge.found is not None
    assert judge.found.divergence.requirement == "VFY-PROF-001"
    assert judge.found.divergence.field == "language"
    assert judge.found.exchange.operation_id == "GetVerifyProfile"


def test_it_says_one_thing_and_nothing_after_it() -> None:
    judge = oracle()
    created(judge)
    read_back(judge, language="fr-FR")
    assert not read_back(judge, name="Bank")
    assert judge.found is not None
    assert judge.found.divergence.field == "language"


UNREADABLE: dict[str, dict[str, Any]] = {
    "two keys": {"headers": (*HEADERS, KEY)},
    "no key": {"headers": HEADERS[:2]},
    "another key": {"headers": (*HEADERS[:2], ("Authorization", "Bearer other"))},
    "a header of another meaning": {"headers": (*HEADERS, ("X-HTTP-Method-Override", "GET"))},
    "another media type": {"headers": (("Content-Type", "text/plain"), *HEADERS[1:])},
    "another method": {"method": "PUT"},
    "no JSON": {"content": b"{"},
    "a member named twice": {"content": b'{"name": "a", "name": "b"}'},
    "NaN": {"content": b'{"daily_spend_limit": NaN}'},
    "UTF-16": {"content": json.dumps(PATCH).encode("utf-16")},
    "very deep": {"content": b'{"name":' + b"[" * 20_000},
    "huge": {"content": json.dumps({"name": "x" * 60_000}).encode()},
    "sent together": {"purpose": Purpose.RACE},
    "an operation of somebody else's": {"called": "FlushTheCache"},
    "a template it never saw": {"body": {"sms": {"messaging_template_id": known.OTHERS}}},
}


def test_what_it_cannot_read_would_be_judged_in_the_usual_form() -> None:
    judge = oracle()
    assert judge.follow(exchange("UpdateVerifyProfile", known.PROFILE, PATCH, GONE, 404))


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_refusal_of_what_it_cannot_read_changes_nothing(case: str) -> None:
    judge = oracle()
    created(judge)
    parts = {"body": PATCH} | UNREADABLE[case]
    refused = exchange("UpdateVerifyProfile", known.PROFILE, answer=GONE, status=400, **parts)
    assert not judge.follow(refused)
    read_back(judge, language="fr-FR")
    assert judge.found is not None


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_it_cannot_read_may_have_changed_something(case: str) -> None:
    judge = oracle()
    created(judge)
    parts = {"body": PATCH} | UNREADABLE[case]
    assert not judge.follow(exchange("UpdateVerifyProfile", known.PROFILE, answer={}, **parts))
    assert not read_back(judge, language="fr-FR")
    assert judge.found is None


@pytest.mark.parametrize("variable", ["12", "%27%20OR%201=1", "+1%20303", f"{known.PROFILE}%00"])
def test_a_path_that_names_nothing_is_left_to_checks(variable: str) -> None:
    judge = oracle()
    assert not judge.follow(exchange("GetVerifyProfile", variable, answer=GONE, status=400))


def test_a_code_from_the_outbox_is_known() -> None:
    judge = oracle()
    created(judge)
    triggered(judge)
    judge.codes_seen(0, [{"verification_id": known.OPENED, "code": "43612"}])
    said = {"data": {"phone_number": known.NUMBER, "response_code": "accepted"}}
    wrong = exchange("VerifyVerificationCodeById", known.OPENED, {"code": "43613"}, said)
    path = f"{BASE}/verifications/{known.OPENED}/actions/verify"
    request = Request("POST", path, wrong.request.headers, wrong.request.body)
    judge.follow(Exchange(request, wrong.response, 1.0, operation_id=wrong.operation_id))
    assert judge.found is not None
    assert judge.found.divergence.requirement == "VFY-CODE-002"


def test_a_lever_that_it_does_not_follow_ends_it() -> None:
    judge = oracle()
    created(judge)
    judge.lose()
    assert not read_back(judge, language="fr-FR")
    assert judge.found is None


def test_it_follows_the_clock() -> None:
    judge = oracle()
    created(judge)
    opened = triggered(judge)
    judge.clock_moved(400)
    judge.follow(exchange("RetrieveVerification", known.OPENED, answer={"data": opened}))
    assert judge.found is not None
    assert judge.found.divergence.requirement == "VFY-LIFE-003"


def test_an_answer_that_is_late_throttled_or_cut_is_left_to_the_check() -> None:
    judge = oracle()
    created(judge)
    read = exchange("GetVerifyProfile", known.PROFILE, answer=GONE, status=429)
    assert not judge.follow(read)
    assert not judge.follow(replace(read, response=None))
    whole = exchange("GetVerifyProfile", known.PROFILE, answer={"data": known.shown_profile()})
    assert whole.response is not None
    assert not judge.follow(replace(whole, response=replace(whole.response, truncated=True)))
    assert judge.follow(whole)
    assert judge.found is None


def test_a_change_without_an_answer_ends_what_is_known() -> None:
    judge = oracle()
    created(judge)
    patched = exchange("UpdateVerifyProfile", known.PROFILE, PATCH)
    assert not judge.follow(replace(patched, response=None))
    assert not read_back(judge)
