"""One load, made by several processes that find each other by address, as machines would."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import httpx
import pytest

from verify_harness import journal
from verify_harness.cli.load import load
from verify_harness.errors import UsageError
from verify_harness.journal.encoding import ascii_json
from verify_harness.load.launcher import LoadDied, LoadRun, run_load
from verify_harness.load.profile import Profile, load_profile
from verify_harness.load.roles import Master, Worker
from verify_harness.results import histograms
from verify_harness.safety.permission import Ceiling, Permission

Processes = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def tenant(sandbox_url: str) -> dict[str, str]:
    answer = httpx.post(f"{sandbox_url}/_sandbox/tenants", json={"seed": 7})
    found: dict[str, str] = answer.raise_for_status().json()["tenants"][0]
    return found


@pytest.fixture
def new_part(
    sandbox_url: str, tenant: dict[str, str], profile: Profile, tmp_path: Path
) -> Callable[..., LoadRun]:
    """A part of one load, in a directory of its own."""

    def make(name: str, role: Master | Worker, seed: int = 7, **other: Any) -> LoadRun:
        url, key = f"{sandbox_url}/v2", tenant["key"]
        return LoadRun(url, key, profile, seed, "test-run", tmp_path / name, role=role, **other)

    return make


def _lines(directory: Path, kind: str) -> list[Any]:
    lines = [json.loads(ascii_json(entry)) for entry in journal.read(directory)]
    return [line for line in lines if line["kind"] == kind]


def test_a_master_and_two_workers_make_one_load(
    sandbox_url: str,
    tenant: dict[str, str],
    new_part: Callable[..., LoadRun],
    tmp_path: Path,
    port: int,
) -> None:
    workers = [new_part(name, Worker("127.0.0.1", port)) for name in ("first", "second")]
    with ThreadPoolExecutor() as threads:
        list(threads.map(run_load, [new_part("master", Master(2, port=port)), *workers]))

    ends = _lines(tmp_path / "master", "load-finished")
    assert [end["journeys"]["planned"] for end in ends] == [10, 10]
    assert [end["journeys"]["completed"] for end in ends] == [10, 10]
    assert len({end["generator"]["pid"] for end in ends}) == 2
    outbox = httpx.get(f"{sandbox_url}/_sandbox/tenants/{tenant['id']}/outbox").json()
    assert len({message["to"] for message in outbox["messages"]}) == 20  # nobody came twice
    seconds = _lines(tmp_path / "master", "load-second")
    triggers = [line for line in seconds if line["step"] == "trigger"]
    log = (tmp_path / "master" / "locust.log").read_text().splitlines()
    (total,) = [line for line in log if "Aggregated" in line and "%" in line]
    assert int(total.split()[1]) == sum(line["requests"] for line in seconds)
    merged = histograms.merged(line["response"] for line in triggers)
    assert merged.get_total_count() == len(outbox["messages"]) == 20
    for name in ("first", "second"):
        assert [file.name for file in (tmp_path / name).iterdir()] == ["locust.log"]
    for file in tmp_path.rglob("*.*"):
        assert tenant["key"] not in file.read_text(encoding="utf-8"), file


def test_a_worker_whose_clock_is_off_is_told_with_its_skew(port: int) -> None:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "workers_with_clocks.py"), str(port)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    (told,) = json.loads(done.stdout)  # the one that is right is not worth a note
    found = re.fullmatch(r"the clock of load process (\d) is ([\d.]+) s behind the master's", told)
    assert found is not None
    assert float(found[2]) == pytest.approx(90, abs=2)


@pytest.mark.long
def test_ten_workers_make_one_load_of_which_nothing_is_missing(
    sandbox_url: str,
    tenant: dict[str, str],
    new_part: Callable[..., LoadRun],
    write_profile: Callable[..., Path],
    tmp_path: Path,
    port: int,
) -> None:
    profile = load_profile(
        str(
            write_profile(
                ("duration_s = 2", "duration_s = 10"), ("rate_per_s = 10", "rate_per_s = 60")
            )
        )
    )
    workers = [
        replace(new_part(f"worker-{number}", Worker("127.0.0.1", port)), profile=profile)
        for number in range(10)
    ]
    master = replace(new_part("master", Master(10, port=port)), profile=profile)
    with ThreadPoolExecutor(11) as threads:
        list(threads.map(run_load, [master, *workers]))

    ends = _lines(tmp_path / "master", "load-finished")
    assert len({end["generator"]["pid"] for end in ends}) == 10
    assert sum(end["journeys"]["planned"] for end in ends) == 600
    assert sum(end["journeys"]["completed"] for end in ends) == 600
    seconds = _lines(tmp_path / "master", "load-second")
    merged = histograms.merged(line["response"] for line in seconds if line["response"])
    assert merged.get_total_count() == sum(line["requests"] for line in seconds)
    begun = _lines(tmp_path / "master", "load-begun")
    late = sum(line.get("late", 0) for line in begun)
    assert late <= 0.01 * sum(line["started"] for line in begun)
    outbox = httpx.get(f"{sandbox_url}/_sandbox/tenants/{tenant['id']}/outbox").json()
    assert len({message["to"] for message in outbox["messages"]}) == 600
    clocks = [line for line in _log_of(tmp_path / "master") if "the clock of load process" in line]
    assert len(clocks) == 10


def _log_of(directory: Path) -> list[str]:
    return (directory / "locust.log").read_text(encoding="utf-8").splitlines()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Processes]:
    """Start `verify-harness load run` in an empty directory; what is left is killed at the end."""
    ours = ("TELNYX_", "VERIFY_HARNESS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    with ExitStack() as stack:

        def run(*arguments: str) -> "subprocess.Popen[str]":
            process = subprocess.Popen(
                [sys.executable, "-m", "verify_harness", "load", "run", *arguments],
                cwd=tmp_path,
                env=kept,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            return process

        yield run


@pytest.fixture
def place_of(
    sandbox_url: str, write_profile: Callable[..., Path], port: int
) -> Callable[[int], list[str]]:
    """The arguments that a master and its workers share, for a load of so many seconds."""

    def make(duration_s: int) -> list[str]:
        profile = write_profile(("duration_s = 2", f"duration_s = {duration_s}"))
        return [str(profile), "--target", f"{sandbox_url}/v2", "--master-port", str(port)]

    return make


def test_a_killed_worker_is_exit_3_and_the_survivor_is_complete(
    start: Processes,
    sandbox_url: str,
    write_profile: Callable[..., Path],
    tmp_path: Path,
    port: int,
) -> None:
    profile = str(write_profile(("duration_s = 2", "duration_s = 6")))
    place = [profile, "--target", f"{sandbox_url}/v2", "--master-port", str(port)]
    master = start(*place, "--master", "--expect-workers", "2", "-o", "master")
    workers = [start(*place, "--worker", "-o", name) for name in ("first", "second")]
    _wait_until(lambda: b"load-second" in _part(tmp_path / "master", "load-1"))
    _wait_until(lambda: b"load-second" in _part(tmp_path / "master", "load-2"))

    os.killpg(_child_of(workers[0].pid), signal.SIGKILL)
    killed_at = time.time()
    told, _ = master.communicate(timeout=60)

    assert master.returncode == 3, told
    assert "was lost" in told
    (lost,) = _lines(tmp_path / "master", "load-invalid")
    assert lost["t"] - killed_at < 5.5
    (finished,) = _lines(tmp_path / "master", "load-finished")
    assert finished["journeys"]["completed"] == finished["journeys"]["planned"] == 30
    assert [worker.wait(30) for worker in workers] == [3, 0]


@pytest.mark.long
def test_a_worker_whose_master_goes_away_ends_by_itself(
    start: Processes,
    sandbox_url: str,
    write_profile: Callable[..., Path],
    tmp_path: Path,
    port: int,
) -> None:
    profile = str(write_profile(("duration_s = 2", "duration_s = 60")))
    place = [profile, "--target", f"{sandbox_url}/v2", "--master-port", str(port)]
    master = start(*place, "--master", "--expect-workers", "1", "-o", "master")
    worker = start(*place, "--worker", "-o", "worker")
    _wait_until(lambda: b"load-second" in _part(tmp_path / "master", "load-1"))

    load_process = _child_of(worker.pid)
    os.killpg(_child_of(master.pid), signal.SIGKILL)
    told, _ = worker.communicate(timeout=40)

    assert worker.returncode == 3, told
    assert "the master is gone" in told
    assert not Path(f"/proc/{load_process}").exists()
    assert master.wait(30) == 3


@pytest.mark.long
def test_a_worker_that_comes_late_is_refused_and_disturbs_nobody(
    start: Processes, place_of: Callable[[int], list[str]], tmp_path: Path
) -> None:
    place = place_of(12)
    master = start(*place, "--master", "--expect-workers", "1", "-o", "master")
    worker = start(*place, "--worker", "-o", "worker")
    _wait_until(lambda: b"load-second" in _part(tmp_path / "master", "load-1"))

    told, _ = start(*place, "--worker", "-o", "late").communicate(timeout=60)

    assert "has all its workers already" in told
    assert worker.wait(60) == 0
    master.wait(60)
    (finished,) = _lines(tmp_path / "master", "load-finished")
    assert finished["journeys"]["completed"] == finished["journeys"]["planned"] == 120


@pytest.mark.long
@pytest.mark.parametrize(
    "other",
    [
        {"seed": 8},
        {"permission": Permission(("staging.example",))},
        {"ceiling": Ceiling(1_000_000, 1_000.0)},
    ],
    ids=str,
)
def test_a_worker_that_was_told_otherwise_is_refused_and_the_master_gives_up(
    new_part: Callable[..., LoadRun], tmp_path: Path, port: int, other: dict[str, Any]
) -> None:
    master = new_part("master", Master(1, port=port, wait_secs=8))
    worker = new_part("worker", Worker("127.0.0.1", port), **other)
    with ThreadPoolExecutor() as threads:
        ends = [threads.submit(run_load, part) for part in (master, worker)]

    with pytest.raises(LoadDied, match="Gave up waiting for workers"):
        ends[0].result()
    with pytest.raises(LoadDied, match=f"refused this worker: its {next(iter(other))} differs"):
        ends[1].result()


@pytest.mark.parametrize(
    "options, told",
    [
        (["--master"], "--master and --expect-workers go together"),
        (["--expect-workers", "2"], "--master and --expect-workers go together"),
        (["--master", "--worker", "--expect-workers", "2"], "a process is --master or --worker"),
        (["--worker"], "needs --target"),
        (["--worker", "--processes", "2"], "--processes shares a load on this machine only"),
        (["--worker", "--web", "0"], "--web and --otlp tell of the whole load"),
        (["--worker", "--otlp", "http://127.0.0.1:4318"], "--web and --otlp tell of the whole"),
        (["--web-bind", "127.0.0.2"], "--web-bind is where --web is served"),
    ],
)
def test_roles_that_make_no_sense_are_refused(options: list[str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        load.main(["run", "smoke", *options], standalone_mode=False)


def test_a_master_listens_to_this_machine_unless_an_address_is_named() -> None:
    (option,) = [item for item in load.commands["run"].params if item.name == "master_bind_host"]

    assert isinstance(option, click.Option)
    assert option.default == Master(1).bind_host == "127.0.0.1"
    assert "127.0.0.1" in Master(1).arguments()


def _part(directory: Path, name: str) -> bytes:
    path = journal.part(directory, name)
    return path.read_bytes() if path.exists() else b""


def _child_of(pid: int) -> int:
    (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(child)


def _wait_until(is_so: Callable[[], bool]) -> None:
    """Return once it is so; fails after long enough."""
    deadline = time.monotonic() + 40
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
