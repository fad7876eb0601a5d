"""Undeclared fields, retries and moved paths: what the sandbox says, and what options change."""

import logging
from typing import Any

import pytest
from telnyx import InternalServerError, Telnyx

from tests.sandbox.conftest import Account, Mint
from verify_harness import phone_numbers
from verify_harness.sandbox.operations import call
from verify_harness.sandbox.requests import FIELDS
from verify_harness.sandbox.validation import undeclared

STALE: dict[str, Any] = {
    "name": "stale",
    "rcs_enabled": True,
    "sms": {"default_timeout_secs": 60, "whitelisted_destinations": ["*"]},
}
"""Names that docs examples have and the API does not (D23)."""


def test_undeclared_fields_are_ignored_unless_told(account: Account) -> None:
    made = account.api.post("/verify_profiles", json=STALE)
    assert made.status_code == 200
    assert "rcs_enabled" not in made.json()["data"]


@pytest.mark.parametrize("dialect, status", [("documented", 400), ("observed", 422)])
def test_a_strict_sandbox_names_each_of_them(mint: Mint, dialect: str, status: int) -> None:
    account, _ = mint(strict=True, dialect=dialect)
    refused = account.api.post("/verify_profiles", json=STALE)
    assert refused.status_code == status
    told = [each["source"]["pointer"] for each in refused.json()["errors"]]
    assert told == ["/rcs_enabled", "/sms/default_timeout_secs"]
    stale = {
        "phone_number": phone_numbers.nth(1),
        "verify_profile_id": account.profile(),
        "amount": 1,
    }
    assert account.api.post("/verifications/sms", json=stale).status_code == status
    assert account.outbox() == []
    del stale["amount"]
    assert account.api.post("/verifications/sms", json=stale).status_code == 200


def test_what_is_undeclared_is_logged_once_and_harmlessly(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "_told", set())
    names = list(undeclared(STALE, FIELDS["create-profile"]))
    assert names == ["/rcs_enabled", "/sms/default_timeout_secs"]
    with caplog.at_level(logging.INFO):
        for name in ("/a\nb", "/a\nb", "/" + "x" * 10_000):
            call._log_once("create-profile", name)
    assert len(caplog.messages) == 2
    assert all("\n" not in each and len(each) < 200 for each in caplog.messages)


def test_the_log_does_not_drown_in_names_that_a_fuzzer_invents(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "_told", set())
    with caplog.at_level(logging.INFO):
        for index in range(1000):
            call._log_once("create-profile", f"/{index}")
    assert len(caplog.messages) == 21
    assert caplog.messages[-1].startswith("further fields")


def test_the_old_path_names_the_new_ones(account: Account) -> None:
    answer = account.api.post("/verifications", json={"type": "sms"})
    assert answer.status_code == 404
    (error,) = answer.json()["errors"]
    assert "POST /v2/verifications/sms" in error["detail"]
    assert "whatsapp" in error["detail"]
    (error,) = account.api.get("/verifications").json()["errors"]
    assert "POST" not in error["detail"]


@pytest.mark.parametrize("guards, times", [(False, 3), (True, 1)])
def test_a_failed_trigger_is_repeated_by_the_sdk_unless_told(
    mint: Mint, monkeypatch: pytest.MonkeyPatch, guards: bool, times: int
) -> None:
    for name in ("TELNYX_CLIENT_ID", "TELNYX_CLIENT_SECRET", "TELNYX_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    account, _ = mint(faults=["trigger-fails-after-it-sent"], guards_retries=guards)
    number, profile = phone_numbers.nth(7), account.profile()
    url = str(account.api.base_url)
    with Telnyx(api_key=account.key, base_url=url) as client, pytest.raises(InternalServerError):
        client.verifications.trigger_sms(phone_number=number, verify_profile_id=profile)
    assert [message["to"] for message in account.outbox()] == [number] * times


def test_only_failed_triggers_say_it(mint: Mint) -> None:
    account, _ = mint(faults=["emoji-in-a-name-crashes"], guards_retries=True)
    failed = account.api.post("/verify_profiles", json={"name": "\N{PILE OF POO}"})
    assert failed.status_code == 500
    assert "x-should-retry" not in failed.headers
    assert "x-should-retry" not in account.api.post("/verifications/sms", json={}).headers
