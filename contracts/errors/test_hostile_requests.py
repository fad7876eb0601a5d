"""Hostile bodies, rare methods, and the name that every answer carries."""

import gzip

import pytest

from verify_harness.checks import (
    JSON_HEADERS,
    OPERATIONS,
    WITH_BODY,
    Api,
    Exchange,
    current,
    requirement,
    url_of,
)

GETS = tuple(name for name in OPERATIONS if name not in WITH_BODY and name != "DeleteProfile")
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
GOOD = {
    "CreateVerifyProfile": b'"name":"x","sms":{"whitelisted_destinations":["*"]}',
    "CreateMessageTemplate": b'"text":"{{code}}"',
}
"""Enough on any account (facts.md#c1), and nothing that the operation does not declare."""
AGAIN = {
    "CreateVerifyProfile": (b'"name":"y"', b'"n\\u0061me":"y"'),
    "CreateMessageTemplate": (b'"text":"{{code}} too"', b'"te\\u0078t":"{{code}} too"'),
}
"""A member of that once more, plainly and escaped."""
DEEP = 10_000
HOSTILE = (
    *("deep", "not closed", "a member twice", "a member of a block twice"),
    *("a member twice, escaped", "NaN", "Infinity", "not UTF-8", "UTF-16", "a control character"),
)
TOO_LARGE = 10 * 1024 * 1024


def hostile(what: str, operation_id: str) -> bytes:
    """A body that an operation would take but for one thing."""
    good, (again, escaped) = GOOD[operation_id], AGAIN[operation_id]
    more = {
        "deep": b'"more":' + b"[" * DEEP + b"]" * DEEP,
        "a member twice": again,
        "a member of a block twice": b'"more":{"code_length":5,"code_length":6}',
        "a member twice, escaped": escaped,
        "NaN": b'"daily_spend_limit":NaN',
        "Infinity": b'"daily_spend_limit":-Infinity',
        "not UTF-8": b'"more":"\xff\xfe"',
        "a control character": b'"more":"a\x00b"',
    }
    if what == "not closed":
        return b"[" * DEEP
    if what == "UTF-16":
        return (b"{" + good + b"}").decode().encode("utf-16")
    return b"{" + good + b"," + more[what] + b"}"


def send(api: Api, operation_id: str, content: bytes | None, **more: str) -> Exchange:
    """Send these bytes with these headers."""
    named = {name.replace("_", "-"): value for name, value in more.items()}
    method = named.pop("method", None)
    headers = (*JSON_HEADERS, ("Authorization", f"Bearer {api.key}"), *named.items())
    url = url_of(api, operation_id)
    operation = api.spec.operation(operation_id)
    return api.send(operation, url=url, headers=headers, content=content, method=method)


@requirement("VFY-HTTP-005")
@pytest.mark.parametrize("operation_id", GOOD)
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_bodies_are_refused(api: Api, operation_id: str, what: str) -> None:
    assert send(api, operation_id, hostile(what, operation_id)).status in {400, 413}
    assert api.call("ListProfiles").status == 200


@requirement("VFY-HTTP-005", operations=["CreateVerificationSms"])
def test_a_member_twice_is_refused_where_it_matters_most(api: Api) -> None:
    profile = api.profile()["id"]
    first, second = current().number(), current().number()
    content = (
        f'{{"phone_number":"{first}","verify_profile_id":"{profile}","phone_number":"{second}"}}'
    )
    assert send(api, "CreateVerificationSms", content.encode()).status == 400
    assert current().levers.sent_nothing()


@requirement("VFY-HTTP-005")
@pytest.mark.parametrize("operation_id", GOOD)
def test_a_huge_body_is_refused(api: Api, operation_id: str) -> None:
    content = b"{" + GOOD[operation_id] + b',"more":"' + b"x" * TOO_LARGE + b'"}'
    assert send(api, operation_id, content).status in {400, 413}
    assert api.call("ListProfiles").status == 200


@requirement("VFY-HTTP-005")
@pytest.mark.parametrize("operation_id", GOOD)
def test_a_compressed_body_is_refused(api: Api, operation_id: str) -> None:
    plain = b"{" + GOOD[operation_id] + b"}"
    for content in (gzip.compress(plain, mtime=0), plain):
        answer = send(api, operation_id, content, content_encoding="gzip")
        assert answer.status in {400, 415}
    assert api.call("ListProfiles").status == 200
    accepted = send(api, operation_id, plain)
    assert accepted.status == 200


@requirement("VFY-HTTP-004")
def test_every_answer_names_its_request(api: Api) -> None:
    answers = [
        api.call("ListProfiles"),
        api.call("ListProfileMessageTemplates"),
        api.call("ListVerifications", phone_number=current().number()),
        api.call("GetVerifyProfile", verify_profile_id=UNKNOWN_ID),
        api.call("ListProfiles", authorization=None),
        send(api, "CreateVerifyProfile", b"{"),
        send(api, "ListProfiles", None, method="PUT"),
    ]
    for answer in answers:
        asked = dict(answer.request.headers)["X-Request-Id"]
        assert answer.header("x-request-id") == asked


@requirement("VFY-HTTP-006")
@pytest.mark.parametrize("operation_id", GETS)
def test_head_is_get_without_the_body(api: Api, operation_id: str) -> None:
    url = url_of(api, operation_id)
    operation = api.spec.operation(operation_id)
    headers = (("Authorization", f"Bearer {api.key}"),)
    get, head = (
        api.send(operation, url=url, headers=headers, content=None, method=method)
        for method in ("GET", "HEAD")
    )
    assert head.status == get.status == 200
    assert head.header("content-type") == get.header("content-type")
    assert head.response is not None
    assert head.response.body == b""


@requirement("VFY-HTTP-007")
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_options_names_the_methods(api: Api, operation_id: str) -> None:
    answer = send(api, operation_id, None, method="OPTIONS")
    assert answer.status in {200, 204, 405}
    assert api.spec.operation(operation_id).method in answer.header_items("allow")
    assert answer.status != 200 or not answer.data
