"""Targets that answer, but not with what they have to: every check judges them, none breaks."""

import json
from typing import Any

import pytest

from tests.cli.test_bad_targets import target
from tests.program import Harness

KEYS = {"TELNYX_API_KEY": "KEY_0123456789", "VERIFY_HARNESS_SECOND_API_KEY": "KEY_9876543210"}
ID = "11111111-1111-4111-8111-111111111111"
WRONG: dict[str, Any] = {
    "id": ID,
    "record_type": 7,
    "status": None,
    "phone_number": [],
    "timeout_secs": "x",
    "sms": 5,
    "call": [],
    "whatsapp": "x",
    "text": 1,
    "response_code": {},
    "name": None,
    "created_at": 1,
    "updated_at": None,
    "verify_profile_id": 0,
    "custom_code": {},
}
BODIES = {
    "nothing": "{}",
    "null": '{"data": null}',
    "a list": '{"data": []}',
    "an object": '{"data": {}}',
    "text": '{"data": "text"}',
    "an id": json.dumps({"data": {"id": ID}}),
    "wrong types": json.dumps({"data": WRONG, "meta": 3, "errors": [None, {"source": 5}]}),
    "wrong rows": json.dumps({"data": [WRONG, None], "meta": {"total_results": {}}}),
    "no object": '["data"]',
}


def _assert_judged(harness: Harness, status: int, body: str, *selected: str) -> None:
    with target(status, body.encode()) as url:
        ended = harness("contract", "run", *selected, "--target", url, **KEYS)
    assert ended.code == 1, ended.err
    entries = ended.run_json["requirements"]
    assert [entry for entry in entries if entry["status"] in {"error", "flaky"}] == []
    assert "fail" in {entry["status"] for entry in entries}
    assert "Traceback" not in ended.err


def test_answers_of_the_wrong_types_are_failures_and_no_errors(harness: Harness) -> None:
    selected = ("LIST", "TMPL", "VFY-PROF-012", "VFY-ERR-004", "VFY-CODE-003", "VFY-LOOK-001")
    _assert_judged(harness, 200, BODIES["wrong types"], *selected, "--jobs", "1")


@pytest.mark.long
@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_answer_of_the_wrong_form_is_an_error(harness: Harness, status: int, body: str) -> None:
    _assert_judged(harness, status, body)
