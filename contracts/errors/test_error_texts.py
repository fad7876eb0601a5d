"""What errors say: codes that fit, the field that is wrong, and nothing about the inside."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from verify_harness.checks import (
    JSON_HEADERS,
    OPERATIONS,
    TRIGGERS,
    WITH_BODY,
    Api,
    Exchange,
    call_plainly,
    current,
    requirement,
    url_of,
)

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
WRONG_TYPES = b'{"phone_number": 1, "name": 1, "text": 1, "code": 1}'
INJECTED = ("' OR 1=1 --", '"; DROP TABLE x; --', "${7*7}", "a\x00b", "%s%n", "\N{PILE OF POO}")
INSIDE = (
    r"Traceback \(most recent call last",
    r'File "[^"]+", line \d+',
    r"\bat [\w.$<>]+\([\w.]+:\d+\)",
    r"\bgoroutine \d+",
    r"\.(?:py|rb|ex|exs|java|go|js|php):\d+",
    r"\b(?:SELECT\b.{1,200}\bFROM|INSERT\s+INTO|UPDATE\b.{1,200}\bSET)\b",
    r"SQLSTATE|ORA-\d{5}|syntax error at or near",
    r"\b(?:10|127)(?:\.\d{1,3}){3}\b|\b(?:192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2}\b",
    r"(?<![\w.])/(?:usr|home|srv|var|opt|app|root)/[\w.-]",
)
"""What only the inside of a service looks like."""
KEY_CODES = {"10009", "20001", "20002", "20003", "20006", "20008"}
FIELD_CODES = {"10000", "10015", "10026", "10027", "10032", "10033"}
"""The general codes for a field that is wrong."""


def post(
    api: Api, operation_id: str, content: bytes, media_type: str = "application/json"
) -> Exchange:
    """Send these bytes to an operation."""
    headers = (("Content-Type", media_type), ("Authorization", f"Bearer {api.key}"))
    operation = api.spec.operation(operation_id)
    return api.send(operation, url=url_of(api, operation_id), headers=headers, content=content)


def refusals(api: Api, operation_id: str) -> Iterator[Exchange]:
    """Answers to all that an operation can be asked wrongly."""
    yield call_plainly(api, operation_id, authorization="Bearer wrong")
    if operation_id in WITH_BODY:
        yield post(api, operation_id, WRONG_TYPES)
        yield post(api, operation_id, b"{}", "text/plain")
    for name in re.findall(r"\{(\w+)\}", api.spec.operation(operation_id).path):
        for value in INJECTED:
            yield api.call(operation_id, path={name: value.replace("/", "")})


@requirement("VFY-ERR-002")
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_errors_tell_nothing_about_the_inside(api: Api, operation_id: str) -> None:
    refused = [each for each in refusals(api, operation_id) if each.status >= 400]
    assert refused
    for answer in refused:
        text = answer.response.body.decode("utf-8", "replace") if answer.response else ""
        plain = text.replace('\\"', '"')
        assert not [pattern for pattern in INSIDE if re.search(pattern, plain)]


@requirement("VFY-ERR-002", "VFY-ERR-003", operations=["CreateVerifyProfile"])
def test_an_error_about_broken_json_tells_no_more(api: Api) -> None:
    answer = post(api, "CreateVerifyProfile", b'{"name": ')
    text = answer.response.body.decode("utf-8", "replace") if answer.response else ""
    assert not [pattern for pattern in INSIDE if re.search(pattern, text.replace('\\"', '"'))]
    if not {"10023", "10015", "10028"}.issuperset(answer.error_codes):
        current().findings.report("VFY-ERR-003", f"broken JSON has the codes {answer.error_codes}")


def judge_codes(answer: Exchange, *fitting: str) -> None:
    """A refusal whose codes are all among those that fit."""
    assert 400 <= answer.status < 500
    assert answer.error_codes
    assert set(answer.error_codes) <= set(fitting)
    for item in answer.json["errors"]:
        if isinstance(item, dict) and str(item.get("code")) == "10015":
            is_that = item.get("title") == "Bad Request"
            current().findings.observe("C9", "Bad Request" if is_that else "another title")


@requirement("VFY-ERR-003")
def test_the_codes_of_whole_requests_fit(api: Api) -> None:
    unknown = api.call("GetVerifyProfile", verify_profile_id=UNKNOWN_ID)
    judge_codes(unknown, "10005", "10006")
    judge_codes(api.call("RetrieveVerification", verification_id=UNKNOWN_ID), "10005", "10006")
    judge_codes(api.call("ListProfiles", authorization="Bearer wrong"), *KEY_CODES)
    other = post(api, "CreateVerifyProfile", b"hello", "text/plain")
    judge_codes(other, "10014", "10024", "10029", "10015")
    headers = (*JSON_HEADERS, ("Authorization", f"Bearer {api.key}"))
    url, profiles = url_of(api, "ListProfiles"), api.spec.operation("ListProfiles")
    judge_codes(api.send(profiles, url=url, headers=headers, content=b"{}", method="PUT"), "10030")


@requirement("VFY-ERR-003", operations=TRIGGERS.values())
def test_the_codes_of_fields_fit(api: Api, channel: str) -> None:
    british = api.profile(**{channel: {"whitelisted_destinations": ["GB"]}})["id"]
    number, trigger = current().number_in("DE"), TRIGGERS[channel]
    missing = api.call(trigger, {"phone_number": number})
    judge_codes(missing, "10004", *FIELD_CODES)
    no_number = {"phone_number": "12", "verify_profile_id": british}
    refused = api.call(trigger, no_number)
    judge_codes(refused, "10002", "10016", "40310", *FIELD_CODES)
    of_nobody = {"phone_number": number, "verify_profile_id": UNKNOWN_ID}
    judge_codes(api.call(trigger, of_nobody), "10005", "10006", *FIELD_CODES)
    abroad = {"phone_number": number, "verify_profile_id": british}
    judge_codes(api.call(trigger, abroad), "40309", "10015")
    assert current().levers.sent_nothing()


def pointers(answer: Exchange) -> list[str | None]:
    """The fields that a refusal names."""
    body: Any = answer.json
    errors = body.get("errors") if isinstance(body, dict) else None
    items = errors if isinstance(errors, list) else []
    return [(item.get("source") or {}).get("pointer") for item in items if isinstance(item, dict)]


@requirement("VFY-ERR-004", operations=[*TRIGGERS.values(), "CreateVerifyProfile"])
def test_an_error_names_the_field(api: Api, channel: str) -> None:
    good = {"phone_number": current().number(), "verify_profile_id": api.profile()["id"]}
    wrong: dict[str, Any] = {"timeout_secs": "soon", "phone_number": 7, "verify_profile_id": "x"}
    for name, value in wrong.items():
        answer = api.call(TRIGGERS[channel], good | {name: value})
        assert pointers(answer) == [f"/{name}"]
    bad_block = {"name": "x", "sms": {"code_length": 99, "whitelisted_destinations": ["*"]}}
    answer = api.call("CreateVerifyProfile", bad_block)
    assert pointers(answer) == ["/sms/code_length"]
    assert current().levers.sent_nothing()
