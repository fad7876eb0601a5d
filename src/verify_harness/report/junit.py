"""junit.xml for the CI services that read nothing else: one case for each thing that was judged.

Whatever fails the run is a failure here: requirements, limits, faults that nobody caught, waivers.
"""

from collections import Counter
from xml.etree import ElementTree as ET

from verify_harness.journal.records import FaultJudged
from verify_harness.report.renderers import renderer
from verify_harness.report.wording import VERDICT_WORDS, headline, why
from verify_harness.results.figures import measured
from verify_harness.results.load_model import SloResult
from verify_harness.results.model import JudgedRequirement, JudgedWaiver, NumberedFinding, RunView
from verify_harness.results.verdict import stale
from verify_harness.sanitize import one_line, visible

_TAGS = {
    "fail": "failure",
    "error": "error",
    "flaky": "error",
    "skip": "skipped",
    "waived": "skipped",
}


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
    if view.proof:
        suite.extend(map(_fault_case, view.proof.faults))
    suite.extend(_waiver_case(item) for item in view.waivers if item.is_stale)
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


def _fault_case(item: FaultJudged) -> ET.Element:
    """A fault that is caught passes, unless it is listed as one that survives."""
    case = ET.Element("testcase", classname="proof", time=f"{item.seconds:.3f}")
    case.set("name", one_line(f"{item.fault.id} {item.fault.harm}"))
    reason = item.fault.survives
    if not item.caught and reason:
        ET.SubElement(case, "skipped", message=one_line(f"known to survive: {reason}"))
    elif not item.caught:
        message = f"nobody caught what breaks {item.fault.breaks}"
        child = ET.SubElement(case, "failure", message=one_line(message), type="survived")
        child.text = visible(f"replay: {item.replay}")
    elif reason:
        message = f"caught, but listed as a survivor: {reason}"
        ET.SubElement(case, "failure", message=one_line(message), type="stale")
    return case


def _waiver_case(item: JudgedWaiver) -> ET.Element:
    case = ET.Element("testcase", classname="waivers", name=one_line(f"waiver of {item.id}"))
    child = ET.SubElement(case, "failure", message=one_line(stale(item)), type=item.status)
    child.text = visible(f"{item.reason}\n{item.link}\nowner: {item.owner}")
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
    return requirement.reason or "" if requirement.status == "waived" else why(requirement)


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
