"""Awkward servers, with and without TLS, and our clients in processes of their own."""

import json
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.servers import AwkwardServer

PROGRAM = Path(__file__).parent / "ask.py"
Ask = Callable[..., dict[str, Any]]
"""Makes requests with a client: `ask(url, request…, client="lean", limits={…})`."""


def asked(
    url: str, *requests: tuple[str, str, Any, float], client: str = "lean", **more: Any
) -> dict[str, Any]:
    """Make the requests, one after the other, and give what `ask.py` says of them."""
    document = {"url": url, "requests": requests, "client": client, **more}
    ended = subprocess.run(
        [sys.executable, str(PROGRAM)],
        input=json.dumps(document),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    outcome: dict[str, Any] = json.loads(ended.stdout)
    return outcome


@pytest.fixture
def server() -> Iterator[AwkwardServer]:
    awkward = AwkwardServer()
    yield awkward
    awkward.close()


@pytest.fixture
def ask(server: AwkwardServer) -> Ask:
    return lambda *requests, **more: asked(server.url, *requests, **more)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificate and key of 127.0.0.1 in one file, signed by itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    key = path.with_name("key.pem")
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, "-keyout", key, "-out", path], check=True, capture_output=True)
    path.write_text(path.read_text() + key.read_text())
    return path


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[AwkwardServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    awkward = AwkwardServer(context)
    yield awkward
    awkward.close()
