"""Sandboxes that were started apart, and an address without one."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.program import environment


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    """A clean sandbox started apart; its base URL."""
    with sandbox_with() as url:
        yield url


class sandbox_with:  # noqa: N801 - used as a function
    """A sandbox process with faults or options, for the length of a `with`; yields its URL."""

    def __init__(
        self, *faults: str, port: str = "0", options: tuple[str, ...] = (), **extra: str
    ) -> None:
        flags = [*options, *(part for name in faults for part in ("--fault", name))]
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
