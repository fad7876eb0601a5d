"""JSON pointers and `$ref` inside one document; nothing outside it is ever opened."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from verify_harness.errors import ExternalReference, SpecError
from verify_harness.spec.strict_json import escape

_POINTING = frozenset({"$ref", "operationRef", "externalValue"})
_DATA = frozenset({"example", "value", "default", "enum", "const"})
_EXTENSIBLE = frozenset({"paths", "responses"})
"""Maps whose members named `x-…` are extensions; in other maps that is a name like any other."""
_NAMES = _EXTENSIBLE | frozenset(
    {"properties", "patternProperties", "dependentSchemas", "$defs", "schemas", "examples"}
    | {"parameters", "headers", "links", "requestBodies", "callbacks", "pathItems"}
    | {"webhooks", "content", "dependentRequired", "scopes"}
)
"""Keys whose mapping has names of somebody's own choice as keys."""


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

    That is right for everything but schemas, where siblings apply together (`parts`). References
    deeper inside are kept, so a schema that holds itself is no trouble.

    Raises:
        SpecError: the chain leads back to itself.

    """
    siblings: dict[str, Any] = {}
    for part in parts(document, node):
        if not isinstance(part, dict):
            return part
        siblings = {key: value for key, value in part.items() if key != "$ref"} | siblings
    return siblings if isinstance(node, dict) else node


def parts(document: Mapping[str, Any], node: Any) -> Iterator[Any]:
    """A node and all that its chain of `$ref` leads to; of a schema, all apply together.

    Raises:
        SpecError: the chain leads back to itself.

    """
    seen: set[str] = set()
    yield node
    while isinstance(node, dict) and isinstance(node.get("$ref"), str):
        reference = node["$ref"]
        if reference in seen:
            raise SpecError(f"{reference} refers to itself.")
        seen.add(reference)
        node = at(document, fragment(reference))
        yield node


def check(document: Mapping[str, Any]) -> None:
    """See that every reference leads somewhere in this document.

    Raises:
        ExternalReference: one leads to another file or to the network; it was not opened.
        SpecError: one leads nowhere, or round in a circle.

    """
    for pointer, key, reference in references(document):
        if not reference.startswith("#"):
            raise ExternalReference(pointer, reference)
        try:
            at(document, fragment(reference))
        except KeyError:
            raise SpecError(f"{pointer}: {reference} leads nowhere.") from None
        if key == "$ref":
            follow(document, {"$ref": reference})
    for pointer, node in objects(document):
        if "allOf" in node:
            _refuse_endless(document, pointer, node)


def _refuse_endless(document: Mapping[str, Any], pointer: str, node: dict[str, Any]) -> None:
    """See that a schema is not a member of its own `allOf`: nothing could ever be judged by it."""
    waiting, seen = list(combined(node)), set[int]()
    while waiting:
        for part in parts(document, waiting.pop()):
            if part is node:
                raise SpecError(f"{pointer}: the schema is a member of its own allOf.")
            if isinstance(part, dict) and id(part) not in seen:
                seen.add(id(part))
                waiting += combined(part)


def combined(node: Mapping[str, Any]) -> list[Any]:
    """The members of a schema's `allOf`."""
    members = node.get("allOf")
    return members if isinstance(members, list) else []


def fragment(reference: str) -> str:
    """The JSON pointer, or the anchor, of a reference within the document."""
    return unquote(reference.removeprefix("#"))


def references(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Each reference as (pointer to its object, key, where it leads)."""
    for pointer, node in objects(document):
        for key in _POINTING & node.keys():
            if isinstance(node[key], str):
                yield pointer, key, node[key]


def objects(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object with its JSON pointer; maps of names, sample data and extensions are passed over.

    Sample data may hold any word as a key, and so may extensions (`x-…`).
    """
    waiting: list[tuple[str, Any, str | None]] = [("", document, None)]
    while waiting:
        pointer, node, names = waiting.pop()
        if isinstance(node, list):
            waiting += [(f"{pointer}/{index}", item, None) for index, item in enumerate(node)]
        if not isinstance(node, dict):
            continue
        if names is None:
            yield pointer, node
        for key, value in node.items():
            if not _is_data(key, value, names):
                kind = key if names is None and key in _NAMES else None
                waiting.append((f"{pointer}/{escape(key)}", value, kind))


def drop_extensions(document: dict[str, Any]) -> None:
    """Take the `x-…` members out, in place, but for those at the top; schemathesis reads them."""
    for pointer, node in list(objects(document)):
        maps = [node[key] for key in _EXTENSIBLE if isinstance(node.get(key), dict)]
        for holder in [*maps, *([node] if pointer else [])]:
            for key in [key for key in holder if key.startswith("x-")]:
                del holder[key]


def _is_data(key: str, value: Any, names: str | None) -> bool:
    """Whether a member's value is sample data or an extension; `names` is the map it is in."""
    if names is not None:
        return names in _EXTENSIBLE and key.startswith("x-")
    if key == "examples":
        return isinstance(value, list)
    return key in _DATA or key.startswith("x-")
