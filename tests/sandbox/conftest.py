"""A sandbox in a process of its own, and accounts to use it with."""

import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest

from verify_harness import phone_numbers

_numbers = count(1000)
_TLS = ssl.create_default_context()  # built once: httpx would build one per client, never used here


@dataclass(frozen=True)
class Account:
    """One tenant: its API client and its levers."""

    id: str
    key: str
    api: httpx.Client
    levers: httpx.Client

    def profile(self, **fields: Any) -> str:
        """The id of a new profile that configures every channel, unless told otherwise."""
        channels: dict[str, Any] = {"sms": {}, "call": {}, "flashcall": {}, "whatsapp": {}}
        answer = self.api.post("/verify_profiles", json={"name": "p", **channels, **fields})
        assert answer.status_code == 200, answer.text
        profile_id: str = answer.json()["data"]["id"]
        return profile_id

    def trigger(self, channel: str = "sms", **fields: Any) -> dict[str, Any]:
        """A new verification, as the API shows it."""
        fields.setdefault("phone_number", phone_numbers.nth(next(_numbers)))
        if "verify_profile_id" not in fields:
            fields["verify_profile_id"] = self.profile()
        answer = self.api.post(f"/verifications/{channel}", json=fields)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()["data"]
        return shown

    def check(self, verification: dict[str, Any], code: str) -> str:
        """The response code of a check by id."""
        path = f"/verifications/{verification['id']}/actions/verify"
        answer = self.api.post(path, json={"code": code})
        assert answer.status_code == 200, answer.text
        assert answer.json()["data"]["phone_number"] == verification["phone_number"]
        response_code: str = answer.json()["data"]["response_code"]
        return response_code

    def status(self, verification: dict[str, Any]) -> str:
        """The status a reader sees now."""
        answer = self.api.get(f"/verifications/{verification['id']}")
        status: str = answer.json()["data"]["status"]
        return status

    def outbox(self) -> list[dict[str, Any]]:
        """What was sent."""
        messages: list[dict[str, Any]] = self.levers.get("outbox").json()["messages"]
        return messages

    def code_of(self, verification: dict[str, Any]) -> str:
        """The code that was sent for a verification."""
        sent = (m for m in self.outbox() if m["verification_id"] == verification["id"])
        code: str = next(sent)["code"]
        return code

    def advance(self, secs: float) -> None:
        """Let time pass."""
        self.levers.post("clock", json={"advance_secs": secs}).raise_for_status()


Mint = Callable[..., tuple[Account, Account]]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[str]:
    """The address of a running sandbox."""
    command = [sys.executable, "-m", "verify_harness.sandbox"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
            server.wait(10)


@pytest.fixture
def mint(sandbox: str) -> Iterator[Mint]:
    """Makes pairs of accounts and drops them again."""
    pairs: list[tuple[Account, Account]] = []

    def account(tenant: dict[str, str]) -> Account:
        bearer = {"authorization": f"Bearer {tenant['key']}"}
        own = f"{sandbox}/_sandbox/tenants/{tenant['id']}"
        api = httpx.Client(base_url=f"{sandbox}/v2", headers=bearer, verify=_TLS)
        levers = httpx.Client(base_url=own, verify=_TLS)
        return Account(tenant["id"], tenant["key"], api, levers)

    def make(**wish: Any) -> tuple[Account, Account]:
        answer = httpx.post(f"{sandbox}/_sandbox/tenants", json=wish, verify=_TLS)
        assert answer.status_code == 200, answer.text
        first, second = answer.json()["tenants"]
        pairs.append((account(first), account(second)))
        return pairs[-1]

    yield make
    for first, second in pairs:
        httpx.delete(f"{sandbox}/_sandbox/tenants/{first.id}", verify=_TLS)
        for each in (first, second):
            each.api.close()
            each.levers.close()


@pytest.fixture
def account(mint: Mint) -> Account:
    """A fresh account."""
    return mint()[0]


@pytest.fixture
def observed(mint: Mint) -> Account:
    """A fresh account of the observed dialect."""
    return mint(dialect="observed")[0]
