"""junit.xml: one test case per requirement, for the CI services that read nothing else."""

from collections import Counter
from xml.etree import ElementTree as ET

from verify_harness.report.formats import renderer
from verify_harness.report.inert import one_line, visible
from verify_harness.report.load_model import SloResult
from verify_harness.report.model import JudgedRequirement, NumberedFinding, RunView
from verify_harness.report.wording import VERDICT_WORDS, headline, measured, why

_TAGS = {"fail": "failure", "error": "error", "flaky": "error", "skip": "skipped"}


@renderer("junit", file="junit.xml")
def junit(view: RunView) -> str:
    """The run as XML 1.0; what XML cannot hold is spelled out."""
    suite = ET.Element("testsuite", name=one_line(f"verify-harness {view.command}"))
    suite.set("timestamp", one_line(view.started_at).removesuffix("Z"))
    suite.set("time", f"{view.duration_s:.3f}")
    for requirement in view.requirements:
        suite.append(_case(requirement))
    if view.load and view.load.is_judged:
        suite.extend(map(_slo_case, view.load.slo))
    if view.verdict == "no-verdict" or view.exit_code not in (0, 1):
        suite.append(_run_case(view))
    tags = Counter(child.tag for case in suite for child in case)
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(tags[tag]))
    suite.set("tests", str(len(suite)))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _case(requirement: JudgedRequirement) -> ET.Element:
    case = ET.Element("testcase", classname=one_line(requirement.area))
    case.set("name", one_line(f"{requirement.id} {requirement.title}"))
    case.set("time", f"{requirement.duration_s:.3f}")
    details = "\n\n".join(_told(finding) for finding in requirement.findings)
    if tag := _TAGS.get(requirement.status):
        child = ET.SubElement(case, tag, message=one_line(_message(requirement)))
        if tag != "skipped":
            child.set("type", requirement.status)
            child.text = visible(f"{requirement.statement}\n\n{details}".strip())
    elif requirement.status != "pass":
        out = ET.SubElement(case, "system-out")
        out.text = visible(f"{requirement.status}\n{details}".strip())
    return case


def _slo_case(item: SloResult) -> ET.Element:
    """A missed SLO fails the run, so it must not look green here either."""
    case = ET.Element("testcase", classname="load")
    case.set("name", one_line(f"{item.expression} {item.limit}"))
    if item.status != "pass":
        tag = "failure" if item.status == "fail" else "error"
        ET.SubElement(case, tag, message=one_line(f"measured {measured(item)}"), type=item.status)
    return case


def _run_case(view: RunView) -> ET.Element:
    """A case of its own, or a run that judged nothing would look green."""
    case = ET.Element("testcase", classname="verify-harness", name="the run has a verdict")
    message = f"{VERDICT_WORDS[view.verdict]} (exit {view.exit_code}): {headline(view)}"
    child = ET.SubElement(case, "error", message=one_line(message), type="no-verdict")
    child.text = visible("\n".join(view.reasons))
    return case


def _message(requirement: JudgedRequirement) -> str:
    if requirement.blocked_by:
        return f"blocked by {requirement.blocked_by}"
    return why(requirement)


def _told(finding: NumberedFinding) -> str:
    told = [f"{finding.id}: {finding.message}", f"replay: {finding.replay}"]
    if finding.blocked_by:
        told.append(f"blocked by: {finding.blocked_by}")
    if finding.exchange:
        answer = finding.exchange.response
        sent = finding.exchange.request
        got = f"{answer.status} {answer.body}" if answer else finding.exchange.failure
        told += [f"request: {sent.method} {sent.url}", f"answer: {got}"]
    if finding.curl:
        told.append(f"curl: {finding.curl}")
    return "\n".join(told)
