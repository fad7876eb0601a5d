"""The bounds we chose: what a request may and may not hold at their edges."""

from typing import Any

import pytest

from verify_harness.spec import Spec
from verify_harness.spec.schemas import compile_schema

ID = "4900017a-e7c8-e79e-0a7c-0d98f49b09cc"
TRIGGER = {"phone_number": "+13035550123", "verify_profile_id": ID}


def _accepts(spec: Spec, operation_id: str, body: Any) -> bool:
    schema = spec.operation(operation_id).request_schema
    assert schema is not None
    return compile_schema(schema).is_valid(body)


EDGES = [
    ("CreateVerificationSms", "timeout_secs", [1, 600], [0, 601]),
    ("CreateVerificationSms", "custom_code", [None, "0000", "0123456789"], ["123", "12a45", ""]),
    ("CreateVerificationCall", "extension", [None, "", "1www2WABCDw9"], ["e", "1" * 51]),
    ("VerifyVerificationCodeById", "code", ["", "x", "1" * 64], ["1" * 65]),
    ("UpdateVerifyProfile", "name", ["x", "x" * 255], ["", "x" * 256]),
    ("UpdateVerifyProfile", "language", ["de-DE"], ["de", "DE-de", "en-US "]),
    ("UpdateVerifyProfile", "webhook_url", ["http://a"], ["", "http://", "ftp://a"]),
    ("UpdateVerifyProfile", "daily_spend_limit", [0, 0.5, 1_000_000], [1_000_001]),
    ("UpdateVerifyProfile", "sms", [{"code_length": 4}], [{"code_length": 11}]),
    ("UpdateVerifyProfile", "call", [{"code_length": 10}], [{"code_length": 3}]),
    ("CreateMessageTemplate", "text", ["{{code}}"], ["", "code", "{{code}}" + "x" * 1000]),
]
DOCUMENTED = [
    ("UpdateVerifyProfile", "daily_spend_limit", [0], [-1]),
    (
        "UpdateVerifyProfile",
        "sms",
        [{"whitelisted_destinations": ["US", "*"]}, {"alpha_sender": None}, {"other": 1}],
        [
            {"whitelisted_destinations": ["us"]},
            {"whitelisted_destinations": ["**"]},
            {"alpha_sender": "twelve chars"},
            {"app_name": "no_underscores"},
        ],
    ),
    ("VerifyVerificationCodeById", "status", ["accepted", "rejected"], ["pending", None]),
    ("CreateVerificationSms", "phone_number", ["+4930231250"], ["030231250", None]),
    ("CreateVerificationSms", "verify_profile_id", [ID], ["sms", ID + "0"]),
]


def _body(operation_id: str, field: str, value: Any) -> dict[str, Any]:
    return {**(TRIGGER if operation_id.startswith("CreateVerification") else {}), field: value}


@pytest.mark.parametrize("operation_id,field,inside,outside", EDGES)
def test_our_bounds_hold_at_their_edges(
    chosen: Spec, operation_id: str, field: str, inside: list[Any], outside: list[Any]
) -> None:
    for value in inside:
        assert _accepts(chosen, operation_id, _body(operation_id, field, value)), value
    for value in outside:
        assert not _accepts(chosen, operation_id, _body(operation_id, field, value)), value


@pytest.mark.parametrize("operation_id,field,inside,outside", EDGES)
def test_the_base_document_has_none_of_our_bounds(
    base: Spec, operation_id: str, field: str, inside: list[Any], outside: list[Any]
) -> None:
    for value in [*inside, *outside]:
        assert _accepts(base, operation_id, _body(operation_id, field, value)), value


@pytest.mark.parametrize("operation_id,field,inside,outside", DOCUMENTED)
def test_documented_bounds_hold_in_both(
    spec: Spec, operation_id: str, field: str, inside: list[Any], outside: list[Any]
) -> None:
    for value in inside:
        assert _accepts(spec, operation_id, _body(operation_id, field, value)), value
    for value in outside:
        assert not _accepts(spec, operation_id, _body(operation_id, field, value)), value


def test_a_request_may_hold_unknown_fields(spec: Spec) -> None:
    assert _accepts(spec, "CreateVerificationSms", {**TRIGGER, "rcs": {}, "more": 1})


@pytest.mark.parametrize(
    "name,inside,outside",
    [("page[number]", [1, 1_000_000], [0, 1_000_001]), ("page[size]", [1, 250], [0, 251])],
)
def test_pages_have_our_bounds(
    chosen: Spec, name: str, inside: list[int], outside: list[int]
) -> None:
    parameters = chosen.operation("ListProfiles").parameters
    validator = compile_schema(next(one.schema for one in parameters if one.name == name))
    assert all(validator.is_valid(value) for value in inside)
    assert not any(validator.is_valid(value) for value in outside)
