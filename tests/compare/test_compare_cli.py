"""`verify-harness compare` as its user runs it."""

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from tests.report.journals import Journal
from verify_harness import journal
from verify_harness.cli import cli
from verify_harness.errors import HarnessError
from verify_harness.journal.encoding import ascii_json
from verify_harness.report import changes_in_words as wording
from verify_harness.report import write_all
from verify_harness.results.comparison import Change, Comparison, Figure


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, Journal], Path]:
    """Write a journal and its reports into a run directory."""

    def write(name: str, told: Journal) -> Path:
        directory = tmp_path / name
        directory.mkdir()
        lines = "".join(ascii_json(line) + "\n" for line in told.lines)
        journal.part(directory, "main").write_text(lines)
        write_all(directory)
        return directory

    return write


def _loaded(
    seed: int = 1, slower: float = 1.0, seconds: int = 100, rate: int = 20, **start: Any
) -> Journal:
    """A run of triggers of 20 ms or so."""
    random = Random(seed)
    told = Journal().start(command="load run mine", **start).load_start(rate, seconds)
    for second in range(seconds):
        took = [int(20_000 * slower * random.lognormvariate(0, 0.3)) for _ in range(rate)]
        told.load_second(second, "trigger", took)
    return told.load_finish(rate * seconds, seconds)


def _compare(*arguments: Any) -> tuple[int, str]:
    """Exit code and output; an error of the harness is told as `main` tells it."""
    ended = CliRunner().invoke(cli, ["compare", *map(str, arguments)], standalone_mode=False)
    if isinstance(ended.exception, HarnessError):
        return int(ended.exception.exit_code), str(ended.exception)
    assert ended.exception is None, ended.exception
    return int(ended.return_value), ended.output


def test_a_slower_run_is_a_regression_and_its_reverse_an_improvement(
    written: Callable[[str, Journal], Path],
) -> None:
    fast = written("fast", _loaded().finish())
    slow = written("slow", _loaded(seed=2, slower=1.2).finish())

    code, told = _compare(fast, slow)
    assert code == 1
    assert "regression" in told
    assert "verdict: regression (exit 1)  Worse: p50 of trigger" in told
    assert "20.0 ms" in told or "20." in told

    assert _compare(slow, fast)[0] == 0
    assert "verdict: improvement (exit 0)" in _compare(slow, fast)[1]
    assert "verdict: no change (exit 0)" in _compare(fast, fast)[1]


def test_a_run_json_names_its_run_and_the_comparison_is_told_as_json(
    written: Callable[[str, Journal], Path],
) -> None:
    fast = written("fast", _loaded().finish())
    slow = written("slow", _loaded(seed=2, slower=1.5).finish())

    code, told = _compare(fast / "run.json", slow / "run.json", "--json")

    found = json.loads(told)
    assert (code, found["verdict"]) == (1, "regression")
    assert found["schema"] == "verify-harness/compare/1"
    first = found["load"]["figures"][0]
    assert (first["step"], first["measure"], first["judgement"]) == ("trigger", "p50", "regression")
    assert first["low"] < 50 < first["high"]
    assert first["change"] == pytest.approx(50, abs=5)


@pytest.mark.parametrize(
    "unit, value, told",
    [
        ("ms", 12.54, "+12.5 %"),
        ("ms", -33.0, "-33.0 %"),
        ("ms", 899.0, "+899.0 %"),
        ("ms", 900.0, "10\u00d7"),
        ("ms", 166481.9, "1\u202f666\u00d7"),
        ("%", 12.5, "+12.5 points"),
    ],
)
def test_a_large_change_is_a_factor(unit: Any, value: float, told: str) -> None:
    item = Figure("trigger", "p95", unit, 1, 2, value, value, value, 0, "regression")
    assert wording.change(item, value) == told


def test_the_page_says_what_the_console_says(
    written: Callable[[str, Journal], Path], tmp_path: Path
) -> None:
    fast = written("<b>fast", _loaded().finish())
    slow = written("slow", _loaded(seed=2, slower=30).finish())
    code, told = _compare(fast, slow, "--html", tmp_path / "changes.html")
    shown = (tmp_path / "changes.html").read_text()
    text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", shown)))
    assert code == 1
    assert "Worse: p50 of trigger" in text
    for line in told.splitlines():
        if " regression" in line and not line.startswith("verdict"):
            figures = re.split(r"  +", line.strip("✗ "))[1:-1]
            assert all(figure in text for figure in figures)
    assert "<b>fast" not in shown
    assert "30\u00d7" in text


def test_the_verdict_names_a_few_of_many() -> None:
    names = [f"VFY-CODE-{n:03}" for n in range(1, 6)]
    changes = tuple(Change(name, "pass", "fail", "regression") for name in names)
    comparison = Comparison("a", "b", changes, (), (), (), None)
    assert wording.why(comparison) == "Worse: VFY-CODE-001, VFY-CODE-002, VFY-CODE-003 and 2 more"


def test_a_page_that_cannot_be_written_is_said(written: Callable[[str, Journal], Path]) -> None:
    fast = written("fast", _loaded().finish())
    code, told = _compare(fast, fast, "--html", fast / "none" / "page.html")
    assert code == 3
    assert "page.html" in told


@pytest.mark.parametrize(
    "other, reason",
    [
        (_loaded(seconds=101).finish(), "loads of different profiles (arrivals)"),
        (_loaded(target={"url": "http://x/v2", "kind": "remote"}).finish(), "one tested a sandbox"),
        (_loaded(), "is partial"),
        (_loaded().finish(partial=True), "is partial"),
        (Journal().start().finish(), "only one of the runs has a load"),
    ],
)
def test_runs_that_say_nothing_about_each_other_are_refused(
    written: Callable[[str, Journal], Path], other: Journal, reason: str
) -> None:
    code, told = _compare(written("mine", _loaded().finish()), written("other", other))
    assert code == 2
    assert reason in told


def test_an_invalid_load_is_not_compared(written: Callable[[str, Journal], Path]) -> None:
    invalid = _loaded()
    invalid.line("load-invalid", reason="load process 2 of 2 was lost")
    code, told = _compare(written("a", invalid.finish()), written("b", _loaded().finish()))
    assert code == 2
    assert "process 2 of 2 was lost" in told


def test_what_is_no_run_is_said(tmp_path: Path) -> None:
    assert _compare(tmp_path, tmp_path)[0] == 2
    assert "holds no run" in _compare(tmp_path, tmp_path)[1]


def _checked(code: str = "pass", seen: str = "400", status: int = 200) -> Journal:
    told = Journal().start("VFY-CODE-001", "VFY-CODE-004")
    told.check("right", "VFY-CODE-001")
    told.begin("once", "VFY-CODE-004")
    told.exchange("once", response={"status": status, "headers": {}, "body": ""})
    told.observe("once", "C2", seen)
    if code == "fail":
        told.finding("once", "VFY-CODE-004")
    return told.end("once", code).finish()


def test_a_requirement_that_fails_now_is_a_regression(
    written: Callable[[str, Journal], Path],
) -> None:
    kept = written("kept", _checked())
    broken = written("broken", _checked("fail"))

    code, told = _compare(kept, broken)
    assert code == 1
    assert "✗ VFY-CODE-004: pass → fail" in told
    assert "Worse: VFY-CODE-004" in told
    assert "VFY-CODE-001" not in told
    assert _compare(broken, broken)[0] == 0
    assert "verdict: improvement (exit 0)" in _compare(broken, kept)[1]


def test_what_was_seen_and_answered_is_told_but_no_regression(
    written: Callable[[str, Journal], Path],
) -> None:
    before = written("before", _checked())
    after = written("after", _checked(seen="422", status=201))

    code, told = _compare(before, after)
    assert code == 0
    assert "C2: 400 → 422" in told
    assert "CreateVerificationSms: 200 → 201" in told


def test_requirements_are_compared_although_the_loads_cannot_be(
    written: Callable[[str, Journal], Path],
) -> None:
    def with_load(told: Journal) -> Journal:
        return told.load_start(5, 2).load_second(0, "trigger", [900] * 10).load_finish(10, 2)

    runs = [
        written(name, with_load(Journal().start("VFY-CODE-001").check("right", "VFY-CODE-001")))
        for name in ("a", "b")
    ]
    assert _compare(*runs)[0] == 2  # partial: they have no end
    whole = [
        written(
            name, with_load(Journal().start("VFY-CODE-001").check("r", "VFY-CODE-001")).finish()
        )
        for name in ("c", "d")
    ]
    code, told = _compare(*whole)
    assert code == 0
    assert "load: 1 s of load are too short" in told


def test_runs_with_nothing_in_common_are_not_compared(
    written: Callable[[str, Journal], Path],
) -> None:
    codes = Journal().start("VFY-CODE-001").check("right", "VFY-CODE-001").finish()
    lists = Journal().start("VFY-LIST-001").check("whole", "VFY-LIST-001").finish()

    code, told = _compare(written("codes", codes), written("lists", lists))
    assert code == 2
    assert "no requirement was judged, and no load driven, in both" in told


def test_what_only_one_run_judged_is_counted_and_a_failure_among_it_is_a_regression(
    written: Callable[[str, Journal], Path],
) -> None:
    def ran(name: str, *more: str, broken: bool = False) -> Path:
        told = Journal().start("VFY-CODE-001", *more).check("right", "VFY-CODE-001")
        for requirement in more:
            told.begin(requirement, requirement)
            if broken:
                told.finding(requirement, requirement)
            told.end(requirement, "fail" if broken else "pass")
        return written(name, told.finish())

    few, more = ran("few"), ran("more", "VFY-LIST-001")
    code, told = _compare(few, more)
    assert code == 0
    assert "requirements that only one of the runs judged: 1" in told
    assert "VFY-LIST-001" not in told

    code, told = _compare(few, ran("broken", "VFY-LIST-001", broken=True))
    assert code == 1
    assert "Worse: VFY-LIST-001" in told


def test_a_report_shows_what_changed_since_an_earlier_run(
    written: Callable[[str, Journal], Path], tmp_path: Path
) -> None:
    kept, broken = written("kept", _checked()), written("broken", _checked("fail"))
    ended = CliRunner().invoke(cli, ["report", str(broken), "--baseline", str(kept)])
    assert ended.exception is None, ended.exception
    page = (broken / "report.html").read_text()
    section = page[page.index('id="changes"') : page.index('id="requirements"')]
    assert "Worse: VFY-CODE-004" in section
    assert "regression" in section
    assert f"Since {kept}" in html.unescape(section)
    assert 'href="#changes"' in page
    plain = CliRunner().invoke(cli, ["report", str(broken)])
    assert plain.exception is None
    assert 'id="changes"' not in (broken / "report.html").read_text()


def test_a_baseline_that_does_not_compare_is_said_and_writes_nothing(
    written: Callable[[str, Journal], Path], tmp_path: Path
) -> None:
    broken = written("broken", _checked("fail"))
    before = (broken / "report.html").read_text()
    ended = CliRunner().invoke(cli, ["report", str(broken), "--baseline", str(tmp_path)])
    assert isinstance(ended.exception, HarnessError)
    assert (broken / "report.html").read_text() == before
