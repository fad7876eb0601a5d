"""Only programs of the sandbox's user pull its levers; its death is not the target's fault."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests.program import environment
from verify_harness import control_token
from verify_harness.client import Client
from verify_harness.control_token import HEADER, VARIABLE, known, published
from verify_harness.errors import NoVerdict, UsageError
from verify_harness.keys import Keys
from verify_harness.safety.guard import Guard
from verify_harness.targets import Levers, embedded_sandbox, resolve
from verify_harness.targets.embedded_sandbox import SandboxDied


class Served(NamedTuple):
    url: str
    token: str
    folder: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A sandbox as a user starts it, with a folder of its own for temporary files."""
    folder = tmp_path_factory.mktemp("runtime")
    with subprocess.Popen(
        [sys.executable, "-m", "verify_harness", "sandbox", "--port", "0"],
        env=environment(XDG_RUNTIME_DIR=str(folder)),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[0]
        token = process.stdout.readline().removeprefix("token of its levers: ").strip()
        yield Served(url, token, folder)
        process.terminate()
        process.wait(10)
    assert not list(folder.rglob("*.token")), "the token outlived its sandbox"


def mint(served: Served, *tokens: str) -> int:
    """The status of an attempt to mint tenants."""
    url = served.url.replace("/v2", "/_sandbox/tenants")
    headers = [(HEADER, token) for token in tokens]
    return httpx.post(url, headers=headers, json={}).status_code


def test_the_levers_open_to_the_printed_token_only(served: Served) -> None:
    assert len(served.token) >= 32
    wrong = served.token[:-1] + ("x" if served.token[-1] != "x" else "y")
    assert [mint(served), mint(served, ""), mint(served, wrong)] == [401, 401, 401]
    assert mint(served, served.token) == 200
    assert httpx.get(served.url.replace("/v2", "/_sandbox/")).status_code == 200


def test_programs_of_the_same_user_find_it(
    served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (file,) = served.folder.rglob("*.token")
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(served.folder))
    with Client(Guard.for_contract(), run_id="r") as client:
        target = resolve(client, served.url, Keys())
        assert served.token not in repr(target)
        first, _ = Levers(client, target).mint(7)
        Levers(client, target).drop(first)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        with pytest.raises(NoVerdict, match="only with its token") as refused:
            Levers(client, resolve(client, served.url, Keys())).mint(7)
        assert VARIABLE in refused.value.hint


def test_a_folder_that_others_may_write_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = tmp_path / f"verify-harness-{os.getuid()}"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    (folder / "sandbox-8080.token").write_text("planted")
    assert known(8080, {}) == ""
    with published(8080, "mine") as is_published:
        assert not is_published
    assert (folder / "sandbox-8080.token").read_text() == "planted"


def test_the_environment_wins_and_a_file_that_cannot_be_read_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with published(8080, "in-the-file") as is_published:
        assert is_published
        assert known(8080, {}) == "in-the-file"
        assert known(8080, {VARIABLE: "given"}) == "given"
        assert known(8081, {}) == ""
    assert known(8080, {}) == ""
    monkeypatch.setattr(control_token, "_file", lambda _port: Path("/proc/no/such"))
    with published(8080, "x") as is_published:
        assert not is_published


def test_a_sandbox_that_dies_is_named_with_its_log(tmp_path: Path) -> None:
    others = set(children())  # another test's browser, say

    def die() -> None:
        with embedded_sandbox.sandbox("documented", 7, tmp_path) as embedded:
            (pid,) = set(children()) - others
            assert embedded.control_token not in Path(f"/proc/{pid}/cmdline").read_text()
            os.kill(pid, signal.SIGKILL)
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            raise NoVerdict("nobody answers")

    with pytest.raises(SandboxDied, match=r"exit status -9.*it said nothing") as died:
        die()
    assert died.value.exit_code == 5
    assert str(tmp_path / embedded_sandbox.LOG) in died.value.hint


def test_faults_that_cannot_be_loaded_are_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "broken.py").write_text("def")
    with (
        pytest.raises(UsageError, match=r"broken\.py"),
        embedded_sandbox.sandbox("documented", 7, tmp_path, tmp_path / "mine"),
    ):
        pytest.fail("it started")


def children() -> list[int]:
    """The processes that this one started (Linux)."""
    task = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    names = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in task.read_text().split()]
    return [
        int(pid)
        for pid, name in zip(task.read_text().split(), names, strict=True)
        if b"--seed" in name
    ]
