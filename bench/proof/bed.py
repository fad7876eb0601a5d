"""The test bed: a sandbox process for each fault, and the objects that manuals ask for."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from verify_harness import phone_numbers, subprocesses

KEYS = {"alice": "KEY_of_alice_in_the_bench", "bob": "KEY_of_bob_in_the_bench"}
"""Two accounts that must not see each other's things."""
NUMBERS = {"alice": phone_numbers.nth(1), "bob": phone_numbers.nth(2)}
CODE = "43612"
UNKNOWN = "12ade33a-21c0-473b-b055-b3c836e1c292"
_ENVIRONMENT = {
    "TELNYX_API_KEY": KEYS["alice"],
    "VERIFY_HARNESS_SECOND_API_KEY": KEYS["bob"],
}

Things = dict[str, str]


@dataclass(frozen=True, slots=True)
class Job:
    """What a tool is given: a running sandbox, a folder of its own, a seed and a limit."""

    url: str
    """Base URL, with /v2."""
    fault: str | None
    """For our proof alone, which switches it on itself; the sandbox has it already."""
    folder: Path
    seed: int
    timeout_secs: float

    def execute(self, command: list[str], **environment: str) -> None:
        """Run a tool to its end, its output in the folder; its exit code says nothing here.

        Raises subprocess.TimeoutExpired if it takes too long.
        """
        with (self.folder / "output.txt").open("ab") as output:
            subprocess.run(
                command,
                cwd=self.folder,
                env={**os.environ, **_ENVIRONMENT, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                timeout=self.timeout_secs,
                check=False,
            )

    def arranged(self) -> dict[str, Things]:
        """Objects of both accounts, by the name of the account."""
        return {name: _things(self.url, key, NUMBERS[name]) for name, key in KEYS.items()}


@contextmanager
def sandbox(fault: str | None, seed: int) -> Iterator[str]:
    """A sandbox process with this fault; yields its base URL."""
    faults = () if fault is None else ("--fault", fault)
    options = ("--port", "0", "--seed", str(seed))
    command = [sys.executable, "-m", "verify_harness", "sandbox", *options, *faults]
    environment = {**os.environ, **_ENVIRONMENT}
    with subprocesses.spawn(command, environment, stdout=subprocess.PIPE) as server:
        try:
            line = server.stdout.readline() if server.stdout else b""
            yield line.decode().split()[0]
        finally:
            subprocesses.stop(server)


def requests_served(url: str) -> int:
    """How many requests the sandbox has counted so far."""
    announced = httpx.get(f"{url.removesuffix('/v2')}/_sandbox/").json()
    served: int = announced["requests_served"]
    return served


def _things(url: str, key: str, number: str) -> Things:
    """A profile with every channel, a second one to delete, a template, a verification."""
    bearer = {"authorization": f"Bearer {key}"}
    channels: dict[str, Any] = {"sms": {}, "call": {}, "flashcall": {}, "whatsapp": {}}
    with httpx.Client(base_url=url, headers=bearer) as client:
        profile_id = _made(client, "/verify_profiles", {"name": "bench", **channels})
        spare_id = _made(client, "/verify_profiles", {"name": "spare"})
        own = {"custom_code": CODE, "timeout_secs": 600}
        trigger = {"phone_number": number, "verify_profile_id": profile_id}
        return {
            "phone_number": number,
            "verify_profile_id": profile_id,
            "spare_profile_id": spare_id,
            "template_id": _made(client, "/verify_profiles/templates", {"text": "Hi {{code}}"}),
            "verification_id": _made(client, "/verifications/sms", {**trigger, **own}),
        }


def _made(client: httpx.Client, path: str, body: Mapping[str, Any]) -> str:
    """The id of a new object; an unknown one where a fault keeps it from being made."""
    answer = client.post(path, json=body)
    try:
        made: str = answer.json()["data"]["id"]
    except (ValueError, KeyError):
        return UNKNOWN
    return made
