"""The sandbox and the OpenAPI document, overlay of our choices included, say the same."""

from itertools import product
from typing import Any

import pytest

from tests.sandbox.conftest import Account
from verify_harness import phone_numbers
from verify_harness.sandbox.operations import OPERATIONS
from verify_harness.sandbox.records import CHANNELS
from verify_harness.sandbox.requests import FIELDS
from verify_harness.sandbox.validation import problems_in
from verify_harness.spec import contract, judge
from verify_harness.spec.schemas import compile_schema

SPEC = contract(None, chosen=True)
UNKNOWN = "12ade33a-21c0-473b-b055-b3c836e1c292"
NUMBER = phone_numbers.nth(9)

KINDS = {
    "sms": ("POST", "/verifications/sms"),
    "call": ("POST", "/verifications/call"),
    "flashcall": ("POST", "/verifications/flashcall"),
    "whatsapp": ("POST", "/verifications/whatsapp"),
    "check-by-id": ("POST", f"/verifications/{UNKNOWN}/actions/verify"),
    "check-by-number": ("POST", f"/verifications/by_phone_number/{NUMBER}/actions/verify"),
    "create-profile": ("POST", "/verify_profiles"),
    "update-profile": ("PATCH", f"/verify_profiles/{UNKNOWN}"),
    "create-template": ("POST", "/verify_profiles/templates"),
    "update-template": ("PATCH", f"/verify_profiles/templates/{UNKNOWN}"),
}
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, 3, 4, 10, 11, 300, 600, 601, 0.5, 1_000_000, 1_000_001, -1),
    *("", "1234", "123", "1234567890", "12345678901", "12a4", "x" * 64, "x" * 65, "x" * 255),
    *("x" * 256, "{{code}}", "{{code}}" + "x" * 993, "en-US", "EN-us", "*", "US", "USA"),
    *(NUMBER, "13035550100", "+0303555010", UNKNOWN, UNKNOWN.upper(), "accepted", "maybe"),
    *("http://x", "https://x\n", "ftp://x", "http://", "https://" + "x" * 1993, "1wW*#D", "1wx"),
    *("Shop 24-7", "a_b", "x" * 30, "x" * 31, "twelve chars", "line\n", "1234\n"),
    *([], ["US"], ["US", "*"], ["us"], [1], {}),
)
VALID: dict[str, Any] = {
    "phone_number": NUMBER,
    "verify_profile_id": UNKNOWN,
    "code": "12345",
    "name": "p",
    "text": "{{code}}",
}


def _bodies(kind: str) -> list[dict[str, Any]]:
    """One body for every field and value, fields of channel blocks included."""
    base = {field.name: VALID[field.name] for field in FIELDS[kind] if field.required}
    bodies = [{**base, field.name: value} for field, value in product(FIELDS[kind], VALUES)]
    for field in FIELDS[kind]:
        inner = [entry.name for entry in field.fields]
        bodies += [{**base, field.name: {name: value}} for name, value in product(inner, VALUES)]
    return bodies + [{key: base[key] for key in base if key != left_out} for left_out in base]


@pytest.mark.parametrize("kind", FIELDS)
def test_the_sandbox_refuses_what_the_schema_refuses_and_nothing_else(kind: str) -> None:
    operation = SPEC.match(*KINDS[kind])
    assert operation is not None
    assert operation.request_schema is not None
    validator = compile_schema(operation.request_schema)
    disagreements = [
        body
        for body in _bodies(kind)
        if validator.is_valid(body) == bool(list(problems_in(body, FIELDS[kind])))
    ]
    assert disagreements == []


def test_the_sandbox_has_the_documented_operations() -> None:
    documented = {(each.method, each.path.count("/")) for each in SPEC.operations}
    assert documented == {(method, path.count("/")) for method, path in OPERATIONS}
    assert len(OPERATIONS) == len(SPEC.operations) == 17


def _requests(account: Account) -> list[tuple[str, str, Any]]:
    """Every operation once well and most of them once badly."""
    profile = account.profile()
    template = account.api.post("/verify_profiles/templates", json={"text": "{{code}}"}).json()
    verification = account.trigger(custom_code="12345")
    number = verification["phone_number"]
    own, stranger = verification["id"], UNKNOWN
    target = {"phone_number": NUMBER, "verify_profile_id": profile}
    by_number = {"code": "1", "verify_profile_id": verification["verify_profile_id"]}
    listed = f"/verifications/by_phone_number/{number}"
    types = "carrier,caller-name,caller-identity,enhanced-caller-name"
    return [
        *(("POST", f"/verifications/{channel}", target) for channel in CHANNELS),
        ("POST", "/verifications/sms", {}),
        *(("GET", f"/verifications/{each}", None) for each in (own, stranger, "x")),
        *(("POST", f"/verifications/{own}/actions/verify", body) for body in ({"code": "1"}, {})),
        ("GET", listed, None),
        ("POST", f"{listed}/actions/verify", by_number),
        ("POST", f"{listed}/actions/verify", {**by_number, "verify_profile_id": stranger}),
        ("GET", "/verify_profiles", None),
        ("GET", "/verify_profiles?page[number]=0", None),
        *(("POST", "/verify_profiles", body) for body in ({"name": "x", "whatsapp": {}}, {})),
        *(("GET", f"/verify_profiles/{each}", None) for each in (profile, stranger)),
        *(("PATCH", f"/verify_profiles/{profile}", body) for body in ({}, {"name": 1})),
        *(("DELETE", f"/verify_profiles/{each}", None) for each in (profile, stranger)),
        ("GET", "/verify_profiles/templates", None),
        *(("POST", "/verify_profiles/templates", body) for body in ({"text": "{{code}}"}, {})),
        ("PATCH", f"/verify_profiles/templates/{template['data']['id']}", {"text": "{{code}}"}),
        ("GET", f"/number_lookup/{number}?type={types}", None),
        *(("GET", f"/number_lookup/{each}", None) for each in ("+447700900123", "x")),
    ]


def test_every_answer_keeps_the_schema(account: Account) -> None:
    seen, problems = set(), []
    for method, path, body in _requests(account):
        answer = account.api.request(method, path, json=body)
        operation = SPEC.match(method, path)
        if operation is None:
            continue
        found = judge(operation, answer.status_code, list(answer.headers.items()), answer.content)
        problems += [(method, path, answer.status_code, str(each)) for each in found]
        seen.add((operation.operation_id, answer.status_code < 300))
    assert problems == []
    assert len({operation_id for operation_id, well in seen if well}) == 17
