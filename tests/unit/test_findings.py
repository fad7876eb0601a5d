"""What a check found, and what the exception means that ended it."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers

from tests.unit.checks import environment, opened
from verify_harness.contract import case_preparation, suite, verifications
from verify_harness.contract.check_exceptions import Blocked, FaultCaught, NoAnswer, NotObservable
from verify_harness.contract.circuit_breaker import CircuitBreaker
from verify_harness.contract.context import CheckContext
from verify_harness.contract.outcomes import judge
from verify_harness.exchange import Exchange, Request, Response

ANSWER = Exchange(Request("GET", "http://127.0.0.1:9/"), Response(200, (), b"{}"), 1.0)
OURS = "VFY-CODE-001"


def raised(fails: Callable[[], object]) -> BaseException:
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - whatever it raises is judged
        fails()
    return caught.value


def result(path: Path, judged: Callable[[CheckContext], None]) -> dict[str, Any]:
    """The last journal line of a check with one answered request that `judged` was called with."""
    with opened(journal=path) as check:
        check.findings.last_exchange = ANSWER
        judged(check)
        check.findings.finish(0.1, None)
    line: dict[str, Any] = json.loads(path.read_text().splitlines()[-1])
    return line


@pytest.mark.parametrize(
    "error, status, message",
    [
        (
            NotObservable("clock"),
            "skip",
            "time cannot be moved there (the sandbox can: lever clock)",
        ),
        (AssertionError("4 is not 5"), "fail", "4 is not 5"),
        (NoAnswer("GET /: nothing"), "fail", "GET /: nothing; other requests are answered"),
        (OSError(28, "No space left"), "error", "OSError: No space left at an unknown place"),
        (RuntimeError("KEY_of_a_test"), "error", "RuntimeError at an unknown place"),
        (FaultCaught(OURS), "pass", None),
    ],
)
def test_each_kind_of_exception_has_one_meaning(
    tmp_path: Path, error: BaseException, status: str, message: str | None
) -> None:
    found: list[str] = []

    def judged(check: CheckContext) -> None:
        judge(check, (OURS,), error)
        found.extend(finding.message for finding in check.findings.reported)

    line = result(tmp_path / "journal", judged)
    assert line["status"] == status
    assert (found or [line["reason"]]) == [message]


def test_of_an_assertion_with_words_only_those_are_told() -> None:
    with opened() as check:
        judge(check, (OURS,), AssertionError("too early\nassert 1 == 2\n +  where 1 = f(KEY)"))
        (finding,) = check.findings.reported
    assert finding.message == "too early"


def test_a_target_that_answers_nothing_is_an_error_not_a_finding() -> None:
    gone = CircuitBreaker(lambda: False, is_open=True)
    with opened(environment(breaker=gone)) as check:
        judge(check, (OURS,), NoAnswer("GET /: nothing"))
        assert check.findings.reported == []


def test_a_blocked_check_names_the_cause_for_each_of_its_requirements() -> None:
    with opened() as check:
        judge(check, (OURS, "VFY-CODE-002"), Blocked("VFY-PROF-001", "set-up: no profile"))
        blocked = [(each.requirement, each.blocked_by) for each in check.findings.reported]
    assert blocked == [(OURS, "VFY-PROF-001"), ("VFY-CODE-002", "VFY-PROF-001")]


def test_an_error_outweighs_a_skip_and_a_finding_outweighs_both(tmp_path: Path) -> None:
    def skipped(check: CheckContext) -> None:
        check.findings.conclude("error", "no answer")
        check.findings.conclude("skip", "no clock")

    def failed(check: CheckContext) -> None:
        skipped(check)
        check.findings.report(OURS, "broken")

    assert result(tmp_path / "skipped", skipped)["status"] == "error"
    assert result(tmp_path / "failed", failed)["status"] == "fail"


def test_a_proof_stops_at_its_finding_and_other_runs_report_each_kind_once() -> None:
    with opened() as check:
        for status in (500, 502):
            check.findings.report_once(OURS, f"server error: {status}")
        assert len(check.findings.reported) == 1
    with opened(stop_at=OURS) as check, pytest.raises(FaultCaught):
        check.findings.report_once(OURS, "server error: 500")


def test_hypothesis_does_not_repeat_the_request_that_caught_a_fault() -> None:
    drawn: list[int] = []

    @given(integers())
    @settings(database=None)
    def check(number: int) -> None:
        drawn.append(number)
        raise FaultCaught(OURS)

    with pytest.raises(FaultCaught):
        check()
    assert len(drawn) == 1


@pytest.mark.parametrize(
    "status,media_type,is_page",
    [(403, "text/html", True), (502, "text/html; charset=utf-8", True), (200, "text/html", False)],
)
def test_an_answer_of_a_proxy_is_named_as_that(status: int, media_type: str, is_page: bool) -> None:
    page = Response(status, (("content-type", media_type),), b"<html>")
    with opened() as check:
        check.findings.last_exchange = Exchange(ANSWER.request, page, 1.0)
        check.findings.report(OURS, "the code is not accepted")
        message = check.findings.reported[0].message
    assert message.startswith("the code is not accepted")
    assert message.endswith("as proxies and firewalls send it") is is_page


def test_what_a_check_misses_in_an_answer_is_a_finding() -> None:
    error = raised(lambda: ANSWER.json["data"])
    with opened() as check:
        judge(check, (OURS,), error)
        assert check.findings.reported == []  # nothing was sent, so nothing can be missing
        check.findings.last_exchange = ANSWER
        judge(check, (OURS,), error)
        (finding,) = check.findings.reported
    assert "'data' is missing" in finding.message


def _with_real_ids() -> object:
    """A part of an answer is missing in a function inside a marked one."""
    body = {"verify_profile_id": "12ade33a-21c0-473b-b055-b3c836e1c292"}
    return case_preparation._with_real_ids(body, cast("Any", SimpleNamespace(profile={})))


@pytest.mark.parametrize(
    "fails, status",
    [
        (lambda: verifications.wrong_for(""), "fail"),
        (_with_real_ids, "fail"),
        (lambda: suite._level(cast("Any", None)), "error"),
    ],
    ids=["reads answers", "inside of what reads answers", "reads its own files"],
)
def test_data_that_the_harness_misses_is_its_bug_unless_it_reads_answers(
    tmp_path: Path, fails: Callable[[], object], status: str
) -> None:
    error = raised(fails)
    line = result(tmp_path / "journal", lambda check: judge(check, (OURS,), error))
    assert line["status"] == status
