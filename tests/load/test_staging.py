"""Load on a host that is not loopback: this machine's own other address, without any test hook."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.loopback_only import own_addresses
from tests.program import Harness
from verify_harness import phone_numbers


def _own_address() -> str:
    """An address of this machine that is not loopback, if it has one."""
    others = sorted(each for each in own_addresses() if not each.startswith("127."))
    return others[0] if others else "127.0.0.1"


ADDRESS = _own_address()
pytestmark = pytest.mark.skipif(ADDRESS.startswith("127."), reason="only a loopback address")


@pytest.fixture(scope="module")
def staging() -> Iterator[str]:
    command = [
        sys.executable,
        "-m",
        "verify_harness",
        "sandbox",
        "--port",
        "0",
        "--no-control-token",
        "--bind",
        "0.0.0.0",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[0].rpartition(":")[2].removesuffix("/v2")
        process.terminate()


def test_load_under_a_ceiling_sends_no_trigger_beyond_it(
    staging: str, write_profile: Callable[..., Path], tmp_path: Path
) -> None:
    origin = f"http://127.0.0.1:{staging}"  # its control API answers on loopback only
    tenant = httpx.post(f"{origin}/_sandbox/tenants", json={"seed": 7}).json()["tenants"][0]
    # every person of this scenario triggers twice, which no plan knows
    (tmp_path / "twice.py").write_text(TWICE)
    profile = write_profile(('"verify_journey"', '"twice.py"'))
    arguments = ["load", "run", str(profile), "--target", f"http://{ADDRESS}:{staging}/v2"]
    permitted = ["--allow-remote", ADDRESS, "--allow-plain-text"]
    environment = {**os.environ, "TELNYX_API_KEY": tenant["key"]}

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "verify_harness", *arguments, *more]
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )

    assert "needs a ceiling" in run(*permitted).stderr
    ended = run(*permitted, "--max-triggers", "25", "--max-rate", "100/s", "--processes", "2")

    assert ended.returncode == 3, ended.stdout + ended.stderr
    assert "triggers were not sent" in ended.stdout + ended.stderr
    outbox = httpx.get(f"{origin}/_sandbox/tenants/{tenant['id']}/outbox").json()
    assert len(outbox["messages"]) == 25


@pytest.mark.parametrize(
    "command", [("smoke",), ("contract", "run", "VFY-CODE-004", "VFY-LIST-001")]
)
def test_smoke_and_contract_run_there_once_it_is_named(
    harness: Harness, staging: str, command: tuple[str, ...]
) -> None:
    origin = f"http://127.0.0.1:{staging}"
    tenant = httpx.post(f"{origin}/_sandbox/tenants", json={"seed": 8}).json()["tenants"][0]
    target = (*command, "--target", f"http://{ADDRESS}:{staging}/v2")
    key = {"TELNYX_API_KEY": tenant["key"]}
    assert harness(*target, **key).code == 4
    assert harness(*target, "--allow-remote", ADDRESS, **key).code == 4  # the key in clear

    ended = harness(*target, "--allow-remote", ADDRESS, "--allow-plain-text", **key)

    assert ended.code == 0, ended.out + ended.err
    assert ended.run_json["target"]["kind"] == "url"
    sent = httpx.get(f"{origin}/_sandbox/tenants/{tenant['id']}/outbox").json()["messages"]
    assert sent
    assert all(phone_numbers.is_reserved(message["to"]) for message in sent)


TWICE = """
from verify_harness.load.journey import Journey

class Twice(Journey):
    def run(self, person):
        for number in (person.number, person.number):
            self.trigger("sms", number)
"""
