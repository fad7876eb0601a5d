"""The directory of a run: one process writes there, nothing is followed out of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from verify_harness.errors import DirectoryInUse, UsageError
from verify_harness.run import directory_lock
from verify_harness.run.directory import new_directory
from verify_harness.run.directory_lock import FILE, locked

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
