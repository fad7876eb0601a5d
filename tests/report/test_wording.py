"""The sentences and figures every format shares."""

import pytest

from tests.report.journals import Journal, limit
from tests.report.test_junit import waived
from verify_harness.report import wording
from verify_harness.results import build_view, figures

CODE, LIFE = "VFY-CODE-004", "VFY-LIFE-002"


def headline(journal: Journal) -> str:
    return wording.headline(build_view(journal.finish().lines))


def failing(*blocked_by: str | None) -> Journal:
    names = [f"VFY-CODE-{number:03}" for number in range(len(blocked_by))]
    journal = Journal().start(*names)
    for name, cause in zip(names, blocked_by, strict=True):
        journal.begin(name, name).finding(name, name, blocked_by=cause).end(name, "fail")
    return journal


@pytest.mark.parametrize(
    "blocked_by, sentence",
    [
        ((None,), "1 of 1 requirement is broken."),
        ((None, None), "2 of 2 requirements are broken."),
        ((None, "VFY-CODE-000"), "1 of 2 requirements is broken and blocks 1 more."),
        ((CODE,), f"1 of 1 requirement could not run: their set-up ({CODE}) failed."),
    ],
)
def test_a_failure_says_how_many_and_what_it_blocks(
    blocked_by: tuple[str | None, ...], sentence: str
) -> None:
    assert headline(failing(*blocked_by)) == sentence


def test_a_pass_does_not_claim_what_was_skipped() -> None:
    journal = Journal().start(CODE, LIFE).check("a", CODE)
    journal.check("b", LIFE, status="skip", reason="not observable: clock")
    assert headline(journal) == "1 of 1 tested requirement passes; 1 not tested."


def test_a_run_that_judged_nothing_says_so() -> None:
    assert headline(Journal().start()) == "The run could not judge anything."


@pytest.mark.parametrize(
    "seconds, text",
    [(0.84, "0.8 s"), (12.2, "12 s"), (72, "1 min 12 s"), (7500, "2 h 5 min")],
)
def test_durations_read_well(seconds: float, text: str) -> None:
    assert figures.duration(seconds) == text


@pytest.mark.parametrize(
    "value, text", [(0.123, "0.12"), (12.34, "12.3"), (250.4, "250"), (12345, "12\u202f345")]
)
def test_latencies_have_three_figures(value: float, text: str) -> None:
    assert figures.milliseconds(value) == text


def test_a_waived_failure_is_not_counted_as_passed() -> None:
    journal = Journal().start(CODE, LIFE, waivers=[waived("open")]).check("b", LIFE)
    journal.begin("a", CODE).finding("a", CODE).end("a", "fail")
    assert headline(journal) == "1 of 2 tested requirements pass; 1 waived."


def test_a_stale_waiver_is_the_headline_where_nothing_else_fails() -> None:
    journal = Journal().start(CODE, waivers=[waived("open")]).check("a", CODE)
    assert CODE in headline(journal)
    assert "waiver" in headline(journal)


def test_a_load_that_was_interrupted_misses_no_limit() -> None:
    journal = (
        Journal()
        .start()
        .load_start(10, 60, limit("completed(willing)", "> 99 %", "completed", 0.99))
    )
    journal.load_second(0, "trigger", [900]).load_finish(600, 1)
    view = build_view(journal.finish(exit_code=130, partial=True, reason="interrupted").lines)
    assert (view.verdict, view.exit_code) == ("no-verdict", 130)
