"""The end of a run on the console."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.report.journals import Journal, requirement
from tests.report.test_junit import CODE, proof, waived
from verify_harness.cli.report import report
from verify_harness.journal.encoding import ascii_json
from verify_harness.report.terminal import terminal
from verify_harness.results import build_view


def text_of(journal: Journal) -> str:
    return terminal(build_view(journal.finish().lines))


def test_a_waived_failure_names_who_answers_for_it_and_until_when() -> None:
    journal = Journal().start(CODE, waivers=[waived("open")]).begin("a", CODE)
    told = text_of(journal.finding("a", CODE).end("a", "fail"))
    assert f"waived  {CODE}" in told
    assert "waived until 2027-01-31 by ann: ticket 12" in told


def test_a_chosen_rule_that_the_target_has_otherwise_is_named() -> None:
    journal = Journal().start(requirement(CODE, basis="chosen")).begin("a", CODE)
    journal.observe("a", CODE, "400")
    assert f"which is no fault: {CODE}" in text_of(journal.end("a"))


def test_a_proof_counts_requests_and_no_triggers() -> None:
    told = text_of(proof(Journal().start(), caught=True))
    assert "2 requests" in told
    assert "trigger" not in told


@pytest.mark.parametrize(
    "flags,no_color,is_plain",
    [((), "", False), (("--no-color",), "", True), ((), "1", True)],
)
def test_a_report_written_again_may_be_plain(
    flags: tuple[str, ...],
    no_color: str,
    is_plain: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", no_color)
    lines = map(ascii_json, Journal().start(CODE).check("a", CODE).finish().lines)
    (tmp_path / "journal.ndjson").write_text("\n".join(lines), encoding="utf-8")
    ended = CliRunner().invoke(report, [str(tmp_path), *flags], color=True)
    assert ended.exit_code == 0
    assert ("\x1b[32m" not in ended.output) is is_plain
