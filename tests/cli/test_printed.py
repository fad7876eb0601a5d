"""What commands print, word by word, on success and on the main mistakes."""

import pytest

from tests.cli.printed import CASES, SNAPSHOTS, printed


@pytest.mark.parametrize("name", CASES)
def test_a_command_prints_what_was_read_and_found_good(name: str) -> None:
    kept = (SNAPSHOTS / f"{name}.txt").read_text(encoding="utf-8")
    told = printed(CASES[name])
    if CASES[name].is_load and told != kept:  # a busy machine starts late, and the output says so
        told = printed(CASES[name])
    # after a change that is meant: `python -m tests.cli.printed NAME`, and read the difference
    assert told == kept


def test_every_snapshot_is_one_of_a_case() -> None:
    assert {path.stem for path in SNAPSHOTS.iterdir()} == set(CASES)
