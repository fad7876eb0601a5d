"""The search for the highest rate that keeps the SLO."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from verify_harness import journal
from verify_harness.errors import NoVerdict
from verify_harness.journal.embedded import Probe
from verify_harness.journal.records import LoadFinished
from verify_harness.load.capacity_runner import find_capacity
from verify_harness.load.capacity_search import (
    PRECISION,
    CeilingAllowsNoMore,
    GeneratorExhausted,
    search,
)
from verify_harness.load.launcher import LoadRun
from verify_harness.load.profile import load_profile
from verify_harness.report.wording import capacity_line
from verify_harness.safety.permission import Ceiling

PACED = Path(__file__).parent / "paced.py"


def _keeps_up_to(capacity_per_s: float) -> Callable[[float], Probe]:
    return lambda rate: Probe(rate, kept=rate <= capacity_per_s)


@pytest.mark.parametrize("capacity_per_s", [0.9, 3.0, 10.0, 37.0, 4000.0])
def test_the_capacity_is_found_within_the_precision(capacity_per_s: float) -> None:
    found = search(_keeps_up_to(capacity_per_s))

    assert found.high_per_s is not None
    assert found.low_per_s <= capacity_per_s < found.high_per_s
    assert found.high_per_s <= found.low_per_s * (1 + PRECISION)


def test_the_winner_is_tried_again_at_the_end() -> None:
    found = search(_keeps_up_to(37.0))

    assert found.probes[-1] == Probe(found.low_per_s, kept=True)
    assert [item.rate_per_s for item in found.probes].count(found.low_per_s) == 2


def test_a_winner_that_is_not_confirmed_gives_way_to_a_lower_rate() -> None:
    seen: list[float] = []

    def lucky_once(rate: float) -> Probe:
        lucky = rate <= 38 and rate not in seen
        seen.append(rate)
        return Probe(rate, kept=rate <= 30 or lucky)

    assert search(lucky_once).low_per_s <= 30


def test_few_probes_are_made() -> None:
    assert len(search(_keeps_up_to(37.0)).probes) <= 10


def test_a_generator_at_its_end_gives_a_lower_bound_only() -> None:
    def measure(rate: float) -> Probe:
        if rate > 70:
            raise GeneratorExhausted("saturated")
        return Probe(rate, kept=True)

    found = search(measure)

    assert found.high_per_s is None
    assert 66 < found.low_per_s <= 70


def test_a_ceiling_ends_the_growth_with_its_own_reason() -> None:
    def measure(rate: float) -> Probe:
        if rate > 70:
            raise CeilingAllowsNoMore("spent")
        return Probe(rate, kept=True)

    found = search(measure)

    assert found.high_per_s is None
    assert "at least 70 journeys/s; the ceiling allows no more" in capacity_line(found)


@pytest.mark.parametrize(
    "ceiling,says",
    [
        (Ceiling(max_triggers=99), "too few for 10 journeys/s"),
        (Ceiling(max_rate_per_s=9.5), "more often than 9.5 times a second"),
    ],
)
def test_a_probe_that_would_exceed_the_ceiling_sends_nothing(
    ceiling: Ceiling, says: str, write_profile: Callable[..., Path], tmp_path: Path
) -> None:
    profile = load_profile(str(write_profile()))
    run = LoadRun("http://127.0.0.1:9/v2", "KEY-0123456789", profile, 7, "r", tmp_path)
    with pytest.raises(CeilingAllowsNoMore, match=says):
        find_capacity(replace(run, ceiling=ceiling), probe_secs=10)
    assert not (tmp_path / "probes").exists()


def test_a_target_that_never_keeps_the_limits_has_no_capacity() -> None:
    with pytest.raises(NoVerdict, match="the SLO is missed"):
        search(_keeps_up_to(0))


def test_a_search_that_never_settles_ends() -> None:
    seen: list[float] = []

    def only_the_first_time(rate: float) -> Probe:
        seen.append(rate)
        return Probe(rate, kept=seen.count(rate) == 1 and rate < 2000)

    with pytest.raises(NoVerdict, match="vary too much"):
        search(only_the_first_time)


@pytest.mark.long
def test_a_server_of_known_capacity_is_measured_within_five_percent(
    write_profile: Callable[..., Path], tmp_path: Path
) -> None:
    limits = '[slo]\n"p95(trigger)" = "< 60 ms"\n[waits]\n'
    path = write_profile(
        ("wrong_code = 25", "abandon = 100"),
        ("[waits]\ndelivery_delay_s = [0.5, 1.5]\n", limits),
    )
    directory = tmp_path / "run"
    directory.mkdir()
    command = [sys.executable, str(PACED), "120"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            url = (server.stdout.readline() if server.stdout else "").strip()
            run = LoadRun(f"{url}/v2", "KEY-0123456789", load_profile(str(path)), 7, "r", directory)
            found = find_capacity(run, probe_secs=5)
        finally:
            server.terminate()

    assert found.low_per_s == pytest.approx(120, rel=0.05)
    assert sum(isinstance(entry, LoadFinished) for entry in journal.read(directory)) == 1


@pytest.mark.long
def test_the_capacity_of_a_limited_sandbox_is_found_within_five_percent(
    write_profile: Callable[..., Path], tmp_path: Path
) -> None:
    limits = '[slo]\n"p95(trigger)" = "< 60 ms"\n[waits]\n'
    profile = write_profile(
        ("wrong_code = 25", "abandon = 100"),  # one request a journey
        ("[waits]\ndelivery_delay_s = [0.5, 1.5]\n", limits),
    )
    known = {**os.environ, "TELNYX_API_KEY": "KEY-of-the-capacity-test"}
    harness = [sys.executable, "-m", "verify_harness"]
    command = [*harness, "sandbox", "--port", "0", "--capacity", "150"]
    with subprocess.Popen(command, env=known, stdout=subprocess.PIPE, text=True) as sandbox:
        try:
            url = (sandbox.stdout.readline() if sandbox.stdout else "").split()[0]
            search = [*harness, "load", "capacity", str(profile), "--probe-secs", "5"]
            search += ["--target", url, "-o", str(tmp_path / "out")]
            ended = subprocess.run(search, env=known, capture_output=True, text=True, check=False)
        finally:
            sandbox.terminate()

    assert ended.returncode == 0, ended.stderr + ended.stdout
    found = json.loads((tmp_path / "out" / "run.json").read_text())["load"]["capacity"]
    assert found["low_per_s"] == pytest.approx(150, rel=0.05)
    assert "capacity: probe 1, " in ended.stderr
    assert re.search(r"capacity: [\d.]+ journeys/s kept\n", ended.stderr)
    assert re.search(r"capacity: [\d.]+ journeys/s missed: p95\(trigger\)", ended.stderr)
