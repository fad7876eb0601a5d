"""Reading what the reports wrote, and the schemas that ship with them."""

import json
from typing import Any
from xml.etree import ElementTree as ET

from verify_harness import schemas


def schema(name: str) -> dict[str, Any]:
    """The schema `run` or `journal`."""
    path = schemas.FOLDER / f"{name}.schema.json"
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return value


def xml(text: str) -> ET.Element:
    """The root of an XML document."""
    return ET.fromstring(text)  # noqa: S314  what we wrote ourselves
