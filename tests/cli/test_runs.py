"""The runs of a folder: listed, the latest named, old ones removed, what failed run again."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import sandbox_with
from tests.program import Harness
from tests.report.journals import Journal
from verify_harness.contract import suite
from verify_harness.journal.encoding import ascii_json
from verify_harness.report import write_all
from verify_harness.results import build_view
from verify_harness.run import directory_lock
from verify_harness.run.rerun import checks_to_rerun

CODE = "VFY-CODE-004"


def past_run(folder: Path, name: str, *, fails: bool = False, started: str = "2026-11-21") -> Path:
    """A run directory, as a run would leave it."""
    directory = folder / name
    directory.mkdir(parents=True)
    journal = Journal().start(CODE, started_at=f"{started}T20:16:00Z").begin("a", CODE)
    if fails:
        journal.finding("a", CODE)
    lines = journal.end("a", "fail" if fails else "pass").finish().lines
    text = "".join(f"{ascii_json(line)}\n" for line in lines)
    (directory / "journal.ndjson").write_text(text)
    write_all(directory)
    return directory


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three runs, the latest of which failed, and a folder that no run wrote."""
    reports = tmp_path / "reports"
    for day in (21, 22):
        past_run(reports, f"2026-11-{day}T20-16-00-check", started=f"2026-11-{day}")
    past_run(reports, "2026-11-23T20-16-00-check", fails=True, started="2026-11-23")
    (reports / "notes").mkdir()
    return reports


def test_runs_are_listed_the_latest_last(harness: Harness, folder: Path) -> None:
    found = json.loads(harness("runs", "list", str(folder), "--json", output=False).out)
    assert [run["verdict"] for run in found] == ["pass", "pass", "fail"]
    shown = harness("runs", "list", output=False).out.splitlines()
    assert shown[0].split() == ["run", "verdict", "requirements", "took", "target"]
    assert "fail (1)" in shown[-2]
    assert shown[-1] == "3 runs in reports"


def test_the_latest_run_is_named_and_shown(harness: Harness, folder: Path) -> None:
    ended = harness("runs", "latest", output=False)
    assert ended.out == f"{folder.relative_to(folder.parent)}/2026-11-23T20-16-00-check\n"
    assert CODE in harness("runs", "show", output=False).out


def test_a_folder_without_runs_is_named(harness: Harness, tmp_path: Path) -> None:
    ended = harness("runs", "latest", output=False)
    assert (ended.code, ended.out) == (2, "")
    assert "reports" in ended.err


def test_prune_keeps_the_newest_and_what_somebody_named(harness: Harness, folder: Path) -> None:
    past_run(folder, "baseline", started="2026-01-01")
    dry = harness("runs", "prune", "--keep", "1", "--dry-run", output=False)
    assert len(dry.out.splitlines()) == 2
    assert len(list(folder.iterdir())) == 5
    harness("runs", "prune", "--keep", "1", output=False)
    left = {path.name for path in folder.iterdir()}
    assert left == {"2026-11-23T20-16-00-check", "baseline", "notes"}


def test_prune_leaves_a_run_that_goes_on(harness: Harness, folder: Path) -> None:
    oldest = folder / "2026-11-21T20-16-00-check"
    with directory_lock.locked(oldest, "check"):
        harness("runs", "prune", "--keep", "0", output=False)
    assert {path.name for path in folder.iterdir()} == {oldest.name, "notes"}


def test_prune_by_age(harness: Harness, folder: Path) -> None:
    young = ("--older-than", "36500")
    assert harness("runs", "prune", "--keep", "0", *young, output=False).out == ""


def test_an_unfinished_or_damaged_run_is_in_the_list(harness: Harness, folder: Path) -> None:
    (folder / "2026-11-21T20-16-00-check" / "run.json").write_text("{")
    (folder / "2026-11-22T20-16-00-check" / "run.json").unlink()
    found = json.loads(harness("runs", "list", "--json", output=False).out)
    assert [run["verdict"] for run in found].count("unfinished") == 2


def test_the_index_links_every_run(harness: Harness, folder: Path) -> None:
    ended = harness("report", "index", output=False)
    page = (folder / "index.html").read_text()
    assert ended.out == "reports/index.html\n"
    for path in folder.glob("2026-*"):
        assert f'href="{path.name}/report.html"' in page
    assert "Failing requirements" in page


def test_a_run_with_a_hostile_name_is_text_in_the_index(harness: Harness, folder: Path) -> None:
    past_run(folder, '"><script>x<')
    harness("report", "index", output=False)
    assert "<script" not in (folder / "index.html").read_text()


def test_what_failed_runs_again_and_nothing_else(harness: Harness, tmp_path: Path) -> None:
    first = tmp_path / "first"
    with sandbox_with("code-works-twice") as url:
        harness("contract", "run", "CODE", "--target", url, "-o", str(first), output=False)
    failed = {
        entry["id"]
        for entry in json.loads((first / "run.json").read_text())["requirements"]
        if entry["status"] == "fail"
    }
    again = harness("rerun", str(first))
    assert again.code == 0, again.out
    assert failed <= {entry["id"] for entry in again.run_json["requirements"]}
    assert len(again.run_json["requirements"]) < 10
    nothing = harness("rerun", str(again.directory), output=False)
    assert (nothing.code, nothing.out.split(":")[0]) == (0, "nothing to run again")


def test_what_had_no_turn_is_among_the_checks_to_run_again() -> None:
    journal = Journal().start(CODE, "VFY-CODE-001", "VFY-LIFE-003").check("a", CODE)
    journal.line("run-stopped", reason="fail-fast")
    only = checks_to_rerun(build_view(journal.finish(partial=True).lines))
    places = [place for name in ("VFY-CODE-001", "VFY-LIFE-003") for place in suite.checks()[name]]
    wanted = {f"{place.file}::{place.name}" for place in places if place.level != "deep"}
    assert set(only) == wanted
