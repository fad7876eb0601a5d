"""A stand-in that the tests declare to be the live service, and a command line that believes it.

The declaration is an object handed to the command in this process: no option, variable or file of
a user's can make it. TLS, its certificates and their check are real; behind it is a sandbox.
"""

import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.live.command_line import KEY_VARIABLE, CommandLine
from tests.live.stand_in import StandIn
from tests.program import environment

NUMBER = "+12025550101"
NUMBERS = f'numbers = ["{NUMBER}", "+12025550102"]\n'
CHANNELS = ("sms", "call", "flashcall", "whatsapp")
HOST = "api.telnyx.com"

_TLS = ssl.create_default_context()  # built once: httpx would build one per request, never used


@dataclass(frozen=True)
class Control:
    """The sandbox itself."""

    origin: str

    def __call__(self, path: str, body: Any = None, key: str = "") -> Any:
        """Make a request; returns the answer as JSON."""
        answer = httpx.request(
            "GET" if body is None else "POST",
            f"{self.origin}{path}",
            json=body,
            headers={"authorization": f"Bearer {key}"} if key else {},
            verify=_TLS,
        )
        return answer.json()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificate and key of the live host in one file, signed by itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    both = tmp_path_factory.mktemp("authority") / "both.pem"
    key = both.with_name("key.pem")
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=test", "-keyout", str(key), "-out", str(both)]
    command += ["-addext", f"subjectAltName=DNS:{HOST}"]
    subprocess.run(command, check=True, capture_output=True)
    both.write_text(both.read_text() + key.read_text())
    return both


@pytest.fixture(scope="session")
def sandbox_origin() -> Iterator[str]:
    """The sandbox behind the stand-in."""
    command = [sys.executable, "-m", "verify_harness", "sandbox", "--port", "0"]
    command += ["--rate-limit", "off", "--no-control-token"]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[0].removesuffix("/v2")
        process.terminate()


@pytest.fixture(scope="session")
def control(sandbox_origin: str) -> Control:
    return Control(sandbox_origin)


@pytest.fixture
def tenant(control: Control) -> dict[str, str]:
    """An account of the stand-in: `id` and `key`."""
    minted: dict[str, str] = control("/_sandbox/tenants", {"seed": 11})["tenants"][0]
    return minted


@pytest.fixture
def make_profile(control: Control, tenant: dict[str, str]) -> Callable[..., str]:
    """Makes a profile that bounds what may be spent, but for what is changed; returns its id."""

    def make(**changes: Any) -> str:
        channels = {channel: {"whitelisted_destinations": ["US"]} for channel in CHANNELS}
        limit = {"daily_spend_limit": 2.0, "daily_spend_limit_enabled": True}
        body = {"name": "live", **channels, **limit, **changes}
        made = control("/v2/verify_profiles", body, key=tenant["key"])
        return str(made["data"]["id"])

    return make


@pytest.fixture
def stand_in(authority: Path, sandbox_origin: str) -> Iterator[StandIn]:
    server = StandIn(authority, sandbox_origin)
    yield server
    server.close()


@pytest.fixture
def command_line(
    stand_in: StandIn,
    authority: Path,
    tenant: dict[str, str],
    make_profile: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> CommandLine:
    """`smoke --live` with all that it needs; each part can be changed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(KEY_VARIABLE, tenant["key"])
    monkeypatch.delenv("VERIFY_HARNESS_LIVE", raising=False)
    (tmp_path / "own.toml").write_text(NUMBERS)
    options = {
        "--numbers": "own.toml",
        "--budget": "1.00USD",
        "--profile": make_profile(),
        "--ledger": str(tmp_path / "ledger.ndjson"),
        "--ca-file": str(authority),
        "-o": str(tmp_path / "run"),
    }
    return CommandLine(stand_in.service, options, tmp_path / "run", tmp_path / "ledger.ndjson")
