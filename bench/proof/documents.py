"""The contract in the forms that other tools read."""

import json
from pathlib import Path
from typing import Any

from verify_harness import bundled
from verify_harness.spec.document import load

OPTIONAL = ("source", "sms", "call", "flashcall", "whatsapp", "carrier", "caller_name")
"""Fields of answers that are there now and then."""


def plain() -> Path:
    """The contract as it is."""
    return bundled.specs() / "verify.openapi.yaml"


def bounded(folder: Path) -> Path:
    """The contract with the bounds that the sandbox announces, as ours reads it there."""
    return _written(folder, load(overlay=bundled.specs() / "chosen.overlay.yaml").document)


def for_dredd(folder: Path) -> Path:
    """The contract in OpenAPI 3.0 without what Dredd's parser stops at.

    It knows no lists of types and no brackets in the name of a query parameter; it fills optional
    parameters from their examples, so they are left out altogether. It wants every header and every
    field of an answer's example, so the examples keep only what is always there.
    """
    document = _older(load().document)
    document["openapi"] = "3.0.3"
    document.pop("webhooks")
    document["components"]["responses"]["Unauthorized"].pop("headers")
    for each in (item for path in document["paths"].values() for item in path.values()):
        each["parameters"] = [one for one in each.get("parameters", ()) if _is_in_path(one)]
    for part in ("examples", "responses"):
        document["components"][part] = _always_there(document["components"][part])
    return _written(folder, document)


def _always_there(node: Any) -> Any:
    if isinstance(node, list):
        return [_always_there(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {key: _always_there(value) for key, value in node.items() if key not in OPTIONAL}


def _is_in_path(reference: dict[str, str]) -> bool:
    return reference["$ref"].endswith(("Id", "/PhoneNumber"))


def _older(node: Any) -> Any:
    if isinstance(node, list):
        return [_older(each) for each in node]
    if not isinstance(node, dict):
        return node
    result = {key: _older(value) for key, value in node.items()}
    if isinstance(kinds := result.get("type"), list):
        others = [kind for kind in kinds if kind != "null"]
        result |= {"nullable": "null" in kinds, "type": others[0]}
        if len(others) > 1:
            del result["type"]
    return result


def _written(folder: Path, document: Any) -> Path:
    path = folder / "contract.json"
    path.write_text(json.dumps(document))
    return path
