"""What the figures say when the target stands still: nothing may be hidden."""

import math
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist
from typing import Any

import msgspec
import pytest

from verify_harness import journal
from verify_harness.journal.records import LoadFinished, LoadSecond
from verify_harness.load.launcher import LoadRun, run_load
from verify_harness.load.profile import load_profile
from verify_harness.results import histograms

PACED = Path(__file__).parent / "paced.py"
FROZEN_S = 2.0
MEDIAN_S = 0.25
SIGMA = 0.5
"""Of the lognormal latencies that paced.py knows."""
PROFILE = """
title = "Triggers only"
scenario = "verify_journey"
{users}
[[arrivals]]
shape = "constant"
rate_per_s = 50
duration_s = 8
[mix]
sms = 100
[shares]
abandon = 100
"""


@pytest.fixture
def frozen_run(tmp_path: Path) -> Callable[[str], list[Any]]:
    """Load a server that is stopped for a while in the middle; gives the journal's lines."""

    def run(users: str) -> list[Any]:
        path = tmp_path / "frozen.toml"
        path.write_text(PROFILE.format(users=users))
        command = [sys.executable, str(PACED), "100000"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                url = (server.stdout.readline() if server.stdout else "").strip()
                threading.Thread(target=_freeze, args=(server, tmp_path), daemon=True).start()
                run_load(
                    LoadRun(f"{url}/v2", "KEY-0123", load_profile(str(path)), 7, "r", tmp_path)
                )
            finally:
                server.terminate()
        return [msgspec.to_builtins(entry) for entry in journal.read(tmp_path)]

    return run


def _freeze(server: subprocess.Popen[str], directory: Path) -> None:
    """Stop the server for a while once the load is on its way."""
    part = journal.part(directory, "load")
    while not part.exists() or b"load-second" not in part.read_bytes():
        time.sleep(0.05)
    server.send_signal(signal.SIGSTOP)
    time.sleep(FROZEN_S)
    server.send_signal(signal.SIGCONT)


def _p95_ms(lines: list[Any], name: str) -> float:
    blocks = [line[name] for line in lines if line["kind"] == "load-second"]
    return float(histograms.merged(blocks).get_value_at_percentile(95)) / 1000


def _late_starts(lines: list[Any]) -> int:
    (finished,) = [line for line in lines if line["kind"] == "load-finished"]
    return int(finished["journeys"]["late_starts"])


@pytest.mark.long
def test_an_open_loop_shows_the_pause_in_both_times_and_starts_nobody_late(
    frozen_run: Callable[[str], list[Any]],
) -> None:
    lines = frozen_run("")

    # a quarter of all starts fall into the pause; at the 95th percentile a fifth of it is over
    expected_ms = FROZEN_S * 1000 * (1 - 0.05 * 8 / FROZEN_S)
    assert _p95_ms(lines, "response") == pytest.approx(expected_ms, rel=0.05)
    assert _p95_ms(lines, "service") == pytest.approx(expected_ms, rel=0.05)
    assert _late_starts(lines) <= 8


@pytest.mark.long
def test_with_few_users_the_service_time_hides_the_pause_and_the_response_time_does_not(
    frozen_run: Callable[[str], list[Any]],
) -> None:
    lines = frozen_run("users = 4")

    expected_ms = FROZEN_S * 1000 * (1 - 0.05 * 8 / FROZEN_S)
    assert _p95_ms(lines, "service") < 200
    assert _p95_ms(lines, "response") == pytest.approx(expected_ms, rel=0.05)
    assert _late_starts(lines) > 80


MANY = """
title = "People at once, again and again"
scenario = "verify_journey"
judged = false
[[arrivals]]
shape = "closed"
users = 5500
duration_s = 15
[mix]
sms = 100
[shares]
abandon = 100
"""


@pytest.mark.long
def test_five_thousand_connections_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "many.toml"
    path.write_text(MANY)
    command = [sys.executable, str(PACED), "100000", "4", "0.1"]  # all for 3 to 6 s: in time
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            url = (server.stdout.readline() if server.stdout else "").strip()
            run_load(LoadRun(f"{url}/v2", "KEY-0123", load_profile(str(path)), 7, "r", tmp_path))
        finally:
            server.terminate()

    (finished,) = [one for one in journal.read(tmp_path) if isinstance(one, LoadFinished)]
    # who begins late may find a connection that is free already
    assert 5000 <= int(finished.generator["connections"] or 0) <= 5500
    assert finished.journeys.started > 10_000
    assert finished.generator["reconnects"] == 0
    assert finished.failures == ()


@pytest.mark.long
def test_a_known_latency_is_measured_within_two_percent(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text(PROFILE.format(users="").replace("= 50", "= 100").replace("= 8", "= 10"))
    command = [sys.executable, str(PACED), "100000", str(MEDIAN_S)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            url = (server.stdout.readline() if server.stdout else "").strip()
            run_load(LoadRun(f"{url}/v2", "KEY-0123", load_profile(str(path)), 7, "r", tmp_path))
        finally:
            server.terminate()

    seconds = [one for one in journal.read(tmp_path) if isinstance(one, LoadSecond)]
    for name in ("service", "response"):
        measured = histograms.merged(getattr(second, name) for second in seconds)
        for percentile in (50, 95, 99):
            known_s = MEDIAN_S * math.exp(SIGMA * NormalDist().inv_cdf(percentile / 100))
            found_s = measured.get_value_at_percentile(percentile) / 1_000_000
            assert found_s == pytest.approx(known_s, rel=0.02), (name, percentile)
