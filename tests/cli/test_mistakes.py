"""What the program says when something is wrong: what happened, where, and what to do next."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.program import Harness, environment
from verify_harness import __version__


def test_a_dead_port_is_no_verdict(harness: Harness, dead_url: str) -> None:
    ended = harness("contract", "run", "--target", dead_url)
    assert ended.code == 3
    assert "does not answer" in ended.err
    assert "try: check the address" in ended.err
    assert ended.run_json["verdict"] == "no-verdict"


@pytest.mark.parametrize(
    "command", [["check"], ["smoke"], ["contract", "run"], ["load", "run", "smoke"]]
)
def test_the_live_service_is_refused_before_any_packet(
    harness: Harness, command: list[str]
) -> None:
    ended = harness(
        *command, "--target", "https://api.telnyx.com/v2", TELNYX_API_KEY="KEY_0123456789"
    )
    assert ended.code == 4
    assert "refused: api.telnyx.com is the live service" in ended.err
    assert not ended.directory.exists()


def test_another_host_is_refused_unless_named(harness: Harness) -> None:
    ended = harness("smoke", "--target", "https://staging.example/v2")
    assert ended.code == 4
    assert "--allow-remote staging.example" in ended.err


@pytest.mark.parametrize(
    "arguments,says",
    [
        (["smoke", "--traget", "x"], "did you mean --target?"),
        (["contract", "run", "VFY-CODE-0004"], "did you mean VFY-CODE-004?"),
        (["contract", "run", "--jobs", "none"], "--jobs takes a positive number"),
        (["contract", "run", "--spec", "/no/such.yaml"], "/no/such.yaml"),
        (["smoke", "--target", "127.0.0.1:80"], "is not an HTTP URL"),
        (["load", "run", "smkoe"], "smoke"),
        (["smoke", "--api-key-file", "/no/such"], "key file"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(
    harness: Harness, arguments: list[str], says: str
) -> None:
    ended = harness(*arguments)
    assert ended.code == 2
    assert says in ended.err
    assert "Traceback" not in ended.err


def test_a_setting_nobody_knows_is_named(harness: Harness, tmp_path: Path) -> None:
    (tmp_path / "verify-harness.toml").write_text('tagret = "http://127.0.0.1:1"\n')
    ended = harness("smoke")
    assert ended.code == 2
    assert "did you mean target?" in ended.err


def test_flags_win_over_the_environment_and_that_over_the_file(
    harness: Harness, tmp_path: Path, dead_url: str
) -> None:
    (tmp_path / "own.toml").write_text('target = "https://file.example"\n')
    variable = {"VERIFY_HARNESS_CONFIG": "own.toml"}
    assert "file.example" in harness("smoke", **variable).err
    variable |= {"VERIFY_HARNESS_TARGET": "https://environment.example"}
    assert "environment.example" in harness("smoke", **variable).err
    assert dead_url in harness("smoke", "--target", dead_url, **variable).err


def test_a_directory_with_something_in_it_is_left_alone(harness: Harness, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mine").write_text("mine")
    ended = harness("smoke")
    assert ended.code == 2
    assert "is not empty" in ended.err
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["mine"]


def test_a_port_in_use_is_one_clear_line(harness: Harness) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = harness("sandbox", "--port", str(port), output=False)
    assert ended.code == 2
    assert f"port {port} on 127.0.0.1 is already in use." in ended.err


def test_an_unknown_fault_names_the_nearest(harness: Harness) -> None:
    ended = harness("sandbox", "--port", "0", "--fault", "code-works-twise", output=False)
    assert ended.code == 2
    assert "code-works-twice" in ended.err


def test_json_goes_to_stdout_alone(harness: Harness) -> None:
    ended = harness("contract", "run", "VFY-TMPL-003", "--json")
    assert json.loads(ended.out)["schema"] == "verify-harness/run/1"


def test_reports_can_be_made_again_from_the_journal(harness: Harness) -> None:
    ended = harness("contract", "run", "VFY-TMPL-003")
    before = (ended.directory / "run.json").read_text()
    (ended.directory / "run.json").unlink()
    assert harness("report", str(ended.directory), output=False).code == 0
    assert (ended.directory / "run.json").read_text() == before


A_WHILE = (*(sys.executable, "-m", "verify_harness", "contract", "run"), "CODE", "PROF", "LIFE")
"""A run that takes long enough to be ended in its middle."""


@pytest.mark.parametrize("number,code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_keeps_what_it_has(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    directory = tmp_path / "run"
    process = subprocess.Popen(
        [*A_WHILE, "-o", str(directory)],
        cwd=tmp_path,
        env=environment(),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    wait_for_lines(directory, 200)
    os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == code, out + err
    run = json.loads((directory / "run.json").read_text())
    assert run["partial"] is True
    assert run["exit_code"] == code
    assert run["operations"]
    assert "Traceback" not in err


def test_a_killed_run_leaves_no_process_behind(tmp_path: Path) -> None:
    directory = tmp_path / "run"
    process = subprocess.Popen(
        [*A_WHILE, "-o", str(directory), "-q"],
        cwd=tmp_path,
        env=environment(LC_MARK_OF_A_TEST=str(tmp_path)),
        stdout=subprocess.DEVNULL,
    )
    wait_for_lines(directory, 50)
    assert marked_processes(tmp_path)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 20
    while marked_processes(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert marked_processes(tmp_path) == []


def wait_for_lines(directory: Path, count: int) -> None:
    """Wait until the journal of a run has some lines."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        parts = list(directory.glob("journal-part-*")) if directory.exists() else []
        if sum(path.read_bytes().count(b"\n") for path in parts) >= count:
            return
        time.sleep(0.05)
    pytest.fail("the run wrote no journal")


def marked_processes(mark: Path) -> list[int]:
    """Processes whose environment carries this test's mark (Linux)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if str(mark).encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue  # it ended, or it is not ours to look into
    return found


def test_the_version_is_the_packages(harness: Harness) -> None:
    assert __version__ in harness("--version", output=False).out
