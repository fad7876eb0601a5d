"""The program as its user runs it: a process of its own, in a directory of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from verify_harness import content
from verify_harness.spec import load
from verify_harness.spec.unreachable import unreachable

Harness = Callable[..., "Ended"]


@dataclass(frozen=True)
class Ended:
    """How a run of the program ended."""

    code: int
    out: str
    err: str
    directory: Path

    @property
    def run_json(self) -> dict[str, Any]:
        """The run's machine-readable report."""
        found: dict[str, Any] = json.loads((self.directory / "run.json").read_text())
        return found

    @property
    def journal(self) -> list[dict[str, Any]]:
        """The lines of the run's journal."""
        lines = (self.directory / "journal.ndjson").read_text().splitlines()
        return [json.loads(line) for line in lines]

    @property
    def unexplained(self) -> dict[str, list[str]]:
        """By operation, the documented statuses that were never answered, for no listed reason.

        Those that were answered although `specs/unreachable.toml` lists them, too.
        """
        dialect = self.run_json["dialect"]
        spec = load(overlay=content.specs() / "chosen.overlay.yaml")
        listed = unreachable(spec, dialect)
        told = {
            item["operation_id"]: set(item["statuses"]["unreached"])
            for item in self.run_json["coverage"]["operations"]
        }
        odd = {name: sorted(never ^ listed.get(name, {}).keys()) for name, never in told.items()}
        return {name: statuses for name, statuses in odd.items() if statuses}

    def status(self, requirement: str) -> str | None:
        """What the run says of one requirement; None if it says nothing."""
        entries = self.run_json["requirements"]
        return next((entry["status"] for entry in entries if entry["id"] == requirement), None)


def environment(**extra: str) -> dict[str, str]:
    """The test's environment without anything that would configure the program."""
    ours = ("TELNYX_", "VERIFY_HARNESS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, **extra}


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


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    """A clean sandbox started apart; its base URL."""
    with sandbox_with() as url:
        yield url


class sandbox_with:  # noqa: N801 - used as a function
    """A sandbox process with faults, for the length of a `with`; yields its base URL."""

    def __init__(self, *faults: str, port: str = "0", **extra: str) -> None:
        flags = [part for name in faults for part in ("--fault", name)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "verify_harness", "sandbox", "--port", port, *flags],
            env=environment(**extra),
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().split()[0]

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate(timeout=10)


@pytest.fixture
def dead_url() -> str:
    """A loopback URL where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/v2"
