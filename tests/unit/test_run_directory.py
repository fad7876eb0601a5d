"""The directory of a run: one process writes there, nothing is followed out of it."""

import errno
import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from verify_harness import journal
from verify_harness.errors import DirectoryInUse, UsageError
from verify_harness.journal.records import RunStarted
from verify_harness.run import directory_lock, life
from verify_harness.run.directory import new_directory
from verify_harness.run.directory_lock import FILE, locked
from verify_harness.run.interrupts import Terminated, naming_next_command
from verify_harness.run.life import TOOL
from verify_harness.run.plan import RunPlan
from verify_harness.run.proving import resume
from verify_harness.spec import contract

HOLD = """
import sys
from pathlib import Path
from verify_harness.run.directory_lock import locked
with locked(Path(sys.argv[1]), "contract run"):
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_who_writes_into_a_directory_is_named(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"locked\n"
        owner = rf"process {holder.pid} \(verify-harness contract run, since 20"
        with pytest.raises(DirectoryInUse, match=owner), locked(tmp_path, "report"):
            pytest.fail("two have the lock")
        with pytest.raises(DirectoryInUse, match=owner):
            new_directory(tmp_path, "smoke")
        holder.kill()
    assert (tmp_path / FILE).exists()
    with locked(tmp_path, "report"):  # the dead let go
        assert json.loads((tmp_path / FILE).read_text())["pid"] == os.getpid()
    assert not (tmp_path / FILE).exists()


def test_a_lock_that_was_removed_meanwhile_is_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter((False, True))
    monkeypatch.setattr(directory_lock, "_is_still", lambda *_: next(answers))
    with locked(tmp_path, "smoke"):
        assert (tmp_path / FILE).exists()
    assert next(answers, None) is None


def test_a_lock_file_is_no_way_out(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("mine")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / FILE).symlink_to(outside)
    with pytest.raises(OSError, match="symbolic"), locked(tmp_path / "run", "smoke"):
        pytest.fail("a link was followed")
    assert outside.read_text() == "mine"


def test_a_symbolic_link_is_no_output_directory(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="is a symbolic link") as refused:
        new_directory(tmp_path / "run", "smoke")
    assert str(tmp_path / "elsewhere") in refused.value.hint


def test_a_read_only_directory_is_named_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _mode: path != tmp_path)  # root may write
    with pytest.raises(UsageError, match=r"cannot write reports into .*: Permission denied"):
        new_directory(tmp_path, "smoke")


def test_a_file_is_no_output_directory(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        new_directory(tmp_path / "run", "smoke")


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, Terminated])
def test_who_leaves_before_the_reports_learns_how_to_get_them(
    interruption: type[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(interruption), naming_next_command(Path("my runs/1")):
        raise interruption
    assert "try: verify-harness report 'my runs/1'" in capsys.readouterr().err


def test_only_a_proof_is_resumed_and_by_the_options_it_had() -> None:
    plan = RunPlan(command="prove", seed=7, dialect="observed")
    told = "verify-harness prove --resume out --seed 7 --dialect observed"
    assert plan.resumed_by(Path("out")) == told
    assert RunPlan(command="check").resumed_by(Path("out")) == ""


@pytest.mark.parametrize(
    "changes,says",
    [
        ({"seed": 8}, "has another seed: 7, not 8"),
        ({"dialect": "observed"}, "has another dialect: documented, not observed"),
        ({"spec_sha256": "0" * 64}, "has another OpenAPI document: 0000"),
        ({"tool": "verify-harness 0.0.9"}, "has another release: verify-harness 0.0.9, not"),
        ({"command": "check"}, "holds no proof to resume"),
    ],
)
def test_a_proof_goes_on_as_it_began_only(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    plan = RunPlan(command="prove", seed=7)
    head = RunStarted(
        tool=TOOL,
        command="prove",
        seed=7,
        dialect="documented",
        spec_sha256=contract(None, chosen=False).sha256,
    )
    if "seed" in changes or "dialect" in changes:
        plan = msgspec.structs.replace(plan, **changes)
    else:
        head = msgspec.structs.replace(head, **changes)
    with closing(journal.Journal(journal.part(tmp_path, "main"))) as lines:
        lines.write(head)
    before = journal.part(tmp_path, "main").read_bytes()
    with pytest.raises(UsageError, match=says):
        resume(plan, tmp_path)
    assert journal.part(tmp_path, "main").read_bytes() == before


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS])
def test_every_trouble_of_the_disk_is_no_bug(tmp_path: Path, number: int) -> None:
    ended = life._meaning(OSError(number, "odd"), RunPlan(command="check"), tmp_path)
    assert (ended.exit_code, ended.reason) == (3, f"cannot write into {tmp_path}: odd.")
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_expected_stands_in_a_file_of_the_run(tmp_path: Path) -> None:
    ended = life._meaning(ZeroDivisionError("odd"), RunPlan(command="check"), tmp_path)
    assert ended.exit_code == 5
    assert "ZeroDivisionError: odd" in (tmp_path / "crash.txt").read_text()
