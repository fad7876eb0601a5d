"""What counts as exercised: statuses by what was really asked, keywords by the values sent."""

import json
from typing import Any

import pytest

from verify_harness import bundled
from verify_harness.exchange import Request
from verify_harness.spec import Spec
from verify_harness.spec.coverage import Coverage
from verify_harness.spec.unreachable import unreachable

BASE = "http://127.0.0.1:1/v2"
JSON_TYPE = (("Content-Type", "application/json"),)


def _observed(spec: Spec, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    coverage = Coverage(spec)
    sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    coverage.observe(Request(method, BASE + path, JSON_TYPE, sent), status, BASE)
    return coverage.as_json()


def _keywords(operation: Any) -> dict[str, str]:
    """The side of each keyword that was seen."""
    seen = {}
    for point, sides in operation["keywords"].items():
        for side, count in sides.items():
            if count:
                seen[point] = side
    return seen


def test_everything_documented_is_there_before_anything_was_sent(chosen: Spec) -> None:
    operations = Coverage(chosen).as_json()
    assert operations.keys() == {each.operation_id for each in chosen.operations}
    profile = operations["CreateVerifyProfile"]
    assert profile["statuses"]["200"] == 0
    assert profile["keywords"]["body/sms/code_length maximum"] == {"valid": 0, "invalid": 0}


def test_a_status_counts_where_the_request_really_went(chosen: Spec) -> None:
    operations = _observed(chosen, "GET", "/verify_profiles/templates", status=429)
    assert operations["ListProfileMessageTemplates"]["statuses"]["429"] == 1
    assert operations["GetVerifyProfile"]["statuses"]["429"] == 0


@pytest.mark.parametrize("method,path", [("TRACE", "/verify_profiles"), ("GET", "/nowhere")])
def test_a_request_of_no_operation_counts_for_none(chosen: Spec, method: str, path: str) -> None:
    assert _observed(chosen, method, path, status=405) == Coverage(chosen).as_json()


def test_an_undocumented_status_covers_nothing(chosen: Spec) -> None:
    operations = _observed(chosen, "GET", "/verify_profiles", status=418)
    assert set(operations["ListProfiles"]["statuses"].values()) == {0}


def test_a_body_is_judged_at_every_depth(chosen: Spec) -> None:
    body = {"name": "", "sms": {"code_length": 11, "whitelisted_destinations": ["US", "us"]}}
    seen = _observed(chosen, "POST", "/verify_profiles", body)["CreateVerifyProfile"]
    judged = _keywords(seen)
    assert judged["body/name required"] == "valid"
    assert judged["body/name minLength"] == "invalid"
    assert judged["body/sms/code_length minimum"] == "valid"
    assert judged["body/sms/code_length maximum"] == "invalid"
    destinations = seen["keywords"]["body/sms/whitelisted_destinations/* pattern"]
    assert destinations == {"valid": 1, "invalid": 1}


def test_a_keyword_says_nothing_about_a_value_of_another_type(chosen: Spec) -> None:
    judged = _keywords(
        _observed(chosen, "POST", "/verify_profiles", {"name": 5})["CreateVerifyProfile"]
    )
    assert judged["body/name type"] == "invalid"
    assert "body/name maxLength" not in judged


def test_what_is_left_out_breaks_required(chosen: Spec) -> None:
    body = {"phone_number": "+13035550123"}
    judged = _keywords(
        _observed(chosen, "POST", "/verifications/sms", body)["CreateVerificationSms"]
    )
    assert judged["body/verify_profile_id required"] == "invalid"
    assert judged["body/phone_number format"] == "valid"
    nothing = _observed(chosen, "POST", "/verifications/sms")["CreateVerificationSms"]
    assert _keywords(nothing) == {"body required": "invalid"}


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b'"\xff"'])
def test_a_body_that_is_no_json_says_nothing_about_its_schema(chosen: Spec, body: bytes) -> None:
    seen = _observed(chosen, "POST", "/verify_profiles", body, 400)["CreateVerifyProfile"]
    assert _keywords(seen) == {"body required": "valid"}
    assert seen["statuses"]["400"] == 1


def test_a_lone_surrogate_is_no_good_value(chosen: Spec) -> None:
    body = b'{"name": "\\ud800"}'
    seen = _observed(chosen, "POST", "/verify_profiles", body)["CreateVerifyProfile"]
    assert _keywords(seen)["body/name maxLength"] == "invalid"


@pytest.mark.parametrize("text,side", [("1", "valid"), ("abc", "invalid"), ("1.5", "invalid")])
def test_a_query_parameter_is_read_by_its_type(chosen: Spec, text: str, side: str) -> None:
    seen = _observed(chosen, "GET", f"/verify_profiles?page%5Bsize%5D={text}")["ListProfiles"]
    assert _keywords(seen)["query/page[size] type"] == side


def test_a_repeated_query_parameter_is_a_list(chosen: Spec) -> None:
    path = "/number_lookup/%2B13035550123?type=carrier&type=nonsense"
    seen = _observed(chosen, "GET", path)["LookupNumber"]
    assert seen["keywords"]["query/type/* enum"] == {"valid": 1, "invalid": 1}
    assert _keywords(seen)["path/phone_number format"] == "valid"


def test_what_no_request_can_break_is_not_asked_for(chosen: Spec) -> None:
    points = Coverage(chosen).as_json()["LookupNumber"]["keywords"]
    assert not {"path/phone_number required", "path/phone_number type", "query/type type"} & set(
        points
    )


def test_the_bounds_we_chose_are_covered_only_where_they_hold(base: Spec, chosen: Spec) -> None:
    point = "body/timeout_secs maximum"
    assert point in Coverage(chosen).as_json()["CreateVerificationSms"]["keywords"]
    assert point not in Coverage(base).as_json()["CreateVerificationSms"]["keywords"]


@pytest.mark.parametrize("dialect", ["documented", "observed"])
def test_every_unreachable_status_is_documented_and_has_a_reason(
    chosen: Spec, dialect: str
) -> None:
    for operation_id, reasons in unreachable(chosen, dialect).items():
        assert reasons.keys() <= chosen.operation(operation_id).responses.keys()
        assert all(reasons.values())


def test_an_operation_that_is_listed_as_unreachable_exists(chosen: Spec) -> None:
    text = (bundled.specs() / "unreachable.toml").read_text()
    names = {each.operation_id for each in chosen.operations}
    quoted = {word for word in text.split('"')[1::2] if word.isidentifier() and word[0].isupper()}
    assert quoted <= names
