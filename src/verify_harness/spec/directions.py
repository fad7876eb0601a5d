"""What `readOnly` and `writeOnly` mean for one direction: such a member cannot be required in it.

OpenAPI 3.1 leaves both to JSON Schema, where they are annotations that no validator acts on;
OpenAPI 3.0.3 (Schema Object) says that `required` then holds for the other direction only.
"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from verify_harness.spec.references import objects, parts

_COMPOSING = ("allOf", "anyOf", "oneOf")


def for_requests(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document as requests are held to it: no `readOnly` member is required."""
    return _without_required(document, "readOnly")


def for_answers(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document as answers are held to it: no `writeOnly` member is required."""
    return _without_required(document, "writeOnly")


def _without_required(document: Mapping[str, Any], flag: str) -> Mapping[str, Any]:
    if not any(node.get(flag) is True for _, node in objects(document)):
        return document
    changed = copy.deepcopy(dict(document))
    for _, node in objects(changed):
        members = _flagged(changed, node, flag)
        for part in _inline(node) if members else ():
            if isinstance(part.get("required"), list):
                part["required"] = [name for name in part["required"] if name not in members]
    return changed


def _flagged(document: Mapping[str, Any], node: Mapping[str, Any], flag: str) -> set[str]:
    """The members of an object that carry the flag, wherever its parts declare them."""
    found: set[str] = set()
    waiting, seen = [node], set[int]()
    while waiting:
        for part in parts(document, waiting.pop()):
            if not isinstance(part, dict) or id(part) in seen:
                continue
            seen.add(id(part))
            waiting += [each for key in _COMPOSING for each in _listed(part, key)]
            properties = part.get("properties")
            members = properties.items() if isinstance(properties, dict) else ()
            found |= {name for name, schema in members if _carries(document, schema, flag)}
    return found


def _carries(document: Mapping[str, Any], schema: Any, flag: str) -> bool:
    chain = parts(document, schema)
    return any(isinstance(part, dict) and part.get(flag) is True for part in chain)


def _inline(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema and the parts that are written into it."""
    yield node
    for key in _COMPOSING:
        for part in _listed(node, key):
            if isinstance(part, dict):
                yield from _inline(part)


def _listed(node: Mapping[str, Any], key: str) -> list[Any]:
    value = node.get(key)
    return value if isinstance(value, list) else []
