"""What each format shows of a realistic run."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from tests.report.journals import Journal, realistic, request, requirement, response
from tests.report.payloads import hostile
from tests.report.reading import schema, xml
from verify_harness.errors import CannotWrite, UsageError
from verify_harness.journal.encoding import ascii_json
from verify_harness.journal.records import AnyRecord
from verify_harness.report import known_formats, write_all
from verify_harness.report.html import readable_body
from verify_harness.report.markdown import markdown
from verify_harness.report.run_json import document, run_json
from verify_harness.report.terminal import terminal
from verify_harness.results import RunView, build_view

CODE, LIFE = "VFY-CODE-004", "VFY-LIFE-002"


@pytest.fixture(scope="module")
def view() -> RunView:
    return build_view(realistic())


@pytest.mark.parametrize("lines", [realistic(), hostile("x"), [], Journal().start(CODE).lines])
def test_run_json_keeps_its_schema(lines: list[AnyRecord]) -> None:
    validator = jsonschema_rs.Draft202012Validator(schema("run"))
    validator.validate(json.loads(known_formats()["json"].render(build_view(lines))))


def test_the_schema_of_run_json_is_closed() -> None:
    validator = jsonschema_rs.Draft202012Validator(schema("run"))
    value = json.loads(run_json(build_view([])))
    assert validator.is_valid(value)
    assert not validator.is_valid({**value, "extra": 1})


def test_run_json_names_findings_and_what_blocks() -> None:
    value = document(build_view(realistic()))
    assert value.findings[0].id.endswith(".1")
    assert {item.blocked_by for item in value.requirements} == {None, "VFY-PROF-001"}


@pytest.mark.parametrize("name", known_formats())
def test_every_format_shows_a_blocked_requirement_that_has_no_finding(name: str) -> None:
    journal = Journal().start(CODE, LIFE).begin("a", CODE, LIFE).finding("a", CODE)
    shown = known_formats()[name].render(build_view(journal.end("a", "fail").finish().lines))
    assert LIFE in shown


def test_junit_keeps_failures_errors_and_skips_apart(view: RunView) -> None:
    suite = xml(known_formats()["junit"].render(view)).find("testsuite")
    assert suite is not None
    assert view.load is not None
    counted = {name: int(suite.get(name, "-1")) for name in ("failures", "errors", "skipped")}
    assert counted == {
        "failures": view.counts["fail"] + len(view.load.missed),
        "errors": view.counts["error"],
        "skipped": view.counts["skip"],
    }
    assert int(suite.get("tests", "-1")) == len(view.requirements) + len(view.load.slo)


def test_junit_shows_a_run_without_a_verdict_as_an_error() -> None:
    text = known_formats()["junit"].render(build_view(Journal().start().finish().lines))
    error = xml(text).find("./testsuite/testcase/error")
    assert error is not None
    assert "NO VERDICT (exit 3)" in error.get("message", "")


def test_the_summary_begins_with_the_verdict(view: RunView) -> None:
    assert markdown(view).startswith("## ✗ FAIL: 2 of ")


def test_the_summary_of_a_large_run_fits_the_job_summary() -> None:
    assert len(known_formats()["markdown"].render(crowded()).encode()) < 1024 * 1024


def test_the_console_ends_with_verdict_report_and_next_command(view: RunView) -> None:
    lines = terminal(view, directory="reports/x").splitlines()
    assert "5 fail" in lines[-5]
    assert lines[-3].startswith("verdict: ✗ FAIL (exit 1)")
    assert lines[-2] == "report:  reports/x/report.html"
    assert lines[-1] == "next:    verify-harness replay RUN VFY-CODE-004.1"


def test_the_console_is_plain_unless_colour_is_asked_for(view: RunView) -> None:
    assert "[bold red]" not in terminal(view)
    assert "[bold red]✗ fail" in terminal(view, colour=True)


def test_every_format_names_every_broken_requirement(view: RunView) -> None:
    for one in known_formats().values():
        text = one.render(view)
        assert all(item.id in text for item in view.broken), one.name


def test_a_json_body_is_laid_out_only_if_nothing_else_changes() -> None:
    assert readable_body('{"a":1,"b":"ü"}') == '{\n  "a": 1,\n  "b": "ü"\n}'
    for odd in ('{"a":1,"a":2}', '{"a": 1.0e3}', "no json", "[" * 100_000):
        assert readable_body(odd).startswith(odd[:1000])


def crowded() -> RunView:
    names = [f"VFY-CODE-{number:03}" for number in range(100)]
    journal = Journal().start(*(requirement(name, statement="A sentence. " * 8) for name in names))
    for name in names:
        check = f"test_{name}"
        journal.begin(check, name)
        sequence = journal.exchange(check, request=request(), response=response(500))
        journal.finding(check, name, "A message of ordinary length.", exchange_seq=sequence)
        journal.end(check, "fail")
    return build_view(journal.finish().lines)


def test_the_page_stays_small_when_a_hundred_requirements_fail() -> None:
    assert len(known_formats()["html"].render(crowded()).encode()) < 500_000


def test_all_files_are_written_and_no_draft_is_left(tmp_path: Path) -> None:
    lines = [ascii_json(line) for line in realistic()]
    (tmp_path / "journal.ndjson").write_text("\n".join(lines), encoding="utf-8")
    view = write_all(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    reports = {"run.json", "junit.xml", "summary.md", "report.html", "histograms.ndjson"}
    assert names == {"journal.ndjson", *reports}
    assert view == build_view(realistic())


def test_a_directory_without_a_journal_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_all(tmp_path)


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "journal.ndjson").touch()
    (tmp_path / "report.html" / "taken").mkdir(parents=True)
    with pytest.raises(CannotWrite, match=r"report\.html"):
        write_all(tmp_path)
    assert not list(tmp_path.glob(".*.draft"))


def test_findings_of_one_requirement_are_shown_up_to_a_limit() -> None:
    journal = Journal().start(CODE).begin("a", CODE)
    for number in range(9):
        journal.finding("a", CODE, f"message {number}")
    text = known_formats()["html"].render(build_view(journal.end("a", "fail").lines))
    assert "message 4" in text
    assert "message 5" not in text
    assert "and 4 more findings" in text


@pytest.mark.parametrize("name", ["html", "markdown", "terminal"])
def test_a_run_cut_short_says_so(name: str) -> None:
    lines = Journal().start(CODE).check("a", CODE).lines
    text = known_formats()[name].render(build_view(lines))
    assert "partial run" in text
    assert "the run was cut off: its journal has no end" in text


@pytest.mark.parametrize("name", ["html", "markdown", "terminal"])
def test_a_pass_with_a_warning_says_so(name: str) -> None:
    journal = Journal().start(CODE, LIFE).check("b", LIFE).begin("a", CODE)
    journal.finding("a", CODE, severity="warn").end("a", "fail").finish()
    assert "2 of 2 tested requirements pass; 1 with a warning." in known_formats()[name].render(
        build_view(journal.lines)
    )
