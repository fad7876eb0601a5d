"""Every request that the vendor's pages show, sent by curl."""

import json
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.conftest import Account
from verify_harness import phone_numbers

COMMANDS = tomllib.loads((Path(__file__).parent / "seed_commands.toml").read_text())["commands"]
NUMBER = phone_numbers.nth(400)

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


@dataclass(frozen=True)
class Answer:
    """What curl saw."""

    status: int
    body: Any


@pytest.fixture
def things(account: Account) -> dict[str, str]:
    """What the placeholders stand for: a profile, a template and a pending verification."""
    profile_id = account.profile()
    template = account.api.post("/verify_profiles/templates", json={"text": "Old {{code}}"})
    verification = account.trigger(
        phone_number=NUMBER, verify_profile_id=profile_id, custom_code="12345"
    )
    return {
        "{number}": NUMBER,
        "{profile_id}": profile_id,
        "{template_id}": template.json()["data"]["id"],
        "{verification_id}": verification["id"],
    }


def _curl(account: Account, things: dict[str, str], command: dict[str, Any]) -> Answer:
    arguments = ["--request", command["method"], "--header", f"Authorization: Bearer {account.key}"]
    if media_type := command.get("media_type", "application/json" if "body" in command else None):
        arguments += ["--header", f"Content-Type: {media_type}"]
    if "body" in command:
        arguments += ["--data", _with(things, json.dumps(command["body"]))]
    url = str(account.api.base_url).rstrip("/") + _with(things, command["path"])
    ended = subprocess.run(
        ["curl", "--silent", "--max-time", "10", "--write-out", "\n%{http_code}", *arguments, url],
        capture_output=True,
        text=True,
        check=True,
    )
    body, _, status = ended.stdout.rpartition("\n")
    return Answer(int(status), json.loads(body))


def _with(things: dict[str, str], text: str) -> str:
    for placeholder, value in things.items():
        text = text.replace(placeholder, value)
    return text


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each["title"])
def test_the_pages_request_is_answered(
    account: Account, things: dict[str, str], command: dict[str, Any]
) -> None:
    answer = _curl(account, things, command)
    assert answer.status == command["status"], answer.body
    assert ("data" if answer.status == 200 else "errors") in answer.body
    if "response_code" in command:
        assert answer.body["data"]["response_code"] == command["response_code"]


def test_a_wrong_key_is_refused(account: Account, things: dict[str, str]) -> None:
    stranger = Account(account.id, "wrong", account.api, account.levers)
    answer = _curl(stranger, things, {"method": "GET", "path": "/verify_profiles"})
    assert (answer.status, answer.body["errors"][0]["code"]) == (401, "10009")


def test_the_pages_show_every_operation_but_whatsapp() -> None:
    shown = {(each["method"], each["path"]) for each in COMMANDS}
    assert len(shown) == 16
