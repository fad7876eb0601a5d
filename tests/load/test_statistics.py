"""Locust's own statistics, which we fill in bulk: the same figures, and no growth."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).parent / "bulk_statistics.py"


@pytest.fixture(scope="module")
def told() -> Any:
    command = [sys.executable, str(PROGRAM)]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def test_the_figures_are_those_that_locust_would_have_counted(told: Any) -> None:
    by_locust, in_bulk = told["figures"]

    assert by_locust[0][:3] == ["Aggregated", 1000, 100]
    assert in_bulk == by_locust


def test_other_listeners_still_hear_of_every_request(told: Any) -> None:
    assert told["heard"] == 1000


def test_what_is_kept_of_a_long_run_is_bounded(told: Any) -> None:
    seconds, seconds_of_step, history = told["kept"]

    assert seconds <= 61
    assert seconds_of_step <= 61
    assert 1000 <= history <= 2000
