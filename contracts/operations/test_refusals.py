"""Refusals that rest on the operation alone: beyond the limit, too large, not the caller's own."""

import json

import pytest

from verify_harness.checks import (
    JSON_HEADERS,
    OPERATIONS,
    WITH_BODY,
    Api,
    body_of,
    current,
    requirement,
    url_of,
)

TOO_LARGE = b'{"more":"' + b"x" * 2 * 1024 * 1024 + b'"}'


@requirement("VFY-RATE-001")
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_every_operation_counts_towards_the_limit(api: Api, operation_id: str) -> None:
    operation, url = api.spec.operation(operation_id), url_of(api, operation_id)
    body = body_of(api, operation_id)
    content = json.dumps(body).encode() if body is not None else None
    headers = (*JSON_HEADERS, ("Authorization", f"Bearer {api.key}"))
    current().levers.limit(requests_per_minute=1)
    assert api.call("ListProfiles").status == 200
    answer = api.send(operation, url=url, headers=headers, content=content)
    assert (answer.status, answer.error_codes) == (429, ["10011"])


@requirement("VFY-HTTP-005")
@pytest.mark.parametrize("operation_id", WITH_BODY)
def test_every_operation_refuses_a_huge_body(api: Api, operation_id: str) -> None:
    headers = (*JSON_HEADERS, ("Authorization", f"Bearer {api.key}"))
    url = url_of(api, operation_id)
    answer = api.send(api.spec.operation(operation_id), url=url, headers=headers, content=TOO_LARGE)
    assert answer.status in {400, 413}


@requirement("VFY-SPEC-001", operations=["UpdateMessageTemplate"], levers=["tenants"])
def test_changing_a_stock_template_is_answered_with_a_documented_status(api: Api) -> None:
    stock = api.set_up("VFY-TMPL-003", "ListProfileMessageTemplates")[0]
    body = {"text": "changed: {{code}}"}
    answer = api.call("UpdateMessageTemplate", body, template_id=stock["id"])
    assert api.spec.operation("UpdateMessageTemplate").response(answer.status) is not None
