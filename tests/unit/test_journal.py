"""The journal: whole lines, in order, and nothing secret in them."""

import json
from pathlib import Path

import pytest

from verify_harness import journal
from verify_harness.errors import UsageError
from verify_harness.safety.redaction import Redactor


def write(directory: Path, name: str, *lines: dict[str, object]) -> None:
    part = journal.Journal(journal.part(directory, name))
    for line in lines:
        part.write(**line)  # type: ignore[arg-type]  # the kind is in it
    part.close()


def test_parts_are_merged_by_check_and_sequence(tmp_path: Path) -> None:
    write(tmp_path, "gw1", {"kind": "exchange", "check": "b", "seq": 2})
    write(
        tmp_path,
        "gw0",
        {"kind": "exchange", "check": "b", "seq": 1},
        {"kind": "exchange", "check": "a", "seq": 1},
    )
    write(tmp_path, "main", {"kind": "run-finished"}, {"kind": "run-started"})
    journal.merge(tmp_path)
    kinds = [(line["kind"], line.get("check"), line.get("seq")) for line in journal.read(tmp_path)]
    assert kinds == [
        ("run-started", None, None),
        ("exchange", "a", 1),
        ("exchange", "b", 1),
        ("exchange", "b", 2),
        ("run-finished", None, None),
    ]
    assert [path.name for path in tmp_path.iterdir()] == [journal.MERGED]


def test_a_line_cut_short_loses_itself_only(tmp_path: Path) -> None:
    write(tmp_path, "main", {"kind": "run-started"}, {"kind": "note", "message": "whole"})
    path = journal.part(tmp_path, "main")
    path.write_text(path.read_text() + '{"v":1,"t":1.0,"kind":"exch')
    lines = list(journal.read(tmp_path))
    assert {line["kind"] for line in lines} == {"run-started", "note"}
    assert any("unreadable" in line.get("message", "") for line in lines)


def test_every_line_passes_the_redactor(tmp_path: Path) -> None:
    part = journal.Journal(tmp_path / "j", Redactor({"KEY_very_secret_1": "$TELNYX_API_KEY"}))
    part.write("note", message="Bearer KEY_very_secret_1", deep=[{"code": "90817"}])
    part.close()
    line = json.loads((tmp_path / "j").read_text())
    assert line["message"] == "Bearer $TELNYX_API_KEY"
    assert line["deep"] == [{"code": "code-1"}]


def test_a_folder_without_a_journal_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no journal"):
        journal.read(tmp_path)
