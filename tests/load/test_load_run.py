"""A whole load run: locust as a process of its own against the sandbox."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from verify_harness import bundled, journal
from verify_harness.errors import NoVerdict, RemoteLoadRefused
from verify_harness.journal.encoding import ascii_json
from verify_harness.load.client.api_steps import STEP_NAMES
from verify_harness.load.launcher import LoadRun, run_load
from verify_harness.load.process_settings import LoadSettings
from verify_harness.load.profile import Profile, load_profile
from verify_harness.results import build_view, histograms

CRASHING = """
from verify_harness.load.journey import Journey

class Crashing(Journey):
    def run(self, person):
        raise ZeroDivisionError("a bug")
"""

BUSY = """
title = "Everything a person can do"
scenario = "verify_journey"
sample_percent = 100

[[arrivals]]
shape = "ramp"
rate_per_s = 40
duration_s = 2

[[arrivals]]
shape = "closed"
users = 3
duration_s = 1

[mix]
sms = 70
call = 10
flashcall = 10
whatsapp = 10

[shares]
wrong_code = 10
late_code = 10
resend = 10
abandon = 10
replay = 10
lock_out = 10
double_submit = 10
by_number = 30
status_polling = 30
list_by_number = 30
lookup = 30
profile_admin = 30

[slo]
"p99(trigger, sms)" = "< 60 s"
"""

RUNNING = """
import sys
from pathlib import Path
from verify_harness.load.profile import load_profile
from verify_harness.load.process_settings import LoadSettings
from verify_harness.load.launcher import LoadRun, run_load
from verify_harness.load.client.api_steps import STEP_NAMES
url, key, directory = sys.argv[1:]
run_load(LoadRun(url, key, load_profile("smoke"), 7, "run-1", Path(directory)))
"""

RUNNING_IN_TWO = RUNNING.replace("Path(directory)))", "Path(directory), processes=2))")


@pytest.fixture
def new_key(sandbox_url: str) -> Callable[..., str]:
    """Mint a tenant of the sandbox, with faults; gives its key."""

    def mint(*faults: str) -> str:
        wanted = {"seed": 7, "faults": list(faults)}
        answer = httpx.post(f"{sandbox_url}/_sandbox/tenants", json=wanted)
        return str(answer.raise_for_status().json()["tenants"][0]["key"])

    return mint


@pytest.fixture
def new_run(
    sandbox_url: str, new_key: Callable[..., str], tmp_path: Path, profile: Profile
) -> Callable[..., LoadRun]:
    """A load run on the sandbox as a new tenant, unless told otherwise."""

    def make(key: str = "", faults: tuple[str, ...] = (), of: Profile = profile) -> LoadRun:
        key = key or new_key(*faults)
        return LoadRun(f"{sandbox_url}/v2", key, of, 7, run_id="test-run", directory=tmp_path)

    return make


def _requests_served(sandbox_url: str) -> int:
    return int(httpx.get(f"{sandbox_url}/_sandbox/").json()["requests_served"])


def _lines(directory: Path, kind: str) -> list[Any]:
    lines = [json.loads(ascii_json(entry)) for entry in journal.read(directory)]
    return [line for line in lines if line["kind"] == kind]


def test_a_load_run_tells_everything_by_its_journal(
    sandbox_url: str, new_run: Callable[..., LoadRun], tmp_path: Path
) -> None:
    run = new_run()
    served_before = _requests_served(sandbox_url)

    run_load(run)

    (started,) = _lines(tmp_path, "load-started")
    (finished,) = _lines(tmp_path, "load-finished")
    journeys = finished["journeys"]
    assert (started["planned"]["journeys"], started["planned"]["duration_s"]) == (20, 2.0)
    assert (journeys["planned"], journeys["started"], journeys["completed"]) == (20, 20, 20)
    assert finished["failures"] == _lines(tmp_path, "finding") == []
    seconds = _lines(tmp_path, "load-second")
    triggers = [line for line in seconds if line["step"] == "trigger"]
    assert sum(line["requests"] for line in triggers) == 20
    assert all(set(line["statuses"]) == {"200"} for line in seconds)
    for name in ("service", "response"):
        merged = histograms.merged(line[name] for line in triggers)
        assert merged.get_total_count() == 20
    assert len(_lines(tmp_path, "note")) == 2  # the verify profile's set-up and tear-down
    served = _requests_served(sandbox_url) - served_before
    assert served == sum(line["requests"] for line in seconds) + 2  # nothing was sent twice
    assert _counted_by_locust(tmp_path) == sum(line["requests"] for line in seconds)
    for file in tmp_path.iterdir():
        assert run.api_key not in file.read_text(encoding="utf-8"), file


def _counted_by_locust(directory: Path) -> int:
    """The requests in the summary that locust prints last."""
    lines = (directory / "locust.log").read_text().splitlines()
    (total,) = [line for line in lines if "Aggregated" in line and "%" in line]
    return int(total.split()[1])


def test_a_broken_service_is_a_finding(new_run: Callable[..., LoadRun], tmp_path: Path) -> None:
    run_load(new_run(faults=("any-code-accepted",)))

    findings = _lines(tmp_path, "finding")
    assert findings
    assert {line["requirement"] for line in findings} == {"VFY-CODE-002"}


@pytest.fixture
def busy(tmp_path: Path) -> Profile:
    path = tmp_path / "busy.toml"
    path.write_text(BUSY)
    return load_profile(str(path))


def test_a_sound_service_keeps_every_invariant_under_load(
    new_run: Callable[..., LoadRun], busy: Profile, tmp_path: Path
) -> None:
    run_load(replace(new_run(of=busy), has_chosen_rules=True))

    (finished,) = _lines(tmp_path, "load-finished")
    assert finished["failures"] == _lines(tmp_path, "finding") == []
    assert finished["journeys"]["abandoned"] > 0
    assert finished["journeys"]["failed"] == 0
    assert finished["journeys"]["planned"] >= 43  # forty of the ramp, three users at once
    answers = sum(line["requests"] for line in _lines(tmp_path, "load-second"))
    assert finished["generator"]["answers_held_against_spec"] == answers
    assert finished["generator"]["against_model"] > 0.8 * answers
    steps = {line["step"] for line in _lines(tmp_path, "load-second")}
    assert steps == set(STEP_NAMES)


@pytest.mark.parametrize(
    "fault, requirement",
    [
        ("checks-race", "VFY-CODE-004"),  # shows only when two checks come at once
        ("answers-mixed-up-in-parallel", "VFY-TRIG-001"),  # shows only where answers overlap
        ("creation-time-is-a-number", "VFY-SPEC-002"),
        ("acceptance-moves-created-at", "VFY-LIFE-012"),  # only the model compares answers
        pytest.param("call-reads-as-sms", "VFY-LIFE-001", marks=pytest.mark.long),
        pytest.param(
            "reading-a-profile-counts-as-an-update", "VFY-PROF-001", marks=pytest.mark.long
        ),
        pytest.param("late-code-accepted", "VFY-CODE-005", marks=pytest.mark.long),
        pytest.param("created-profile-is-201", "VFY-SPEC-001", marks=pytest.mark.long),
        pytest.param("answers-are-plain-text", "VFY-SPEC-003", marks=pytest.mark.long),
    ],
)
def test_a_defect_shows_under_load_as_its_requirement(
    new_run: Callable[..., LoadRun], busy: Profile, tmp_path: Path, fault: str, requirement: str
) -> None:
    run_load(new_run(faults=(fault,), of=busy))

    assert requirement in {line["requirement"] for line in _lines(tmp_path, "finding")}


def test_latency_that_grows_with_the_rows_misses_a_late_window(
    new_run: Callable[..., LoadRun], write_profile: Callable[..., Path], tmp_path: Path
) -> None:
    growing = ("rate_per_s = 10", "rate_per_s = 60"), ("duration_s = 2", "duration_s = 4")
    limit = '[slo]\n"p50(trigger)" = "< 60 ms over 1 s"\n[waits]'
    of = load_profile(str(write_profile(*growing, ("[waits]", limit), ("wrong_code", "abandon"))))

    run_load(new_run(faults=("triggers-slow-down-with-rows",), of=of))

    load = build_view(journal.read(tmp_path)).load
    assert load is not None
    (late,) = load.slo
    assert late.status == "fail"
    assert (late.worst_from_s or 0) >= 2  # it grew until then


def test_two_processes_share_the_journeys(
    sandbox_url: str, new_run: Callable[..., LoadRun], tmp_path: Path
) -> None:
    served_before = _requests_served(sandbox_url)

    run_load(replace(new_run(), processes=2))

    counts = [line["journeys"] for line in _lines(tmp_path, "load-finished")]
    assert [count["planned"] for count in counts] == [10, 10]
    assert sum(count["completed"] for count in counts) == 20
    seconds = _lines(tmp_path, "load-second")
    served = _requests_served(sandbox_url) - served_before
    assert served == sum(line["requests"] for line in seconds) + 4  # a verify profile each
    triggers = [line for line in seconds if line["step"] == "trigger"]
    merged = histograms.merged(line["response"] for line in triggers)
    assert merged.get_total_count() == 20


@pytest.mark.long  # test_distribution.py looks at the same from outside
def test_a_lost_process_is_told_and_the_other_ends_its_share(
    sandbox_url: str, new_key: Callable[..., str], tmp_path: Path
) -> None:
    arguments = [sys.executable, "-c", RUNNING_IN_TWO, f"{sandbox_url}/v2", new_key()]
    with subprocess.Popen([*arguments, str(tmp_path)], stderr=subprocess.PIPE) as runner:
        _wait_until(lambda: b"load-second" in _part(tmp_path, "load-1"))
        _wait_until(lambda: b"load-second" in _part(tmp_path, "load-2"))
        workers = _children_of(_child_of(runner.pid))
        os.kill(workers[0], signal.SIGKILL)
        killed_at = time.time()
        runner.communicate()

    assert runner.returncode == 0
    (lost,) = _lines(tmp_path, "load-invalid")
    assert lost["t"] - killed_at < 5.5
    assert "was lost" in lost["reason"]
    (finished,) = _lines(tmp_path, "load-finished")
    assert finished["journeys"]["completed"] == finished["journeys"]["planned"] == 60


def test_a_refused_key_gives_no_verdict(new_run: Callable[..., LoadRun], tmp_path: Path) -> None:
    with pytest.raises(NoVerdict, match="refuses the key"):
        run_load(new_run(key="KEY-of-nobody"))

    assert _lines(tmp_path, "load-started") == []


@pytest.mark.parametrize(
    "source, cause",
    [
        (CRASHING, "the scenario crashed: ZeroDivisionError"),
        ("class Broken(", "cannot be loaded: SyntaxError"),
    ],
)
def test_a_scenario_with_a_bug_gives_no_verdict(
    new_run: Callable[..., LoadRun],
    write_profile: Callable[..., Path],
    tmp_path: Path,
    source: str,
    cause: str,
) -> None:
    (tmp_path / "own.py").write_text(source)
    profile = load_profile(str(write_profile(('"verify_journey"', '"own.py"'))))

    with pytest.raises(NoVerdict, match=cause):
        run_load(new_run(of=profile))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_or_killed_run_leaves_its_partial_result_and_no_process(
    sandbox_url: str, new_key: Callable[..., str], tmp_path: Path, how: signal.Signals
) -> None:
    arguments = [sys.executable, "-c", RUNNING, f"{sandbox_url}/v2", new_key(), str(tmp_path)]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE) as runner:
        _wait_until(lambda: b"load-second" in _part(tmp_path))
        load_process = _child_of(runner.pid)
        runner.send_signal(how)
        runner.communicate()

    _wait_until(lambda: not Path(f"/proc/{load_process}").exists())
    journeys = _lines(tmp_path, "load-finished")[0]["journeys"]
    assert 0 < journeys["started"] < journeys["planned"]
    assert runner.returncode == -how


@pytest.mark.long
def test_an_interrupted_run_of_two_processes_has_the_partial_result_of_both(
    sandbox_url: str, new_key: Callable[..., str], tmp_path: Path
) -> None:
    arguments = [sys.executable, "-c", RUNNING_IN_TWO, f"{sandbox_url}/v2", new_key()]
    with subprocess.Popen([*arguments, str(tmp_path)], stderr=subprocess.PIPE) as runner:
        _wait_until(lambda: b"load-second" in _part(tmp_path, "load-1"))
        _wait_until(lambda: b"load-second" in _part(tmp_path, "load-2"))
        runner.send_signal(signal.SIGINT)
        runner.communicate()

    ends = [line["journeys"] for line in _lines(tmp_path, "load-finished")]
    assert [0 < end["started"] < end["planned"] for end in ends] == [True, True]


def _part(directory: Path, name: str = "load") -> bytes:
    path = journal.part(directory, name)
    return path.read_bytes() if path.exists() else b""


def _child_of(pid: int) -> int:
    (child,) = _children_of(pid)
    return child


def _children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _wait_until(is_so: Callable[[], bool]) -> None:
    """Return once it is so; fails after long enough."""
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_load_off_loopback_is_refused_before_anything_starts(
    profile: Profile, tmp_path: Path
) -> None:
    directory = tmp_path / "run"
    run = LoadRun("http://staging.example/v2", "KEY-0123456789", profile, 7, "run-1", directory)

    with pytest.raises(RemoteLoadRefused):
        run_load(run)

    assert not directory.exists()


def _locust(**variables: str) -> subprocess.CompletedProcess[str]:
    locustfile = bundled.loadtests() / "locustfile.py"
    environment = {"PATH": os.environ["PATH"], **variables}
    command = [sys.executable, "-m", "locust", "-f", str(locustfile), "--headless"]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=30
    )


def test_the_locustfile_says_what_is_missing() -> None:
    ended = _locust()

    assert ended.returncode == 2
    assert "VERIFY_HARNESS_LOAD holds no settings" in ended.stderr


def test_the_locustfile_refuses_another_machine_on_its_own(tmp_path: Path) -> None:
    journal_part = tmp_path / "journal.ndjson"
    settings = LoadSettings("http://staging.example/v2", "KEY-0123456789", "smoke", 7, journal_part)
    ended = _locust(**settings.to_environment())

    assert ended.returncode == 4
    assert "refused: load on staging.example" in ended.stderr


def test_the_runner_brings_neither_locust_nor_gevent_into_its_process() -> None:
    program = (
        "import json, sys, verify_harness.load.launcher, verify_harness.load.profile.profile_file;"
        "print(json.dumps([name for name in ('locust', 'gevent') if name in sys.modules]))"
    )

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert json.loads(ended.stdout) == []
