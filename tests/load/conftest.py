"""A profile to start from; the processes that the load tests need."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from verify_harness.load.profile import Profile, load_profile

PROFILE = """
title = "A profile of the tests"
scenario = "verify_journey"

[[arrivals]]
shape = "constant"
rate_per_s = 10
duration_s = 2

[mix]
sms = 40
call = 30
flashcall = 20
whatsapp = 10

[shares]
wrong_code = 25

[waits]
delivery_delay_s = [0.5, 1.5]
typing_time_s = [0, 0]
"""

_URL = re.compile(r"http://127\.0\.0\.1:[0-9]+")


@pytest.fixture
def write_profile(tmp_path: Path) -> Callable[..., Path]:
    """Write the profile above with pieces of text replaced; gives its path."""

    def write(*replacements: tuple[str, str]) -> Path:
        text = PROFILE
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def profile(write_profile: Callable[..., Path]) -> Profile:
    """The profile above."""
    return load_profile(str(write_profile()))


@pytest.fixture(scope="module")
def sandbox_url() -> Iterator[str]:
    """A sandbox in a process of its own; its address without a path."""
    command = [sys.executable, "-m", "verify_harness.sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = next(filter(None, map(_URL.search, process.stdout)), None)
            assert found is not None, "the sandbox ended without printing its address"
            yield found[0]
        finally:
            process.terminate()
