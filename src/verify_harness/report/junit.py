"""junit.xml for the CI services that read nothing else: one case for each thing that was judged."""

from collections import Counter
from xml.etree import ElementTree as ET

from verify_harness.report.cases import Case, cases
from verify_harness.report.renderers import renderer
from verify_harness.results.model import RunView
from verify_harness.sanitize import one_line, visible

_TAGS = {"failed": "failure", "error": "error", "skipped": "skipped"}


@renderer("junit", file="junit.xml")
def junit(view: RunView) -> str:
    """The run as XML 1.0; what XML cannot hold is spelled out."""
    suite = ET.Element("testsuite", name=one_line(f"verify-harness {view.command}"))
    suite.set("timestamp", one_line(view.started_at).removesuffix("Z"))
    suite.set("time", f"{view.duration_s:.3f}")
    suite.append(_properties(view))
    elements = [_element(case) for case in cases(view)]
    suite.extend(elements)
    tags = Counter(child.tag for element in elements for child in element)
    totals = {"tests": len(elements), "failures": tags["failure"], "errors": tags["error"]}
    root = ET.Element("testsuites", {name: str(count) for name, count in totals.items()})
    for name, count in (totals | {"skipped": tags["skipped"]}).items():
        suite.set(name, str(count))
    root.append(suite)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _properties(view: RunView) -> ET.Element:
    """What somebody needs to know, or to repeat, the run."""
    told = {
        "tool": view.tool,
        "target": view.target.url,
        "target-class": view.target.kind,
        "seed": "" if view.seed is None else str(view.seed),
        "spec-sha256": view.spec_sha256,
        "verdict": view.verdict,
        "exit-code": str(view.exit_code),
    }
    element = ET.Element("properties")
    for name, value in told.items():
        if value:
            ET.SubElement(element, "property", name=name, value=one_line(value))
    return element


def _element(case: Case) -> ET.Element:
    element = ET.Element("testcase", classname=one_line(f"verify-harness.{case.group}"))
    element.set("name", one_line(case.name))
    if case.duration_s is not None:
        element.set("time", f"{case.duration_s:.3f}")
    if tag := _TAGS.get(case.outcome):
        child = ET.SubElement(element, tag, message=one_line(case.message))
        if tag != "skipped":
            child.set("type", case.kind)
            child.text = visible(case.details)
    elif case.kind not in ("", "pass"):
        out = ET.SubElement(element, "system-out")
        out.text = visible(f"{case.kind}\n{case.details}".strip())
    return element
