"""What caches, browsers and firewalls between caller and service rely on."""

import pytest

from verify_harness.checks import (
    OPERATIONS,
    TRIGGERS,
    Api,
    Exchange,
    call_plainly,
    current,
    requirement,
    url_of,
)

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
ORIGIN = "https://shop.example"
OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method")


def send(api: Api, operation_id: str, method: str | None, url: str, **named: str) -> Exchange:
    """Send a request without a body and with these headers."""
    given = [(name.replace("_", "-"), value) for name, value in named.items()]
    headers = (("Authorization", f"Bearer {api.key}"), *given)
    operation = api.spec.operation(operation_id)
    return api.send(operation, url=url, headers=headers, content=None, method=method)


@requirement("VFY-HTTP-008")
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_answers_are_not_kept(api: Api, operation_id: str) -> None:
    answers = [
        call_plainly(api, operation_id),
        call_plainly(api, operation_id, authorization="Bearer wrong"),
        api.call("RetrieveVerification", verification_id=UNKNOWN_ID),
    ]
    for answer in answers:
        assert "no-store" in map(str.lower, answer.header_items("cache-control"))


@requirement("VFY-HTTP-009")
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_no_other_site_reads_with_a_visitors_rights(api: Api, operation_id: str) -> None:
    url, asked = url_of(api, operation_id), api.spec.operation(operation_id).method
    answers = [
        send(api, operation_id, None, url, Origin=ORIGIN),
        send(api, operation_id, "OPTIONS", url, Origin=ORIGIN, Access_Control_Request_Method=asked),
        send(api, operation_id, "OPTIONS", url, Origin="null", Access_Control_Request_Method=asked),
    ]
    for answer in answers:
        assert answer.header("access-control-allow-credentials") != "true"
        assert answer.header("access-control-allow-origin") not in {ORIGIN, "null"}


@requirement("VFY-HTTP-010", operations=["GetVerifyProfile", "DeleteProfile"])
@pytest.mark.parametrize("name", OVERRIDES)
def test_no_header_names_another_method(api: Api, name: str) -> None:
    profile = api.profile()
    path = {"verify_profile_id": profile["id"]}
    url = api.url(api.spec.operation("GetVerifyProfile"), path)
    if name.startswith("_"):
        send(api, "GetVerifyProfile", None, f"{url}?{name}=DELETE")
    else:
        send(api, "GetVerifyProfile", None, url, **{name: "DELETE"})
    read = api.call("GetVerifyProfile", path=path)
    assert read.status == 200
    assert read.data == profile


@requirement("VFY-HTTP-010", operations=list(TRIGGERS.values()))
def test_trace_is_refused(api: Api, channel: str) -> None:
    operation_id = TRIGGERS[channel]
    answer = send(api, operation_id, "TRACE", url_of(api, operation_id))
    assert answer.status >= 400
    assert not answer.mentions(api.key)
    assert current().levers.sent_nothing()
