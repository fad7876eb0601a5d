"""A service of somebody's own: no levers, and all that earlier runs left is still there."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.program import Harness
from tests.targets.conftest import KEYS, serving
from verify_harness import phone_numbers
from verify_harness.client import Client
from verify_harness.exchange import Request
from verify_harness.safety.guard import Guard

OLDER = 60


@pytest.fixture
def service() -> Iterator[str]:
    """The base URL of a long-lived service that already holds something."""
    with serving() as url:
        _fill(url)
        yield url


def _fill(url: str) -> None:
    for index in range(OLDER):
        body = {"name": f"older {index}", "sms": {"whitelisted_destinations": ["*"]}}
        profile = _call(url, "/verify_profiles", body)["data"]["id"]
        _call(url, "/verify_profiles/templates", {"text": f"Older {index}: {{{{code}}}}"})
        older = {"phone_number": phone_numbers.nth(index), "verify_profile_id": profile}
        _call(url, "/verifications/sms", older)


def _call(url: str, path: str, body: object = None) -> Any:
    headers = (
        ("Authorization", f"Bearer {KEYS['TELNYX_API_KEY']}"),
        ("Content-Type", "application/json"),
    )
    method, content = ("GET", None) if body is None else ("POST", json.dumps(body).encode())
    with Client(Guard.for_contract(), run_id="older") as client:
        answer = client.send(Request(method, url + path, headers, content))
    assert answer.succeeded, answer.failure
    return answer.json


def _twice(harness: Harness, url: str, *selected: str) -> None:
    """The same run twice: the second meets every number of the first again."""
    page = f"/verify_profiles?{quote('page[size]')}=1"
    for name in ("first", "second"):
        ended = harness("contract", "run", *selected, "--target", url, **KEYS)
        ended.directory.rename(ended.directory.with_name(name))
        assert ended.code == 0, ended.out
        assert _call(url, page)["meta"]["total_results"] == OLDER
    assert len(_call(url, "/verify_profiles/templates")["data"]) > OLDER


def test_older_data_alarms_no_check_of_lists_and_stays(harness: Harness, service: str) -> None:
    _twice(
        harness,
        service,
        "VFY-PROF-006",
        "VFY-LIST-001",
        "VFY-LIST-008",
        "VFY-TMPL-001",
        "--jobs",
        "1",
    )


@pytest.mark.long
def test_the_whole_suite_is_silent_twice_on_a_service_without_levers(
    harness: Harness, service: str
) -> None:
    _twice(harness, service)
