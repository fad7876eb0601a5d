"""Services of somebody's own, for the length of a test."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.program import environment

KEYS = {
    "TELNYX_API_KEY": "KEY_of_the_first_0123456789",
    "VERIFY_HARNESS_SECOND_API_KEY": "KEY_of_the_second_0123456789",
}
"""The keys of the two accounts that a service knows."""


@contextmanager
def serving(*, hangs_on: str | None = None) -> Iterator[str]:
    """The base URL of a service without levers that answers all but the requests `hangs_on`."""
    command = [sys.executable, "-m", "tests.targets.stranger", "0", *KEYS.values()]
    extra = {"STRANGER_HANGS_ON": hangs_on} if hangs_on else {}
    env = environment(**extra)
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
