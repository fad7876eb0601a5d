"""What the CI services read: annotations, SARIF, CTRF, WFC, an archive, load figures."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.report.journals import Journal, realistic
from tests.report.payloads import PAYLOADS, hostile
from verify_harness import catalogue
from verify_harness.errors import UsageError
from verify_harness.journal.records import AnyRecord
from verify_harness.report import known_extracts, known_formats
from verify_harness.report.github import MOST
from verify_harness.report.sarif import BUNDLED
from verify_harness.report.wfc import WHOLE_RUN, categories
from verify_harness.results import build_view

CODE = "VFY-CODE-004"


def rendered(name: str, lines: list[AnyRecord]) -> str:
    return known_formats()[name].render(build_view(lines))


def taken(name: str, lines: list[AnyRecord]) -> Any:
    return json.loads("".join(known_extracts()[name](lines)))


def passing() -> list[AnyRecord]:
    return Journal().start(CODE).check("a", CODE).finish().lines


def interrupted() -> list[AnyRecord]:
    return Journal().start(CODE).begin("a", CODE).lines


def many(count: int) -> list[AnyRecord]:
    names = list(catalogue.load())[:count]
    journal = Journal().start(*names)
    for name in names:
        journal.begin(name, name).finding(name, name).end(name, "fail")
    return journal.finish().lines


RUNS: dict[str, Callable[[], list[AnyRecord]]] = {
    "passing": passing,
    "failing": realistic,
    "interrupted": interrupted,
}
every_run = pytest.mark.parametrize("run", RUNS)


# --- annotations of GitHub ---


def test_annotations_end_with_the_verdict() -> None:
    (only,) = rendered("github", passing()).splitlines()
    assert (
        only
        == "::notice title=verify-harness check::PASS (exit 0): 1 of 1 tested requirement passes."
    )


def test_at_most_ten_errors_and_the_rest_is_counted() -> None:
    lines = [line for line in rendered("github", many(25)).splitlines() if "::error" in line]
    assert len(lines) == MOST
    assert lines[-1].startswith("::error title=and 16 more::not shown here: ")


def test_ten_errors_are_all_shown() -> None:
    lines = [line for line in rendered("github", many(MOST)).splitlines() if "::error" in line]
    assert not any("more" in line.partition("::")[2][:20] for line in lines)
    assert len(lines) == MOST


def test_what_is_only_blocked_comes_last() -> None:
    lines = [line for line in rendered("github", realistic()).splitlines() if "::error" in line]
    blocked = ["blocked by" in line for line in lines if "could not" not in line]
    assert blocked.index(True) >= 2


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_no_text_of_a_target_is_a_workflow_command(payload: str) -> None:
    text = rendered("github", hostile(f"\n::error::x\r\n%0A::set-output name=a::b,{payload}"))
    for line in text.splitlines():
        kind, _, rest = line.removeprefix("::").partition(" title=")
        assert kind in {"error", "warning", "notice"}
        title, _, message = rest.partition("::")
        assert not {":", ","} & set(title)
        assert "%0A" not in f"{title}{message}".replace("%250A", "")


# --- SARIF ---


def sarif_run(lines: list[AnyRecord]) -> dict[str, Any]:
    (run,) = json.loads(rendered("sarif", lines))["runs"]
    return dict(run)


def test_an_alert_stands_at_its_operation() -> None:
    run = sarif_run(realistic())
    places = {
        result["ruleId"]: result["locations"][0]["physicalLocation"] for result in run["results"]
    }
    assert places[CODE]["artifactLocation"]["uri"] == BUNDLED
    assert places[CODE]["region"]["startLine"] > 1


@every_run
def test_every_result_has_its_rule_and_a_fingerprint(run: str) -> None:
    told = sarif_run(RUNS[run]())
    rules = [rule["id"] for rule in told["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    for result in told["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["partialFingerprints"]


def test_fingerprints_stay_from_run_to_run_and_differ_within_one() -> None:
    def prints(lines: list[AnyRecord]) -> list[str]:
        return [str(result["partialFingerprints"]) for result in sarif_run(lines)["results"]]

    assert prints(realistic()) == prints(realistic())
    assert len(set(prints(realistic()))) == len(prints(realistic()))


def test_a_run_without_a_verdict_has_no_alerts_and_says_so() -> None:
    told = sarif_run(interrupted())
    (invocation,) = told["invocations"]
    assert (told["results"], invocation["executionSuccessful"]) == ([], False)
    assert invocation["toolExecutionNotifications"]


def test_an_alert_is_at_the_users_own_document(tmp_path: Any) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("paths:\n  /a:\n    get:\n      operationId: CreateVerificationSms\n")
    journal = Journal().start(CODE, repeats_with=["--spec", str(path)]).begin("a", CODE)
    journal.exchange("a", operation_id="CreateVerificationSms")
    lines = journal.finding("a", CODE, exchange_seq=1).end("a", "fail").finish().lines
    (result,) = sarif_run(lines)["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == str(path)


def test_a_waived_failure_is_suppressed() -> None:
    told = {"id": CODE, "target": "*", "reason": "ticket 12", "link": "https://x", "owner": "ann"}
    waiver = {**told, "expires": "2027-01-31", "state": "open"}
    journal = Journal().start(CODE, waivers=[waiver]).begin("a", CODE).finding("a", CODE)
    (result,) = sarif_run(journal.end("a", "fail").finish().lines)["results"]
    assert "ticket 12" in result["suppressions"][0]["justification"]


# --- CTRF and WFC ---


@every_run
def test_ctrf_counts_what_it_lists(run: str) -> None:
    results = json.loads(rendered("ctrf", RUNS[run]()))["results"]
    summary, tests = results["summary"], results["tests"]
    assert summary["tests"] == len(tests)
    for status in ("passed", "failed", "skipped", "other"):
        assert summary[status] == sum(test["status"] == status for test in tests)
    assert results["extra"]["verdict"] == build_view(RUNS[run]()).verdict


def test_every_requirement_has_one_fault_category() -> None:
    assert set(categories()) == set(catalogue.load())


@every_run
def test_wfc_names_only_what_it_declares(run: str) -> None:
    told = json.loads(rendered("wfc", RUNS[run]()))
    tests = {case["id"] for case in told["testCases"]}
    endpoints = set(told["problemDetails"]["rest"]["endpointIds"]) | {WHOLE_RUN}
    for fault in told["faults"]["foundFaults"]:
        assert fault["testCaseId"] in tests
        assert fault["operationId"] in endpoints
    assert told["totalTests"] == len(tests)


# --- extracts ---


def test_the_archive_holds_each_exchange() -> None:
    lines = realistic()
    entries = taken("har", lines)["log"]["entries"]
    assert len(entries) == sum(type(line).__name__ == "Exchange" for line in lines) > 0
    assert all(entry["request"]["url"].startswith("http") for entry in entries)


def test_an_archive_without_exchanges_is_json() -> None:
    assert taken("har", [])["log"]["entries"] == []


def test_the_load_figures_are_those_of_the_report() -> None:
    load = build_view(realistic()).load
    assert load is not None
    metrics = taken("gitlab-load", realistic())["metrics"]
    assert metrics["http_reqs"] == {"count": load.requests, "rate": load.requests_per_s}
    assert metrics["http_req_waiting"]["p(95)"] == dict(load.response_by_percentile)[95.0]
    assert metrics["checks"]["fails"] == load.journeys.failed


def test_a_run_without_load_has_no_load_figures() -> None:
    with pytest.raises(UsageError):
        taken("gitlab-load", passing())
