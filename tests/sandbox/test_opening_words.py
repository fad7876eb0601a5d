"""What `sandbox` says when it begins: commands that work as they are printed."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import httpx
import pytest

from tests.program import environment

KEY = "KEY_opening_words"


@contextmanager
def started(*options: str, **variables: str) -> Iterator[tuple[str, IO[str]]]:
    """The URL of a sandbox, and what it says on stderr."""
    process = subprocess.Popen(
        [sys.executable, "-m", "verify_harness", "sandbox", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(**variables),
    )
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        yield process.stdout.readline().split("/v2")[0], process.stderr
    finally:
        process.terminate()
        process.communicate(timeout=20)


def curled(line: str, **variables: str) -> object:
    """What the curl command in this line prints."""
    command = line[line.index("curl ") :].replace("curl ", "curl -sf --max-time 20 ")
    ended = subprocess.run(
        ["bash", "-c", command], env=environment(**variables), capture_output=True, check=True
    )
    return json.loads(ended.stdout)


def triggered(url: str) -> str:
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {KEY}"}) as api:
        profile = api.post("/v2/verify_profiles", json={"name": "x", "sms": {}}).json()["data"]
        asked = {"phone_number": "+12025550163", "verify_profile_id": profile["id"]}
        answer = api.post("/v2/verifications/sms", json=asked)
    assert answer.status_code == 200
    return str(answer.json()["data"]["id"])


@pytest.mark.parametrize(
    "options, variables",
    [
        ((), {}),
        ((), {"VERIFY_HARNESS_SANDBOX_TOKEN": "a-token-of-sixteen-letters"}),
        (("--no-control-token",), {}),
    ],
)
def test_the_command_for_codes_works_as_printed(
    options: tuple[str, ...], variables: dict[str, str]
) -> None:
    with started(*options, TELNYX_API_KEY=KEY, **variables) as (url, stderr):
        said = stderr.readline()
        assert triggered(url) in json.dumps(curled(said, **variables))
    assert "a-token-of-sixteen-letters" not in said


def test_without_a_key_a_tenant_is_minted_as_printed() -> None:
    with started() as (_url, stderr):
        _codes, said = stderr.readline(), stderr.readline()
        assert said.startswith("no key: ")
        assert '"key": "SANDBOX' in json.dumps(curled(said))


@pytest.mark.parametrize("bind", ["0.0.0.0", "::"])
def test_who_else_can_connect_is_said(bind: str) -> None:
    with started("--bind", bind, TELNYX_API_KEY=KEY) as (_url, stderr):
        _codes, said = stderr.readline(), stderr.readline()
    assert said == f"warning: other machines can connect to {bind}, with any key above\n"
