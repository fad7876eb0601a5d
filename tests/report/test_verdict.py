"""Verdict and exit code."""

from typing import Any

import pytest

from tests.report.journals import Journal
from verify_harness.results import RunView, build_view

CODE, LIFE = "VFY-CODE-004", "VFY-LIFE-002"


def ended(journal: Journal, **finish: Any) -> RunView:
    return build_view(journal.finish(**finish).lines)


def passing() -> Journal:
    return Journal().start(CODE, LIFE).check("a", CODE).check("b", LIFE)


def failing() -> Journal:
    return Journal().start(CODE).begin("a", CODE).finding("a", CODE).end("a", "fail")


def test_kept_requirements_pass() -> None:
    view = ended(passing())
    assert (view.verdict, view.exit_code, view.partial) == ("pass", 0, False)


def test_a_broken_requirement_fails_the_run_even_beside_errors() -> None:
    journal = failing().check("b", CODE, status="error")
    assert (ended(journal).verdict, ended(journal).exit_code) == ("fail", 1)


def test_an_error_beside_passes_leaves_no_verdict() -> None:
    view = ended(passing().check("c", LIFE, status="error", reason="no answer"))
    assert (view.verdict, view.exit_code) == ("no-verdict", 3)


def test_an_error_hidden_behind_a_warning_leaves_no_verdict() -> None:
    journal = Journal().start(CODE).begin("a", CODE).finding("a", CODE, severity="warn")
    view = ended(journal.end("a", "fail").check("b", CODE, status="error", reason="no answer"))
    assert (view.exit_code, view.reasons) == (3, ("b could not judge: no answer",))


def test_a_warning_alone_passes() -> None:
    journal = Journal().start(CODE).begin("a", CODE).finding("a", CODE, severity="warn")
    assert ended(journal.end("a", "fail")).verdict == "pass"


def test_skips_alone_judge_nothing() -> None:
    view = ended(Journal().start(CODE).check("a", CODE, status="skip", reason="no clock"))
    assert (view.exit_code, view.reasons) == (3, ("nothing could be judged",))


@pytest.mark.parametrize(
    "told, verdict, exit_code",
    [
        (5, "fail", 5),
        (4, "fail", 4),
        (2, "fail", 2),
        (3, "fail", 1),
        (130, "fail", 130),
        (143, "fail", 143),
        (77, "fail", 5),
    ],
)
def test_the_worse_of_the_told_code_and_a_failure_wins(
    told: int, verdict: str, exit_code: int
) -> None:
    view = ended(failing(), exit_code=told)
    assert (view.verdict, view.exit_code) == (verdict, exit_code)


@pytest.mark.parametrize("told", [2, 3, 4, 5, 130, 143])
def test_a_told_code_leaves_a_clean_run_without_a_verdict(told: int) -> None:
    view = ended(passing(), exit_code=told)
    assert (view.verdict, view.exit_code) == ("no-verdict", told)
    assert view.reasons


def test_a_partial_run_does_not_pass() -> None:
    view = ended(passing(), partial=True, reason="the budget is used up")
    assert (view.partial, view.exit_code, view.reasons) == (True, 3, ("the budget is used up",))


def test_a_completed_load_without_requirements_passes() -> None:
    journal = Journal().start().load_start().load_second(0, "trigger", [900]).load_finish(1)
    assert ended(journal).verdict == "pass"


def test_a_load_that_completed_no_journey_judges_nothing() -> None:
    journal = Journal().start().load_start().load_second(0, "trigger", [900]).load_finish(0)
    assert ended(journal).exit_code == 3
