"""What HTTP and JSON ask of every operation, and the one form that errors have."""

from typing import Any

import pytest

from verify_harness.checks import (
    JSON_HEADERS,
    OPERATIONS,
    WITH_BODY,
    Api,
    Exchange,
    call_plainly,
    current,
    requirement,
    url_of,
)

BROKEN_JSON = [b"{", b'{"name": }', b"not json", b'{"name": "x"', b"[1,]", b"\xff\xfe", b""]
WRONG_CONTENT = [("text/plain", b"hello"), ("application/xml", b"<a/>"), ("text/html", b"{}")]
WRONG_TYPES = b'{"phone_number": 1, "name": 1, "text": 1, "code": 1}'
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
MISSING = {
    "RetrieveVerification": "verification_id",
    "GetVerifyProfile": "verify_profile_id",
    "DeleteProfile": "verify_profile_id",
}
UNDECLARED = "PUT"
"""A method that no operation of the contract has."""


def send_raw(api: Api, operation_id: str, media_type: str, content: bytes) -> Exchange:
    """Send these bytes to an operation, with our key."""
    headers = (("Content-Type", media_type), ("Authorization", f"Bearer {api.key}"))
    operation = api.spec.operation(operation_id)
    url = url_of(api, operation_id)
    return api.send(operation, url=url, headers=headers, content=content)


def is_envelope(body: Any) -> bool:
    """Whether a body is a list of errors with code and title (facts.md#error-envelope)."""
    errors = body.get("errors") if isinstance(body, dict) else None
    return isinstance(errors, list) and bool(errors) and all(is_error(item) for item in errors)


def is_error(item: Any) -> bool:
    """Whether one item of the envelope says what it must."""
    if not isinstance(item, dict) or not isinstance(item.get("title"), str) or not item["title"]:
        return False
    code = item.get("code")
    if type(code) is int and "chosen" not in current().target.announces:
        current().findings.observe("C22", "number")
        return True
    is_text = isinstance(code, str) and code.isdigit()
    if is_text:
        current().findings.observe("C22", "text")
    return is_text


@requirement("VFY-ERR-001")
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_errors_come_in_the_error_envelope(api: Api, operation_id: str) -> None:
    answers = [call_plainly(api, operation_id, authorization=None)]
    answers.append(call_plainly(api.other, operation_id, authorization="Bearer wrong"))
    if operation_id in WITH_BODY:
        answers.append(send_raw(api, operation_id, "application/json", b"{"))
        answers.append(send_raw(api, operation_id, "application/json", WRONG_TYPES))
    for answer in answers:
        assert 400 <= answer.status < 500
        assert is_envelope(answer.json)


@requirement("VFY-ERR-001")
def test_what_does_not_exist_comes_in_the_envelope_too(api: Api) -> None:
    for operation_id, name in MISSING.items():
        answer = api.call(operation_id, path={name: UNKNOWN_ID})
        assert answer.status == 404
        assert is_envelope(answer.json)


@requirement("VFY-HTTP-001")
@pytest.mark.parametrize("operation_id", WITH_BODY)
def test_malformed_json_is_refused(api: Api, operation_id: str) -> None:
    for content in BROKEN_JSON:
        answer = send_raw(api, operation_id, "application/json", content)
        assert answer.status == 400
        assert is_envelope(answer.json)


@requirement("VFY-HTTP-002")
@pytest.mark.parametrize("operation_id", WITH_BODY)
def test_another_media_type_is_refused(api: Api, operation_id: str) -> None:
    for media_type, content in WRONG_CONTENT:
        assert send_raw(api, operation_id, media_type, content).status in {400, 415}


@requirement("VFY-HTTP-003")
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_an_undeclared_method_is_refused_and_the_others_are_named(
    api: Api, operation_id: str
) -> None:
    operation = api.spec.operation(operation_id)
    headers = (*JSON_HEADERS, ("Authorization", f"Bearer {api.key}"))
    url = url_of(api, operation_id)
    answer = api.send(operation, url=url, headers=headers, content=b"{}", method=UNDECLARED)
    assert answer.status == 405
    assert operation.method in answer.header_items("allow")
