"""A schema with its references and `allOf` written out, one level deep, in one spelling.

Documents say the same thing in many ways: `type: [string]` and `type: string`, `const` and an
`enum` of one, `nullable` of OpenAPI 3.0 and the type `null` of 3.1. Two schemas that mean the same
look the same here.
"""

import json
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from verify_harness.spec.references import combined, fragment, parts

TYPES = frozenset({"null", "boolean", "object", "array", "number", "integer", "string"})
TEXTS = frozenset(
    {"title", "description", "example", "examples", "$comment", "externalDocs", "xml", "summary"}
)
LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_COMPONENT = "/components/schemas/"
_UNIONS = ("oneOf", "anyOf")


def component(node: Any) -> str | None:
    """What a node is another name of: a schema component, or else a pointer; None for a schema."""
    if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
        return None
    alone = all(key == "$ref" or key in TEXTS or key.startswith("x-") for key in node)
    return fragment(node["$ref"]).removeprefix(_COMPONENT) if alone else None


def identity(document: Mapping[str, Any], node: Any) -> tuple[int, ...]:
    """The objects of the document that a schema is made of, however it was reached."""
    found = [id(part) for part in _conjuncts(document, node, frozenset(), raw=True)]
    return tuple(found)


def flat(document: Mapping[str, Any], node: Any) -> dict[str, Any]:
    """The keywords that apply to a value, one of each; those that cannot be merged stay lists."""
    merged: dict[str, Any] = {}
    for part in _conjuncts(document, node, frozenset()):
        for key, value in _spelled(document, part).items():
            merged[key] = _both(key, merged[key], value) if key in merged else value
    return merged


def canonical(document: Mapping[str, Any], node: Any) -> str:
    """A schema as text that neither names of components, order, nor prose change."""
    return json.dumps(_plain(document, node, ()), sort_keys=True)


def _conjuncts(
    document: Mapping[str, Any], node: Any, seen: frozenset[int], *, raw: bool = False
) -> Iterator[dict[str, Any]]:
    """The parts of a schema that apply together: the chain of `$ref`, and each `allOf`.

    A `raw` part is the document's own object, which may be nothing but a `$ref` or an `allOf`.
    """
    for part in parts(document, node):
        if part is False:
            part = {"not": {}}  # noqa: PLW2901 - the same schema in the one spelling
        if not isinstance(part, dict) or id(part) in seen:
            continue
        seen |= {id(part)}
        said = {key: value for key, value in part.items() if key not in {"$ref", "allOf"}}
        if not raw:
            yield said
        elif said:
            yield part
        singles = [part[key] for key in _UNIONS if _is_single(part.get(key))]
        for each in [*combined(part), *(single[0] for single in singles)]:
            yield from _conjuncts(document, each, seen, raw=raw)


def _is_single(branches: Any) -> bool:
    return isinstance(branches, list) and len(branches) == 1


def _spelled(document: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    """One part in the spelling that all schemas are compared in."""
    said = {key: value for key, value in part.items() if key not in TEXTS | {"nullable"}}
    said = {key: value for key, value in said.items() if not key.startswith("x-")}
    null_too = part.get("nullable") is True
    for key in _UNIONS:
        branches = said.pop(key, None)
        if not isinstance(branches, list) or _is_single(branches):
            continue
        rest = [each for each in branches if flat(document, each) != {"type": frozenset({"null"})}]
        null_too = null_too or len(rest) < len(branches)
        if len(rest) == 1:
            said = {**said, **flat(document, rest[0])}
        else:
            said[key] = tuple(rest)
    return _values(said, null_too=null_too)


def _values(said: dict[str, Any], *, null_too: bool) -> dict[str, Any]:
    if "const" in said:
        said["enum"] = [said.pop("const")]
    if isinstance(said.get("enum"), list):
        said["enum"] = frozenset(json.dumps(value, sort_keys=True) for value in said["enum"])
    if "type" in said and not isinstance(said["type"], frozenset):
        types = said["type"] if isinstance(said["type"], list) else [said["type"]]
        said["type"] = frozenset(types)
    if null_too and "type" in said:
        said["type"] |= {"null"}
    if null_too and "enum" in said:
        said["enum"] |= {"null"}
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(said.get(exclusive), bool):  # OpenAPI 3.0
            said |= {exclusive: said.pop(bound)} if said.pop(exclusive) else {}
    if isinstance(said.get("required"), list):
        said["required"] = frozenset(said["required"])
    return said


def _both(key: str, one: Any, other: Any) -> Any:
    """Two values of a keyword that apply together, as one."""
    if one == other:
        return one
    merge = _MERGES.get(key)
    return merge(one, other) if merge else [one, other]


def _all_properties(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    shared = {name: {"allOf": [one[name], other[name]]} for name in one.keys() & other.keys()}
    return {**one, **other, **shared}


_MERGES: Mapping[str, Callable[[Any, Any], Any]] = {
    "type": operator.and_,
    "enum": operator.and_,
    "required": operator.or_,
    "properties": _all_properties,
    **dict.fromkeys(LEAST, max),
    **dict.fromkeys(MOST, min),
    **dict.fromkeys(("uniqueItems", "readOnly", "writeOnly", "deprecated"), operator.or_),
}


def _plain(document: Mapping[str, Any], node: Any, within: tuple[int, ...]) -> Any:
    """A value with all that it refers to written into it; a schema within itself is cut short."""
    if isinstance(node, list | tuple):
        return [_plain(document, each, within) for each in node]
    if isinstance(node, frozenset):
        return sorted(node)
    if not isinstance(node, dict):
        return node
    ends = [id(part) for part in parts(document, node)]
    if ends[-1] in within:
        return {"itself": len(within) - within.index(ends[-1])}
    inside = (*within, ends[-1])
    return {
        key: {name: _plain(document, each, inside) for name, each in value.items()}
        if key == "properties"
        else _plain(document, value, inside)
        for key, value in flat(document, node).items()
    }
