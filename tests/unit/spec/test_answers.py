"""Judging an answer: status, media type, JSON, schema, formats."""

import json
from typing import Any

import pytest

from verify_harness.spec import Spec, Violation, judge, strict_json

ANSWER = {"data": {"phone_number": "+13035550123", "response_code": "accepted"}}


def _judge(
    spec: Spec,
    body: Any,
    *,
    status: int = 200,
    content_type: str = "application/json",
    operation_id: str = "VerifyVerificationCodeById",
) -> list[Violation]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = [("Content-Type", content_type)] if content_type else []
    return list(judge(spec.operation(operation_id), status, headers, raw))


def _places(problems: list[Violation]) -> list[tuple[str, str]]:
    return [(problem.subject, problem.place) for problem in problems]


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"]
)
def test_a_documented_answer_has_no_problem(spec: Spec, content_type: str) -> None:
    assert _judge(spec, ANSWER, content_type=content_type) == []


def test_an_undocumented_status_is_the_only_problem(spec: Spec) -> None:
    assert _judge(spec, b"<html>", status=302, content_type="text/html") == [
        Violation(
            "status",
            "",
            "status",
            "one of 200, 400, 401, 403, 404, 413, 415, 422, 429",
            "302",
        )
    ]


def test_a_wrong_media_type_does_not_hide_a_good_body(spec: Spec) -> None:
    problems = _judge(spec, ANSWER, content_type="text/plain")
    assert _places(problems) == [("media-type", "")]


def test_a_missing_media_type_is_named(spec: Spec) -> None:
    problems = _judge(spec, ANSWER, content_type="")
    assert list(map(str, problems)) == [
        "undocumented media type: expected application/json, received none"
    ]


@pytest.mark.parametrize(
    "body,keyword,place",
    [
        (b"", "syntax", ""),
        (b"{", "syntax", ""),
        (b'{"data": 01}', "syntax", ""),
        (b"{} {}", "syntax", ""),
        (b"\xff", "encoding", ""),
        (b"\xed\xa0\x80", "encoding", ""),
        (b"\xef\xbb\xbf{}", "encoding", ""),
        (b"[" * 100_000, "depth", ""),
        (b"[" * 65 + b"]" * 65, "depth", ""),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "depth", ""),
        (b'{"data": NaN}', "number", "/data"),
        (b'{"data": -Infinity}', "number", "/data"),
        (b'{"data": [1, 1e999]}', "number", "/data/1"),
        (b'{"data": 18446744073709551616}', "number", "/data"),
        (b'{"data": ' + b"9" * 5000 + b"}", "number", "/data"),
        (b'{"data": "\\ud800"}', "surrogate", "/data"),
        (b'{"data": {"\\uDC00": 1}}', "surrogate", "/data"),
        (b'{"data": {"a/b": {"id": 1, "id": 1}}}', "duplicate", "/data/a~1b"),
        (b'{"a": {"id": 1, "id": 1}, "a": 2}', "duplicate", ""),
        (b'{"a": {"id": 1, "\\u0069d": 1}}', "duplicate", "/a"),
    ],
)
def test_a_body_that_is_not_strict_json_is_one_problem(
    spec: Spec, body: bytes, keyword: str, place: str
) -> None:
    (problem,) = _judge(spec, body)
    assert (problem.subject, problem.keyword, problem.place) == ("json", keyword, place)
    assert problem.requirement == "VFY-SPEC-003"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 64 + "]" * 64,
        json.dumps("[" * 100 + '\\"' + "[" * 100),
        '"\\ud83d\\ude00"',
        "18446744073709551615",
        "-9223372036854775808",
        "1e308",
    ],
)
def test_what_every_client_reads_alike_is_json(text: str) -> None:
    assert strict_json.parse(text) == json.loads(text)


def test_each_broken_field_is_pointed_at(spec: Spec) -> None:
    body = {"data": {"phone_number": 7, "response_code": "expired"}}
    assert _places(_judge(spec, body)) == [
        ("schema", "/data/phone_number"),
        ("schema", "/data/response_code"),
    ]


def test_messages_do_not_quote_values(spec: Spec) -> None:
    body = {"data": {"phone_number": "secret-1", "response_code": "secret-2"}}
    problems = _judge(spec, body)
    assert len(problems) == 2
    assert "secret" not in str(problems)


def test_phone_numbers_and_uuids_are_held_to_their_form(spec: Spec) -> None:
    example = spec.document["components"]["examples"]["Pending_sms"]["value"]
    data = {**example["data"], "id": "sms", "phone_number": "3035550123"}
    assert _places(_judge(spec, {"data": data}, operation_id="RetrieveVerification")) == [
        ("schema", "/data/id"),
        ("schema", "/data/phone_number"),
    ]


def test_only_our_choices_refuse_unknown_and_missing_fields(base: Spec, chosen: Spec) -> None:
    body = {"data": {"id": "4900017a-e7c8-e79e-0a7c-0d98f49b09cc", "more": 1}}
    assert _judge(base, body, operation_id="CreateMessageTemplate") == []
    messages = [str(one) for one in _judge(chosen, body, operation_id="CreateMessageTemplate")]
    assert any("'more'" in message for message in messages)
    assert any("'text'" in message for message in messages)


def test_an_error_is_held_to_the_envelope(spec: Spec) -> None:
    error = {"code": "10009", "title": "Authentication failed"}
    assert _judge(spec, {"errors": [error]}, status=401) == []
    assert _places(_judge(spec, {"errors": [{"code": [10009]}]}, status=401)) == [
        ("schema", "/errors/0"),
        ("schema", "/errors/0/code"),
    ]


@pytest.mark.parametrize("code", ["0866", 866])
def test_a_network_code_may_be_text_or_a_number(spec: Spec, code: object) -> None:
    data = json.loads(json.dumps(spec.document["components"]["examples"]["Lookup"]["value"]))
    data["data"]["carrier"]["mobile_network_code"] = code
    assert _judge(spec, data, operation_id="LookupNumber") == []


@pytest.mark.parametrize("field", ["carrier", "caller_name", "portability"])
def test_a_data_set_that_was_not_asked_for_may_be_null(spec: Spec, field: str) -> None:
    record = spec.document["components"]["examples"]["Lookup"]["value"]["data"]
    body = {"data": {**record, field: None}}
    assert _judge(spec, body, operation_id="LookupNumber") == []


def test_a_flood_of_problems_is_cut(chosen: Spec) -> None:
    problems = _judge(chosen, {"errors": [{}] * 500}, status=400)
    assert len(problems) == 20
