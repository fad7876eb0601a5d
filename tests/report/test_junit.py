"""junit.xml: whatever fails a run is a failure here, and nothing untested looks green."""

from typing import Any
from xml.etree import ElementTree as ET

from tests.report.journals import Journal, realistic
from tests.report.reading import ant_problems, xml
from verify_harness.report.junit import junit
from verify_harness.results import build_view

CODE = "VFY-CODE-004"
FAULT = {"id": "code-works-twice", "breaks": CODE, "area": "code", "layer": "rules", "harm": "x"}


def suite_of(journal: Journal) -> ET.Element:
    root = xml(junit(build_view(journal.finish().lines)))
    assert ant_problems(root) == []
    suite = root.find("testsuite")
    assert suite is not None
    return suite


def waived(state: str, days: str = "2027-01-31") -> dict[str, Any]:
    told = {"id": CODE, "target": "*", "reason": "ticket 12", "link": "https://x", "owner": "ann"}
    return {**told, "expires": days, "state": state}


def proof(journal: Journal, *, caught: bool, survives: str | None = None) -> Journal:
    fields = {"by": [CODE] if caught else [], "matrix": False, "checks": 1, "requests": 2}
    fault = {**FAULT, "survives": survives}
    journal.line(
        "fault-judged", fault=fault, caught=caught, seconds=1.5, replay="prove it", **fields
    )
    return journal


def tags(suite: ET.Element) -> dict[str, str]:
    """The tag in each case by the case's name; `pass` where there is none."""
    return {
        str(case.get("name")): case[0].tag if len(case) else "pass"
        for case in suite.iter("testcase")
    }


def test_a_waived_requirement_is_skipped_with_its_reason() -> None:
    journal = Journal().start(CODE, waivers=[waived("open")]).begin("a", CODE)
    suite = suite_of(journal.finding("a", CODE).end("a", "fail"))
    (skipped,) = suite.iter("skipped")
    assert "ticket 12" in skipped.get("message", "")
    assert (suite.get("failures"), suite.get("skipped"), suite.get("tests")) == ("0", "1", "1")


def test_a_stale_or_unknown_waiver_is_a_failure() -> None:
    for state in ("open", "expired", "unknown"):
        suite = suite_of(Journal().start(CODE, waivers=[waived(state)]).check("a", CODE))
        assert tags(suite)[f"waiver of {CODE}"] == "failure"
        assert suite.get("failures") == "1"


def test_every_fault_of_a_proof_is_a_case() -> None:
    name = "code-works-twice x"
    assert tags(suite_of(proof(Journal().start(), caught=True))) == {name: "pass"}
    assert tags(suite_of(proof(Journal().start(), caught=False))) == {name: "failure"}
    known = proof(Journal().start(), caught=False, survives="shows late")
    assert tags(suite_of(known)) == {name: "skipped"}
    stale = proof(Journal().start(), caught=True, survives="shows late")
    assert tags(suite_of(stale)) == {name: "failure"}


def test_a_warning_stands_in_the_output_of_the_suite() -> None:
    view = build_view(realistic())
    root = xml(junit(view))
    assert ant_problems(root) == []
    (warned,) = view.with_status("warn")
    told = root.findtext("./testsuite/system-out") or ""
    assert f"{warned.id} {warned.title}: warn" in told


def test_a_run_whose_beginning_was_lost_keeps_the_form() -> None:
    assert ant_problems(xml(junit(build_view([])))) == []
