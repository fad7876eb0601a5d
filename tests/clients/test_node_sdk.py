"""The vendor's Node SDK drives all 17 operations."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.conftest import Account
from verify_harness import phone_numbers

HERE = Path(__file__).parent
INSTALLED = HERE.parents[1] / ".node" / "clients"
NUMBER = phone_numbers.nth(500)
UNKNOWN = "12ade33a-21c0-473b-b055-b3c836e1c292"
TRIGGERS = ["triggerSMS", "triggerCall", "triggerFlashcall", "triggerWhatsappVerification"]

Sdk = Callable[..., Any]

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
    pytest.mark.skipif(
        not (INSTALLED / "node_modules" / "telnyx").exists(),
        reason="the Node SDK is not installed: make node",
    ),
]


class Refused(Exception):
    """An error of the SDK: its class and its HTTP status."""


@contextmanager
def _sdk(account: Account, key: str) -> Iterator[Sdk]:
    """Calls a method of the SDK by its path, in one Node process."""
    driver = HERE / "node" / "drive.mjs"
    command = ["node", str(driver), str(INSTALLED), str(account.api.base_url), key]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TELNYX_")}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=kept, stdin=pipe, stdout=pipe, text=True) as node:
        assert node.stdin is not None
        assert node.stdout is not None

        def call(method: str, *values: Any) -> Any:
            print(json.dumps({"call": method, "with": values}), file=node.stdin, flush=True)
            seen = json.loads(node.stdout.readline())  # type: ignore[union-attr]  # asserted above
            if "error" in seen:
                raise Refused(seen["error"], seen["status"])
            return seen["value"]

        yield call
        node.stdin.close()


@pytest.fixture
def sdk(account: Account) -> Iterator[Sdk]:
    """The SDK on a fresh account."""
    with _sdk(account, account.key) as call:
        yield call


@pytest.fixture
def profile_id(sdk: Sdk) -> str:
    """A profile with every channel."""
    channels: dict[str, Any] = {"sms": {}, "call": {}, "flashcall": {}, "whatsapp": {}}
    created: str = sdk("verifyProfiles.create", {"name": "p", **channels})["data"]["id"]
    return created


@pytest.mark.parametrize("method", TRIGGERS)
def test_each_channel_is_triggered_read_and_checked(
    sdk: Sdk, account: Account, profile_id: str, method: str
) -> None:
    body = {"phone_number": NUMBER, "verify_profile_id": profile_id}
    verification_id = sdk(f"verifications.{method}", body)["data"]["id"]
    assert sdk("verifications.retrieve", verification_id)["data"]["status"] == "pending"
    (message,) = account.outbox()
    for code, expected in (("nonsense", "rejected"), (message["code"], "accepted")):
        checked = sdk("verifications.actions.verify", verification_id, {"code": code})
        assert checked["data"] == {"phone_number": NUMBER, "response_code": expected}


def test_a_number_is_listed_and_checked(sdk: Sdk, profile_id: str) -> None:
    body = {"phone_number": NUMBER, "verify_profile_id": profile_id, "custom_code": "43612"}
    sdk("verifications.triggerSMS", body)
    listed = sdk("verifications.byPhoneNumber.list", NUMBER)
    assert [each["custom_code"] for each in listed["data"]] == ["43612"]
    for code, expected in (("00000", "rejected"), ("43612", "accepted")):
        guess = {"code": code, "verify_profile_id": profile_id}
        checked = sdk("verifications.byPhoneNumber.actions.verify", NUMBER, guess)
        assert checked["data"]["response_code"] == expected


def test_profiles_are_created_read_listed_changed_and_deleted(sdk: Sdk) -> None:
    ids = [sdk("verifyProfiles.create", {"name": f"p{n}"})["data"]["id"] for n in range(5)]
    assert [each["id"] for each in sdk("verifyProfiles.list", {"page[size]": 2})] == ids
    listed = sdk("verifyProfiles.list", {"filter": {"name": "p3"}})
    assert [each["name"] for each in listed] == ["p3"]
    changed = sdk("verifyProfiles.update", ids[0], {"name": "new", "sms": {"code_length": 6}})
    assert (changed["data"]["name"], changed["data"]["sms"]["code_length"]) == ("new", 6)
    assert sdk("verifyProfiles.retrieve", ids[0]) == changed
    assert sdk("verifyProfiles.delete", ids[0]) == changed
    with pytest.raises(Refused, match=r"NotFoundError.*404"):
        sdk("verifyProfiles.retrieve", ids[0])


def test_templates_are_listed_created_and_changed(sdk: Sdk) -> None:
    created = sdk("verifyProfiles.createTemplate", {"text": "one {{code}}"})["data"]
    sdk("verifyProfiles.updateTemplate", created["id"], {"text": "two {{code}}"})
    listed = sdk("verifyProfiles.retrieveTemplates")["data"]
    assert {"id": created["id"], "text": "two {{code}}"} in listed


def test_a_number_is_looked_up(sdk: Sdk) -> None:
    data = sdk("numberLookup.retrieve", "+13035550100", {"type": "carrier"})["data"]
    assert (data["phone_number"], data["country_code"]) == ("+13035550100", "US")


def test_refusals_are_the_sdks_own_errors(sdk: Sdk, account: Account, profile_id: str) -> None:
    with pytest.raises(Refused, match=r"BadRequestError.*400"):
        sdk("verifications.triggerSMS", {"phone_number": "x", "verify_profile_id": profile_id})
    with pytest.raises(Refused, match=r"NotFoundError.*404"):
        sdk("verifications.retrieve", UNKNOWN)
    with _sdk(account, "wrong") as stranger, pytest.raises(Refused, match=r"Authentication.*401"):
        stranger("verifyProfiles.list")
