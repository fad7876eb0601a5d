"""junit.xml for the CI services that read nothing else: one case for each thing that was judged."""

import re
from collections import Counter
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from verify_harness.report.cases import Case, cases
from verify_harness.report.renderers import renderer
from verify_harness.results.model import RunView
from verify_harness.sanitize import one_line, visible

_TAGS = {"failed": "failure", "error": "error", "skipped": "skipped"}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.ASCII)
_NO_TIME = "1970-01-01T00:00:00"
"""For a run whose beginning nobody knows: the schemas want a time."""


@renderer("junit", file="junit.xml")
def junit(view: RunView) -> str:
    """The run as XML 1.0; what XML cannot hold is spelled out.

    The document keeps the schema of Ant's reports, which has no totals at the root and one output
    for all cases, and Jenkins' junit-10.xsd.
    """
    found = list(cases(view))
    elements = [_element(case) for case in found]
    suite = ET.Element("testsuite", _about(view, elements))
    suite.append(_properties(view))
    suite.extend(elements)
    told = "\n\n".join(text for case in found if (text := _told(case)))
    ET.SubElement(suite, "system-out").text = visible(told)
    ET.SubElement(suite, "system-err")
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _about(view: RunView, elements: Sequence[ET.Element]) -> dict[str, str]:
    tags = Counter(child.tag for element in elements for child in element)
    began = view.started_at.removesuffix("Z")
    return {
        "id": "0",
        "package": "verify-harness",
        "name": one_line(f"verify-harness {view.command}"),
        "hostname": "localhost",
        "timestamp": began if _TIME.fullmatch(began) else _NO_TIME,
        "time": f"{view.duration_s:.3f}",
        "tests": str(len(elements)),
        "failures": str(tags["failure"]),
        "errors": str(tags["error"]),
        "skipped": str(tags["skipped"]),
    }


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
    element.set("time", f"{case.duration_s or 0:.3f}")
    if tag := _TAGS.get(case.outcome):
        child = ET.SubElement(element, tag, message=one_line(case.message))
        if tag != "skipped":
            child.set("type", case.kind)
            child.text = visible(case.details)
    return element


def _told(case: Case) -> str:
    """What is said of a case that passes all the same: a warning, or an observation."""
    if case.outcome != "passed" or case.kind in ("", "pass"):
        return ""
    return f"{case.name}: {case.kind}\n{case.details}".strip()
