"""JSON pointers and `$ref` inside one document; nothing outside it is ever opened."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from verify_harness.errors import ExternalReference, SpecError

_POINTING = frozenset({"$ref", "operationRef", "externalValue"})
_DATA = frozenset({"example", "value", "default", "enum", "const"})
_NAMES = frozenset(
    {"properties", "patternProperties", "dependentSchemas", "$defs", "schemas", "examples"}
    | {"parameters", "responses", "headers", "links", "requestBodies", "callbacks", "pathItems"}
    | {"paths", "webhooks", "content"}
)
"""Keys whose mapping has names of somebody's own choice as keys."""


def escape(name: str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def at(document: Any, pointer: str) -> Any:
    """The value at a JSON pointer such as `/paths/~1verify_profiles`.

    Raises:
        KeyError: there is nothing.

    """
    value = document
    head, *steps = pointer.split("/")
    if head:
        raise KeyError(pointer)
    for step in steps:
        value = _child(value, step.replace("~1", "/").replace("~0", "~"))
    return value


def _child(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return value[name]
    if isinstance(value, list) and name.isascii() and name.isdigit() and int(name) < len(value):
        return value[int(name)]
    raise KeyError(name)


def follow(document: Mapping[str, Any], node: Any) -> Any:
    """The node that `node` refers to, through any chain of `$ref`; siblings of a `$ref` win.

    References deeper inside are kept, so a schema that holds itself is no trouble.

    Raises:
        SpecError: the chain leads back to itself.

    """
    siblings: dict[str, Any] = {}
    seen: set[str] = set()
    while isinstance(node, dict) and isinstance(node.get("$ref"), str):
        reference = node["$ref"]
        if reference in seen:
            raise SpecError(f"{reference} refers to itself.")
        seen.add(reference)
        siblings = {key: value for key, value in node.items() if key != "$ref"} | siblings
        node = at(document, _fragment(reference))
    return {**node, **siblings} if siblings and isinstance(node, dict) else node


def check(document: Mapping[str, Any]) -> None:
    """See that every reference leads somewhere in this document.

    Raises:
        ExternalReference: one leads to another file or to the network; it was not opened.
        SpecError: one leads nowhere, or round in a circle.

    """
    for pointer, key, reference in _references(document):
        if not reference.startswith("#"):
            raise ExternalReference(pointer, reference)
        try:
            at(document, _fragment(reference))
        except KeyError:
            raise SpecError(f"{pointer}: {reference} leads nowhere.") from None
        if key == "$ref":
            follow(document, {"$ref": reference})


def _fragment(reference: str) -> str:
    return unquote(reference.removeprefix("#"))


def _references(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Each reference as (pointer to its object, key, where it leads)."""
    waiting: list[tuple[str, Any, bool]] = [("", document, False)]
    while waiting:
        pointer, node, holds_names = waiting.pop()
        if isinstance(node, list):
            waiting += [(f"{pointer}/{index}", item, False) for index, item in enumerate(node)]
        if not isinstance(node, dict):
            continue
        for key, value in node.items():
            if key in _POINTING and isinstance(value, str) and not holds_names:
                yield pointer, key, value
            elif holds_names or not _is_data(key, value):
                names = key in _NAMES and not holds_names
                waiting.append((f"{pointer}/{escape(key)}", value, names))


def _is_data(key: str, value: Any) -> bool:
    """Whether `value` is sample data, where `$ref` is a word like any other."""
    return key in _DATA or (key == "examples" and isinstance(value, list))
