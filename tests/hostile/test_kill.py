"""kill -9 at a random moment: what was written stays readable, and nothing is left behind."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.program import environment
from verify_harness import journal
from verify_harness.cli.running import write_reports
from verify_harness.journal import Unreadable
from verify_harness.journal.records import RunStarted

SEED = 20_261_126
MARK = "LC_VERIFY_HARNESS_TEST"
"""A variable that children of a run inherit: its name begins as those of the language do."""


@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(20, id="sample"),
        pytest.param(200, id="all", marks=pytest.mark.long),
    ],
)
def test_a_killed_run_keeps_its_journal_and_leaves_nothing(tmp_path: Path, kills: int) -> None:
    chance = random.Random(f"{SEED}-{kills}")
    moments = [chance.uniform(0.3, 6) for _ in range(kills)]
    places = [tmp_path / str(number) for number in range(kills)]
    with ThreadPoolExecutor(4) as together:  # who waits for the others is killed elsewhere
        judged = list(together.map(_judge, places, moments))
    assert any(judged), "no run had begun when it was killed"


def _judge(directory: Path, after_secs: float) -> bool:
    """Kill a run after so many seconds; whether it had written anything."""
    _killed(directory, after_secs)
    parts = journal.parts(directory) if directory.exists() else []
    if not parts and not (directory / journal.MERGED).exists():
        return False
    entries = list(journal.read(directory))
    cut = [entry for entry in entries if isinstance(entry, Unreadable)]
    assert not [file for file, lost in _by_file(cut).items() if lost > 1], cut
    heads = [entry for entry in entries if isinstance(entry, RunStarted)]
    if not heads:  # killed in the middle of the first line
        return False
    assert (heads[0].command, heads[0].seed) == ("contract run", 7)
    view = write_reports(directory)
    assert (view.command, view.seed, view.verdict) == ("contract run", 7, view.verdict)
    assert json.loads((directory / "run.json").read_text())["command"] == "contract run"
    assert journal.parts(directory) == []
    assert list(directory.glob(".*.draft")) == []
    return True


def _by_file(cut: list[Unreadable]) -> Counter[str]:
    return Counter(entry.position.partition(":")[0] for entry in cut)


def _killed(directory: Path, after_secs: float) -> None:
    command = [sys.executable, "-m", "verify_harness", "contract", "run", "TMPL", "LOOK"]
    process = subprocess.Popen(
        [*command, "--jobs", "2", "--seed", "7", "-q", "-o", str(directory)],
        cwd=directory.parent,
        env=environment(**{MARK: str(directory)}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(after_secs)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _expect_no_process(directory)


def _expect_no_process(directory: Path) -> None:
    deadline = time.monotonic() + 30  # four runs begin and end beside it, on a busy machine
    while (left := _users(directory)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == []


def _users(directory: Path) -> list[int]:
    """The processes whose environment carries the mark of a run (Linux)."""
    mark = f"{MARK}={directory}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue  # it ended, or it is not ours to look into
    return found
