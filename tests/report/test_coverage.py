"""The coverage of a run: exact sums over processes, and a reason for every status not reached."""

import json
from typing import Any

import jsonschema_rs
import msgspec

from tests.report.journals import Journal
from tests.report.reading import schema
from verify_harness.report.html import html
from verify_harness.report.run_json import document, run_json
from verify_harness.results import build_view
from verify_harness.results.spec_coverage import Coverage

POINT = "body/name maxLength"
REASON = "a key may do everything"


def line(
    statuses: dict[str, int], valid: int, invalid: int, name: str = "CreateVerifyProfile"
) -> dict[str, Any]:
    """What one process says."""
    keywords = {POINT: {"valid": valid, "invalid": invalid}}
    return {
        "operations": {name: {"statuses": statuses, "keywords": keywords}},
        "unreachable": {name: {"403": REASON}},
    }


def coverage(*lines: dict[str, Any]) -> Coverage:
    """The coverage of a run whose processes said this."""
    journal = Journal().start()
    for each in lines:
        journal.line("coverage", **each)
    found = build_view(journal.lines).coverage
    assert found is not None
    return found


def test_a_run_that_says_nothing_of_coverage_has_none() -> None:
    assert build_view(Journal().start().lines).coverage is None
    assert document(build_view(Journal().start().lines)).coverage is None


def test_what_any_process_reached_is_reached() -> None:
    (item,) = coverage(
        line({"200": 2, "400": 0}, 1, 0), line({"200": 0, "400": 1}, 0, 1)
    ).operations
    assert (item.statuses.reached, item.statuses.unreached) == (("200", "400"), {})
    assert (item.keywords.covered, item.keywords.total, item.keywords.missing) == (2, 2, ())


def test_an_unreached_status_has_the_listed_reason_or_says_that_it_has_none() -> None:
    (item,) = coverage(line({"200": 1, "403": 0, "429": 0}, 1, 0)).operations
    assert item.statuses.unreached == {"403": REASON, "429": "not answered in this run"}


def test_a_listed_status_that_was_reached_counts_as_reached() -> None:
    (item,) = coverage(line({"403": 1}, 1, 0)).operations
    assert (item.statuses.reached, item.statuses.unreached) == (("403",), {})


def test_a_side_that_nobody_sent_is_missing() -> None:
    found = coverage(line({"200": 1}, 3, 0), line({"200": 1}, 4, 0))
    assert [item.keywords.missing for item in found.operations] == [(f"{POINT} invalid",)]
    assert (found.keywords.covered, found.keywords.total) == (1, 2)


def test_processes_may_know_of_different_operations() -> None:
    found = coverage(line({"200": 1}, 1, 1), line({"200": 0}, 0, 0, name="ListProfiles"))
    assert [item.operation_id for item in found.operations] == [
        "CreateVerifyProfile",
        "ListProfiles",
    ]
    assert (found.statuses.documented, found.statuses.reached) == (2, 1)


def test_run_json_and_the_page_tell_it() -> None:
    journal = Journal().start()
    journal.line("coverage", **line({"200": 1, "403": 0}, 1, 0))
    validator = jsonschema_rs.Draft202012Validator(schema("journal"))
    validator.validate(msgspec.to_builtins(journal.lines[-1]))
    view = build_view(journal.lines)
    told = json.loads(run_json(view))
    jsonschema_rs.Draft202012Validator(schema("run")).validate(told)
    assert told["coverage"]["statuses"] == {"documented": 2, "reached": 1}
    assert told["coverage"]["keywords"] == {"total": 2, "covered": 1}
    page = html(view)
    assert "1 of 2 documented statuses answered" in page
    assert REASON in page
