"""Reading what the reports wrote, and the schemas that ship with them."""

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

from verify_harness import schemas


def schema(name: str) -> dict[str, Any]:
    """The schema `run` or `journal`."""
    path = schemas.FOLDER / f"{name}.schema.json"
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return value


ANT_SUITE = frozenset(
    {"id", "package", "name", "hostname", "timestamp", "time", "tests", "failures", "errors"}
)
ANT_CASE = frozenset({"classname", "name", "time"})
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def ant_problems(root: ET.Element) -> list[str]:
    """What the schema of Ant's JUnit reports does not allow, as far as our documents use it."""
    found = [f"<testsuites {name}>" for name in root.attrib]
    for suite in root:
        order = [child.tag for child in suite]
        wanted = ["properties", *order[1:-2], "system-out", "system-err"]
        if order != wanted or set(order[1:-2]) - {"testcase"}:
            found.append(f"order: {order}")
        if suite.attrib.keys() - {"skipped"} != ANT_SUITE:
            found.append(f"suite: {suite.attrib}")
        if not _TIME.fullmatch(suite.get("timestamp", "")):
            found.append(f"timestamp: {suite.get('timestamp')}")
        for name in ("tests", "failures", "errors", "id"):
            int(suite.get(name, ""))
        found += [f"case: {case.attrib}" for case in suite.iter("testcase") if _is_odd(case)]
    return found


def _is_odd(case: ET.Element) -> bool:
    is_whole = (
        case.attrib.keys() == ANT_CASE and float(case.get("time", "")) >= 0 and len(case) <= 1
    )
    needs_type = [child for child in case if child.tag in ("failure", "error")]
    known = all(child.tag in ("failure", "error", "skipped") for child in case)
    return not (is_whole and known and all("type" in child.attrib for child in needs_type))


def xml(text: str) -> ET.Element:
    """The root of an XML document."""
    return ET.fromstring(text)  # noqa: S314  what we wrote ourselves
