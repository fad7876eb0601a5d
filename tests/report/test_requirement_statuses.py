"""What makes a requirement pass, fail, or neither."""

from tests.report.journals import Journal, requirement
from verify_harness.journal.records import RunStopped
from verify_harness.results import build_view
from verify_harness.results.model import JudgedRequirement

CODE, LIFE = "VFY-CODE-004", "VFY-LIFE-002"


def judged(journal: Journal, name: str = CODE) -> JudgedRequirement:
    view = build_view(journal.finish().lines)
    return next(item for item in view.requirements if item.id == name)


def test_a_requirement_whose_checks_passed_passes() -> None:
    assert judged(Journal().start(CODE).check("a", CODE)).status == "pass"


def test_one_failing_finding_outweighs_passing_checks() -> None:
    journal = Journal().start(CODE).check("a", CODE).begin("b", CODE)
    assert judged(journal.finding("b", CODE).end("b", "fail")).status == "fail"


def test_a_finding_of_severity_warn_gives_warn() -> None:
    journal = Journal().start(CODE).begin("a", CODE).finding("a", CODE, severity="warn")
    assert judged(journal.end("a", "fail")).status == "warn"


def test_an_errored_check_is_no_pass_even_beside_a_passing_one() -> None:
    journal = Journal().start(CODE).check("a", CODE)
    journal.check("b", CODE, status="error", reason="no answer")
    result = judged(journal)
    assert (result.status, result.reason) == ("error", "no answer")


def test_a_check_that_never_ended_is_an_error() -> None:
    result = judged(Journal().start(CODE).begin("a", CODE))
    assert (result.status, result.reason) == ("error", "not finished")


def test_a_requirement_without_a_check_is_an_error() -> None:
    result = judged(Journal().start(CODE))
    assert (result.status, result.reason) == ("error", "no check ran")


def test_a_requirement_is_skipped_only_if_all_its_checks_were() -> None:
    skipped = Journal().start(CODE).check("a", CODE, status="skip", reason="not observable: clock")
    result = judged(skipped)
    assert (result.status, result.reason) == ("skip", "not observable: clock")
    mixed = Journal().start(CODE).check("a", CODE, status="skip").check("b", CODE)
    assert judged(mixed).status == "pass"


def test_an_observation_on_a_chosen_rule_gives_observed() -> None:
    journal = Journal().start(requirement(CODE, basis="chosen")).begin("a", CODE)
    assert judged(journal.observe("a", CODE, "refused").end("a")).status == "observed"


def test_an_observation_on_a_documented_rule_changes_nothing() -> None:
    journal = Journal().start(CODE).begin("a", CODE).observe("a", "C2", "400").end("a")
    assert judged(journal).status == "pass"


def test_a_failed_check_accuses_only_the_requirement_its_finding_names() -> None:
    journal = Journal().start(CODE, LIFE).begin("a", CODE, LIFE).finding("a", CODE).end("a", "fail")
    journal.check("b", LIFE)
    assert judged(journal, LIFE).status == "pass"


def test_a_check_that_ended_early_blocks_its_other_requirements() -> None:
    journal = Journal().start(CODE, LIFE).begin("a", CODE, LIFE).finding("a", CODE).end("a", "fail")
    result = judged(journal, LIFE)
    assert (result.status, result.reason, result.blocked_by) == (
        "fail",
        "not judged: its check ended at VFY-CODE-004",
        CODE,
    )


def test_a_failed_check_that_came_to_its_end_keeps_its_other_requirements() -> None:
    journal = Journal().start(CODE, LIFE).begin("a", CODE, LIFE).finding("a", CODE)
    journal.end("a", "fail", complete=True)
    assert judged(journal, LIFE).status == "pass"
    assert judged(journal, CODE).status == "fail"


def test_a_check_that_failed_without_a_finding_is_an_error() -> None:
    assert judged(Journal().start(CODE).check("a", CODE, status="fail")).status == "error"


def test_a_flaky_check_never_looks_green() -> None:
    journal = Journal().start(CODE).check("a", CODE).check("b", CODE, status="flaky")
    assert judged(journal).status == "flaky"


def test_a_blocked_requirement_fails_and_is_grouped_under_its_cause() -> None:
    journal = Journal().start(CODE, LIFE).begin("a", LIFE)
    journal.finding("a", LIFE, blocked_by=CODE).end("a", "fail").check("b", CODE)
    view = build_view(journal.finish().lines)
    group = view.blocked[0]
    assert (group.cause, [item.id for item in group.requirements]) == (CODE, [LIFE])
    assert group.requirements[0].status == "fail"
    assert LIFE not in [item.id for item in view.broken]


def test_a_requirement_with_a_failure_of_its_own_is_not_merely_blocked() -> None:
    journal = Journal().start(LIFE).begin("a", LIFE).finding("a", LIFE, blocked_by=CODE)
    journal.finding("a", LIFE).end("a", "fail")
    assert judged(journal, LIFE).blocked_by is None


def test_a_rule_broken_under_load_fails_although_nobody_selected_it() -> None:
    assert judged(Journal().start().finding("load", CODE)).status == "fail"


def test_a_failure_counts_though_no_check_of_its_requirement_ran() -> None:
    journal = Journal().start(CODE).begin("a", CODE).finding("a", LIFE).end("a", "fail")
    journal.lines.append(RunStopped(reason="fail-fast"))
    assert judged(journal, LIFE).status == "fail"
