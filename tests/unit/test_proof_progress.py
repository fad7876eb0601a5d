"""The progress of a proof counts what was judged, not what was begun."""

from pathlib import Path

from verify_harness.proof.plan import finish, finished


def test_a_claimed_fault_counts_once_it_is_judged(tmp_path: Path) -> None:
    for name in ("no-fault", "first", "second"):
        (tmp_path / name).touch()
    assert finished(tmp_path) == 0
    finish(tmp_path, "first")
    assert finished(tmp_path) == 1
