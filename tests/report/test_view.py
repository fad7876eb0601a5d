"""Findings, counts, observations, digests and journals that are cut short."""

import jsonschema_rs
import msgspec
import pytest

from tests.report.journals import Journal, realistic, record, request, response
from tests.report.reading import schema
from verify_harness.journal import Entry, Unreadable
from verify_harness.results import build_view

CODE, LIFE = "VFY-CODE-004", "VFY-LIFE-002"


def test_findings_are_numbered_by_check_and_sequence_whatever_the_order_of_lines() -> None:
    journal = Journal().start(CODE).begin("a", CODE).begin("b", CODE)
    journal.finding("b", CODE, "third").finding("a", CODE, "first").finding("a", CODE, "second")
    for lines in (journal.lines, journal.lines[::-1]):
        found = [(item.id, item.message) for item in build_view(lines).findings]
        numbered = [(f"{CODE}.1", "first"), (f"{CODE}.2", "second"), (f"{CODE}.3", "third")]
        assert found == numbered


def test_a_finding_carries_the_exchange_it_is_about() -> None:
    journal = Journal().start(CODE).begin("a", CODE)
    journal.exchange("a", response=response(500))
    wanted = journal.exchange("a", response=response(201))
    finding = build_view(journal.finding("a", CODE, exchange_seq=wanted).lines).findings[0]
    assert finding.exchange is not None
    assert finding.exchange.response is not None
    assert finding.exchange.response.status == 201
    assert finding.curl is not None


def test_a_finding_about_an_exchange_that_is_lost_is_still_shown() -> None:
    view = build_view(
        Journal().start(CODE).begin("a", CODE).finding("a", CODE, exchange_seq=9).lines
    )
    assert (view.findings[0].exchange, view.findings[0].curl) == (None, None)


def test_operations_count_their_statuses_and_list_those_never_called() -> None:
    journal = Journal().start()
    journal.exchange("a")
    journal.exchange("a", response=response(400))
    journal.exchange("a", response=None, failure="timeout")
    operations = {item.operation_id: item for item in build_view(journal.lines).operations}
    assert operations["CreateVerificationSms"].statuses == {"200": 1, "400": 1, "none": 1}
    assert operations["DeleteProfile"].exchanges == 0


@pytest.mark.parametrize(
    "method, path, triggers",
    [
        ("POST", "/verifications/sms", 1),
        ("POST", "/verifications/whatsapp", 1),
        ("GET", "/verifications/sms", 0),
        ("POST", "/verifications/5d1c/actions/verify", 0),
    ],
)
def test_only_triggers_are_spent(method: str, path: str, triggers: int) -> None:
    journal = Journal().start()
    journal.exchange("a", request=request(method=method, url=f"http://127.0.0.1:1/v2{path}"))
    assert build_view(journal.lines).spend == {"triggers": triggers}


def test_triggers_under_load_are_spent_too() -> None:
    journal = Journal().start().load_second(0, "trigger", [900, 900]).load_second(0, "check", [900])
    assert build_view(journal.lines).spend == {"triggers": 2}


def test_the_request_digest_does_not_depend_on_the_order_of_checks() -> None:
    one = (
        Journal().start().check("a", requests_sha256="1" * 64).check("b", requests_sha256="2" * 64)
    )
    other = (
        Journal().start().check("b", requests_sha256="2" * 64).check("a", requests_sha256="1" * 64)
    )
    digest = build_view(one.lines).requests_sha256
    assert digest == build_view(other.lines).requests_sha256
    assert digest is not None


def test_there_is_no_digest_without_generated_requests() -> None:
    assert build_view(Journal().start().check("a").lines).requests_sha256 is None


def test_observations_are_counted_by_value_with_their_operations() -> None:
    journal = Journal().start().observe("a", "C2", "400", "ListProfiles")
    journal.observe("b", "C2", "400").observe("b", "C2", "422", "CreateVerifyProfile")
    seen = [
        (it.key, it.value, it.count, it.operations) for it in build_view(journal.lines).observations
    ]
    assert seen == [
        ("C2", "400", 2, ("ListProfiles",)),
        ("C2", "422", 1, ("CreateVerifyProfile",)),
    ]


def test_an_empty_journal_gives_a_partial_view_without_a_verdict() -> None:
    view = build_view([])
    assert (view.partial, view.verdict, view.exit_code) == (True, "no-verdict", 3)


def test_every_beginning_of_a_journal_gives_a_view_that_does_not_pass() -> None:
    lines = Journal().start(CODE).check("a", CODE).finish().lines
    for length in range(len(lines)):
        assert build_view(lines[:length]).verdict == "no-verdict"
    assert build_view(lines).verdict == "pass"


@pytest.mark.parametrize(
    "entry",
    [
        Unreadable("journal.ndjson:7", "no JSON"),
        record("load-second", second=0, step="x", service="####"),
    ],
)
def test_a_line_that_cannot_be_read_keeps_the_run_from_passing(entry: Entry) -> None:
    lines = Journal().start(CODE).check("a", CODE).finish().lines
    view = build_view([*lines, entry])
    assert (view.partial, view.exit_code) == (True, 3)


def test_the_duration_of_a_cut_journal_is_the_time_it_covers() -> None:
    journal = Journal().start().check("a")
    assert build_view(journal.lines).duration_s == pytest.approx(0.03)


def test_the_journals_built_here_keep_the_schema() -> None:
    validator = jsonschema_rs.Draft202012Validator(schema("journal"))
    for entry in realistic():
        validator.validate(msgspec.to_builtins(entry))
