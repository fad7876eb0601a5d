"""The differences of two documents, operation by operation."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from verify_harness.spec.alignment import shape
from verify_harness.spec.diff.change import (
    FOR_BOTH,
    FOR_CALLERS,
    FOR_THE_SERVICE,
    HARMLESS,
    Difference,
    Direction,
    meaning,
)
from verify_harness.spec.diff.schema_pairs import Schemas
from verify_harness.spec.operations import METHODS
from verify_harness.spec.references import follow

Key = tuple[str, str]
"""A method in upper case, and a path without the names of its parameters."""
WEBHOOK = "WEBHOOK"
"""Stands for the method of what the service sends by itself."""


class Called(NamedTuple):
    """An operation as its document writes it, with the parameters of its path."""

    method: str
    path: str
    node: dict[str, Any]


def compare_operations(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[Key, Difference]]:
    """Each difference with the operation that it concerns."""
    before, after = _operations(old, new), _operations(new, old)
    pairs = _Pairs(old, new, Schemas(old, new))
    for key in sorted(before.keys() | after.keys()):
        if key not in after:
            yield key, Difference("", "the operation is gone", FOR_CALLERS, "request")
        elif key not in before:
            yield key, Difference("", "the operation is new", FOR_THE_SERVICE, "request")
        else:
            for each in pairs.operation(before[key], after[key]):
                yield key, each
    for key, each in _webhooks(pairs):
        yield key, each


def _operations(document: Mapping[str, Any], other: Mapping[str, Any]) -> dict[Key, Called]:
    prefix = _prefix(document) if document.get("servers") and other.get("servers") else ""
    return {
        (called.method, shape(prefix + called.path)): called
        for called in _called(document, document.get("paths") or {})
    }


def _called(document: Mapping[str, Any], items: Mapping[str, Any]) -> Iterator[Called]:
    for path, reference in items.items():
        item = follow(document, reference)
        if path.startswith("x-") or not isinstance(item, dict):
            continue
        for method in METHODS:
            if isinstance(item.get(method), dict):
                both = [*(item.get("parameters") or []), *(item[method].get("parameters") or [])]
                yield Called(method.upper(), path, {**item[method], "parameters": both})


def _prefix(document: Mapping[str, Any]) -> str:
    first = document["servers"][0]
    address = first.get("url", "") if isinstance(first, dict) else ""
    return urlsplit(str(address)).path.rstrip("/")


def _webhooks(pairs: "_Pairs") -> Iterator[tuple[Key, Difference]]:
    """What the service sends by itself: its requests are what callers receive."""
    before, after = (
        {(each.method, each.path): each for each in _called(document, document.get(at) or {})}
        for document, at in ((pairs.old, "webhooks"), (pairs.new, "webhooks"))
    )
    for key in sorted(before.keys() | after.keys()):
        place = (WEBHOOK, key[1])
        if key not in after:
            yield place, Difference("", "the webhook is gone", FOR_CALLERS, "response")
        elif key not in before:
            yield place, Difference("", "the webhook is new", HARMLESS, "response")
        else:
            for each in pairs.body(before[key].node, after[key].node, "response"):
                yield place, each


class _Pairs(NamedTuple):
    """The parts of two operations, compared."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    schemas: Schemas

    def operation(self, old: Called, new: Called) -> Iterator[Difference]:
        yield from self._parameters(old.node, new.node)
        yield from self.body(old.node, new.node, "request")
        yield from self._responses(old.node, new.node)
        yield from self._security(old.node, new.node)
        if new.node.get("deprecated") and not old.node.get("deprecated"):
            yield Difference("", "the operation is deprecated", HARMLESS, "request")
        if old.node.get("operationId") != new.node.get("operationId"):
            names = (str(each.node.get("operationId")) for each in (old, new))
            yield Difference("", "operationId {} became {}".format(*names), HARMLESS, "request")

    def _parameters(self, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Difference]:
        before = _parameters(self.old, old)
        after = _parameters(self.new, new)
        for key in sorted(before.keys() | after.keys()):
            location, name = key
            place = f"{location} parameter {name}"
            one, two = before.get(key), after.get(key)
            if two is None:
                yield Difference(place, "is gone", FOR_CALLERS, "request")
            elif one is None:
                needed = bool(two.get("required"))
                text = "is new and required" if needed else "is new"
                effect = meaning("request", "narrower" if needed else "wider")
                yield Difference(place, text, effect, "request")
            else:
                yield from self._parameter(one, two, place)

    def _parameter(
        self, one: dict[str, Any], two: dict[str, Any], place: str
    ) -> Iterator[Difference]:
        yield from _required(one, two, "request", place)
        for key, value in (("style", None), ("explode", None), ("allowReserved", False)):
            if one.get(key, value) != two.get(key, value):
                text = f"{key} {one.get(key)} became {two.get(key)}"
                yield Difference(place, text, FOR_BOTH, "request")
        if two.get("deprecated") and not one.get("deprecated"):
            yield Difference(place, "is deprecated", HARMLESS, "request")
        yield from self.schemas.compare(_schema(one), _schema(two), "request", place)

    def body(
        self, old: dict[str, Any], new: dict[str, Any], direction: Direction
    ) -> Iterator[Difference]:
        """The bodies that a request may have."""
        one, two = (
            follow(document, node.get("requestBody")) or {}
            for document, node in ((self.old, old), (self.new, new))
        )
        yield from _required(one, two, direction, "body")
        yield from self._content(one, two, direction, "body")

    def _content(
        self, old: dict[str, Any], new: dict[str, Any], direction: Direction, place: str
    ) -> Iterator[Difference]:
        before, after = _media(old), _media(new)
        for name in sorted(before.keys() | after.keys()):
            if name not in after:
                yield Difference(f"{place} {name}", "is gone", FOR_CALLERS, direction)
            elif name not in before:
                effect = meaning(direction, "wider")
                yield Difference(f"{place} {name}", "is new", effect, direction)
            else:
                one, two = (
                    follow(document, content[name]) or {}
                    for document, content in ((self.old, before), (self.new, after))
                )
                yield from self.schemas.compare(_schema(one), _schema(two), direction, place)

    def _responses(self, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Difference]:
        before, after = (
            {str(status).upper(): each for status, each in (node.get("responses") or {}).items()}
            for node in (old, new)
        )
        for status in sorted(before.keys() | after.keys()):
            if status.startswith("X-"):
                continue
            if status not in after:
                effect = FOR_BOTH if status.startswith("2") else FOR_THE_SERVICE
                yield Difference(f"status {status}", "is gone", effect, "response")
            elif status not in before:
                yield Difference(f"status {status}", "is new", HARMLESS, "response")
            else:
                one = follow(self.old, before[status])
                two = follow(self.new, after[status])
                yield from self._headers(one, two, status)
                yield from self._content(one, two, "response", status)

    def _headers(
        self, old: dict[str, Any], new: dict[str, Any], status: str
    ) -> Iterator[Difference]:
        before, after = (
            {name.lower(): follow(document, each) for name, each in headers.items()}
            for document, headers in (
                (self.old, old.get("headers") or {}),
                (self.new, new.get("headers") or {}),
            )
        )
        for name in sorted(before.keys() | after.keys()):
            place = f"{status} header {name}"
            one, two = before.get(name), after.get(name)
            if two is None:
                yield Difference(place, "is gone", FOR_CALLERS, "response")
            elif one is None:
                always = bool(two.get("required"))
                effect = FOR_THE_SERVICE if always else HARMLESS
                yield Difference(place, "is new", effect, "response")
            else:
                yield from _required(one, two, "response", place)
                yield from self.schemas.compare(_schema(one), _schema(two), "response", place)

    def _security(self, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Difference]:
        before, after = _ways_in(self.old, old), _ways_in(self.new, new)
        for gone in sorted(before - after):
            text = f"{gone} is no longer accepted"
            yield Difference("security", text, meaning("request", "narrower"), "request")
        for added in sorted(after - before):
            text = f"{added} is accepted, too"
            yield Difference("security", text, meaning("request", "wider"), "request")


def _parameters(
    document: Mapping[str, Any], node: dict[str, Any]
) -> dict[tuple[str, str], dict[str, Any]]:
    """By location and name; those of the path by their place in it, since their names are free."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in node["parameters"]:
        item = follow(document, entry)
        found[str(item.get("in")), str(item.get("name"))] = item
    in_path = [key for key in found if key[0] == "path"]
    for number, key in enumerate(in_path, start=1):
        found["path", str(number)] = found.pop(key)
    return found


def _required(
    one: Mapping[str, Any], two: Mapping[str, Any], direction: Direction, place: str
) -> Iterator[Difference]:
    was, needed = bool(one.get("required")), bool(two.get("required"))
    if needed and not was:
        yield Difference(place, "became required", meaning(direction, "narrower"), direction)
    if was and not needed:
        yield Difference(place, "is no longer required", meaning(direction, "wider"), direction)


def _schema(holder: Mapping[str, Any]) -> Any:
    """The schema of a parameter, a header or a media type."""
    if "schema" in holder:
        return holder["schema"]
    content = holder.get("content")
    first = next(iter(content.values())) if isinstance(content, dict) and content else {}
    return first.get("schema", {}) if isinstance(first, dict) else {}


def _media(holder: Mapping[str, Any]) -> dict[str, Any]:
    """By media type in lower case, without its parameters."""
    content = holder.get("content") or {}
    return {name.lower().partition(";")[0].strip(): each for name, each in content.items()}


def _ways_in(document: Mapping[str, Any], node: Mapping[str, Any]) -> set[str]:
    """The alternatives that a caller may prove himself by, without the schemes' names."""
    schemes = (document.get("components") or {}).get("securitySchemes") or {}
    alternatives = node.get("security", document.get("security"))
    if not alternatives:
        return {"no credential"}
    return {_way_in(document, schemes, each) for each in alternatives}


def _way_in(
    document: Mapping[str, Any], schemes: Mapping[str, Any], needed: Mapping[str, list[str]]
) -> str:
    told = []
    for name, scopes in needed.items():
        scheme = follow(document, schemes.get(name)) or {}
        kind = " ".join(
            str(scheme[key]) for key in ("type", "scheme", "in", "name") if key in scheme
        )
        told.append(f"{kind or name} {' '.join(sorted(scopes))}".strip())
    return " and ".join(sorted(told)) or "no credential"
