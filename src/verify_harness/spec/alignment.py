"""Reads a document of somebody else's as one of the Verify API: finds our operations in it.

An operation is found by its method and its path, whose parameters may have other names; its id may
be another one or missing. The document is rewritten to our names, so that everything after it can
speak of `RetrieveVerification` and `{verification_id}`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from verify_harness.errors import SpecError
from verify_harness.spec import media_types
from verify_harness.spec.operations import Operation, methods
from verify_harness.spec.references import combined, follow, fragment, objects, parts
from verify_harness.spec.strict_json import escape

_PARAMETER = re.compile(r"\{([^{}]*)\}")
_SAFE_IN_POINTERS = "/~!$&'()*+,;=:@"


def shape(path: str) -> str:
    """A path template without the names of its parameters."""
    return _PARAMETER.sub("{}", path)


def align(document: dict[str, Any], ours: Iterable[Operation]) -> None:
    """Rename, in place, what the document has of our operations.

    Raises:
        SpecError: two paths of the document are the same one of ours.

    """
    names = {shape(each.path): each.path for each in ours}
    ids = {(each.path, each.method.lower()): each.operation_id for each in ours}
    moved = _move_paths(document, names)
    _redirect(document, moved)
    known = set(ids.values())
    for path, method in methods(document):
        node = follow(document, document["paths"][path])[method]
        wanted = ids.get((path, method))
        if wanted is not None:
            node["operationId"] = wanted
            _speak_json(document, node)
        elif node.get("operationId") in known:
            del node["operationId"]


def _move_paths(document: dict[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """Give our paths our names for their parameters; the new paths by the old ones."""
    paths, moved = document["paths"], dict[str, str]()
    for old in list(paths):
        new = names.get(shape(old))
        if new is None or new == old:
            continue
        if new in paths:
            other = next((name for name in moved if moved[name] == new), new)
            raise SpecError(
                f"the paths {other} and {old} are the same one.",
                hint="OpenAPI forbids both; write their methods under one of them",
            )
        renamed = dict(zip(_PARAMETER.findall(old), _PARAMETER.findall(new), strict=True))
        item = paths[new] = follow(document, paths.pop(old))
        for holder in (item, *(value for value in item.values() if isinstance(value, dict))):
            _rename_parameters(document, holder, renamed)
        moved[old] = new
    document["paths"] = dict(sorted(paths.items()))  # as all objects are, so that names are free
    return moved


def _rename_parameters(
    document: Mapping[str, Any], holder: dict[str, Any], renamed: Mapping[str, str]
) -> None:
    for index, entry in enumerate(holder.get("parameters") or ()):
        parameter = follow(document, entry)
        if not isinstance(parameter, dict):
            continue
        if parameter.get("in") == "path" and parameter.get("name") in renamed:
            holder["parameters"][index] = {**parameter, "name": renamed[parameter["name"]]}


def _redirect(document: dict[str, Any], moved: Mapping[str, str]) -> None:
    """Let every reference into a path that was renamed lead to its new name."""
    prefixes = {f"/paths/{escape(old)}": f"/paths/{escape(new)}" for old, new in moved.items()}
    for _, node in objects(document) if moved else ():
        pointer = fragment(node["$ref"]) if isinstance(node.get("$ref"), str) else ""
        start = "/".join(pointer.split("/")[:3])
        if start in prefixes:
            target = prefixes[start] + pointer.removeprefix(start)
            node["$ref"] = "#" + quote(target, safe=_SAFE_IN_POINTERS)


def _speak_json(document: Mapping[str, Any], node: dict[str, Any]) -> None:
    """Put the request body under `application/json`, whatever range it stands under."""
    body = follow(document, node.get("requestBody"))
    content = body.get("content") if isinstance(body, dict) else None
    if isinstance(content, dict):
        key = media_types.best(content, media_types.JSON)
        if key not in (None, media_types.JSON):
            node["requestBody"] = {**body, "content": {media_types.JSON: content[key]}}


def resolve_anchors(document: dict[str, Any]) -> None:
    """Write references by `$anchor` as JSON pointers, in place.

    Raises:
        SpecError: an anchor is set twice, or a reference is dynamic.

    """
    anchors: dict[str, str] = {}
    for pointer, node in objects(document):
        if "$dynamicRef" in node:
            raise SpecError(f"{pointer}: $dynamicRef is not supported.", hint="use $ref")
        for name in {node[key] for key in ("$anchor", "$dynamicAnchor") if key in node}:
            if anchors.setdefault(str(name), pointer) != pointer:
                raise SpecError(f"{pointer}: the anchor {name} is set at {anchors[name]}, too.")
    for _, node in objects(document) if anchors else ():
        reference = node.get("$ref")
        if isinstance(reference, str) and fragment(reference) in anchors:
            target = quote(anchors[fragment(reference)], safe=_SAFE_IN_POINTERS)
            node["$ref"] = f"#{target}"


def accept_text_codes(document: dict[str, Any]) -> tuple[str, ...]:
    """Let error codes that are typed as integers be text, too; the pointers of those changed.

    The vendor's public documents since 2026-07-31 hold another product's error schema by a slip of
    the bundler; its API, SDKs and help pages have codes as text, such as '10015' (facts C22).
    """
    changed: list[str] = []
    for pointer, node in objects(document):
        errors = _member(node, "errors")
        lists = [] if errors is None else list(_combined(document, errors))
        items = [error for each in lists for error in _combined(document, each.get("items"))]
        changed += [pointer for error in items if _lets_codes_be_text(document, error)]
    return tuple(changed)


def _lets_codes_be_text(document: Mapping[str, Any], error: Mapping[str, Any]) -> bool:
    """Change the type of an error's code; whether it was an integer."""
    code = _member(error, "code")
    if code is None:
        return False
    whole = follow(document, code)
    types = whole.get("type") if isinstance(whole, dict) else None
    if types not in ("integer", "number"):
        return False
    error["properties"]["code"] = {**whole, "type": [types, "string"]}
    return True


def _member(schema: Mapping[str, Any], name: str) -> Any:
    properties = schema.get("properties")
    return properties.get(name) if isinstance(properties, dict) else None


def _combined(document: Mapping[str, Any], schema: Any) -> Iterator[dict[str, Any]]:
    """The schema objects that apply together where `schema` stands."""
    for part in parts(document, schema):
        if isinstance(part, dict):
            yield part
            for each in combined(part):
                yield from _combined(document, each)
