"""What holds for every test."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import loopback_only
from tests.program import Ended, Harness, environment

# Whoever runs the tests in the background has them ignore SIGINT, and so would every program that
# they start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

loopback_only.install()


@pytest.fixture(autouse=True)
def _stays_on_this_machine() -> Iterator[None]:
    """Fail the test that tried to reach another machine, whatever became of the attempt."""
    yield
    attempts = loopback_only.attempts.copy()
    loopback_only.attempts.clear()
    assert attempts == [], "the test tried to leave this machine"


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    """Run `verify-harness` with these arguments; `-o` and the working directory are given."""

    def run(*arguments: str, output: bool = True, **extra: str) -> Ended:
        directory = tmp_path / "run"
        place = ("-o", str(directory)) if output else ()
        ended = subprocess.run(
            [sys.executable, "-m", "verify_harness", *arguments, *place],
            cwd=tmp_path,
            env=environment(**extra),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr, directory)

    return run


@pytest.fixture
def dead_url() -> str:
    """A loopback URL where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/v2"
