"""The differences of two schemas in one direction, by the place of the member that changed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from verify_harness.spec.diff.change import (
    FOR_CALLERS,
    FOR_THE_SERVICE,
    HARMLESS,
    Difference,
    Direction,
    Effect,
    Meaning,
    meaning,
)
from verify_harness.spec.diff.flat import LEAST, MOST, TYPES, canonical, component, flat, identity

_ONE_VALUE = ("pattern", "format", "multipleOf", "uniqueItems", "contentEncoding")
_OPEN = ("additionalProperties", "unevaluatedProperties")
_UNIONS = ("oneOf", "anyOf")
_WALKED = frozenset(
    {"type", "enum", "required", "properties", "items", "default", "readOnly", "writeOnly"}
    | {"deprecated", *LEAST, *MOST, *_ONE_VALUE, *_OPEN, *_UNIONS}
)
_UNSENT: Mapping[Direction, str] = {"request": "readOnly", "response": "writeOnly"}
"""The flag of members that do not travel in this direction (OpenAPI 3.0.3, Schema Object)."""


@dataclass(frozen=True, slots=True)
class Schemas:
    """Two documents, whose schemas are compared pair by pair."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    _known: dict[tuple[str, str, Direction], list[Difference]] = field(default_factory=dict)
    _open: set[tuple[Any, ...]] = field(default_factory=set)
    """What is being compared: a schema that holds itself comes to an end."""

    def compare(self, old: Any, new: Any, direction: Direction, place: str) -> list[Difference]:
        """What differs; a component's differences are at the component's own place."""
        before, after = component(old), component(new)
        name = before or after
        if before is None or after is None:
            return self._once(old, new, direction, name or place, shared=name is not None)
        key = (before, after, direction)
        if key not in self._known:
            self._known[key] = self._once(old, new, direction, before, shared=True)
        return self._known[key]

    def _once(
        self, old: Any, new: Any, direction: Direction, place: str, *, shared: bool
    ) -> list[Difference]:
        pair = (identity(self.old, old), identity(self.new, new), direction)
        if pair in self._open:
            return []
        self._open.add(pair)
        try:
            return list(self._levels(old, new, direction, place, shared=shared))
        finally:
            self._open.discard(pair)

    def _levels(
        self, old: Any, new: Any, direction: Direction, place: str, *, shared: bool
    ) -> Iterator[Difference]:
        one, two = flat(self.old, old), flat(self.new, new)
        for text, meant in self._keywords(one, two, direction):
            yield Difference(place, text, meant, direction, shared)
        yield from self._properties(one, two, direction, place, shared=shared)
        if "items" in one and "items" in two:
            yield from self._below(one["items"], two["items"], direction, f"{place}[]", shared)
        for key in _OPEN:
            if isinstance(one.get(key), dict) and isinstance(two.get(key), dict):
                yield from self._below(one[key], two[key], direction, f"{place}.*", shared)
        for key in _UNIONS:
            yield from self._union(key, one, two, direction, place, shared=shared)

    def _below(
        self, old: Any, new: Any, direction: Direction, place: str, shared: bool
    ) -> Iterator[Difference]:
        for found in self.compare(old, new, direction, place):
            inline = found.place.startswith(place)
            yield found._replace(shared=shared) if inline else found

    def _keywords(
        self, one: Mapping[str, Any], two: Mapping[str, Any], direction: Direction
    ) -> Iterator[tuple[str, Meaning]]:
        for text, effect in (*_types(one, two), *_enums(one, two), *_values(one, two)):
            yield text, meaning(direction, effect)
        for text, effect in self._others(one, two):
            yield text, meaning(direction, effect)
        if one.get("default") != two.get("default"):
            text = f"default {_shown(one, 'default')} became {_shown(two, 'default')}"
            yield text, FOR_CALLERS if direction == "request" else HARMLESS
        if bool(two.get("deprecated")) and not one.get("deprecated"):
            yield "is deprecated", HARMLESS

    def _others(
        self, one: Mapping[str, Any], two: Mapping[str, Any]
    ) -> Iterator[tuple[str, Effect]]:
        """Keywords whose values are compared as a whole."""
        for key in sorted((one.keys() | two.keys()) - _WALKED):
            yield from _one_value(key, self._whole(0, one, key), self._whole(1, two, key))
        for key in ("items", *_OPEN):
            before, after = one.get(key), two.get(key)
            if not (isinstance(before, dict) and isinstance(after, dict)):
                closed, now_closed = _openness(before), _openness(after)
                if closed != now_closed:
                    effect: Effect = "narrower" if now_closed > closed else "wider"
                    yield f"{key} {_said(before)} became {_said(after)}", effect

    def _whole(self, side: int, schema: Mapping[str, Any], key: str) -> str | None:
        if key not in schema:
            return None
        return canonical((self.old, self.new)[side], {key: schema[key]})

    def _properties(
        self,
        one: Mapping[str, Any],
        two: Mapping[str, Any],
        direction: Direction,
        place: str,
        *,
        shared: bool,
    ) -> Iterator[Difference]:
        old = self._travelling(self.old, one, direction)
        new = self._travelling(self.new, two, direction)
        needed, needed_now = one.get("required", frozenset()), two.get("required", frozenset())
        for name in sorted(old.keys() | new.keys() | needed | needed_now):
            where = f"{place}.{name}"
            was, now = (
                _Member(name in old, name in needed),
                _Member(name in new, name in needed_now),
            )
            text, meant = _presence(was, now, direction)
            if text:
                yield Difference(where, text, meant, direction, shared)
            if name in old and name in new:
                yield from self._below(old[name], new[name], direction, where, shared)

    def _travelling(
        self, document: Mapping[str, Any], schema: Mapping[str, Any], direction: Direction
    ) -> dict[str, Any]:
        members = schema.get("properties", {})
        unsent = _UNSENT[direction]
        return {
            name: each for name, each in members.items() if not flat(document, each).get(unsent)
        }

    def _union(
        self,
        key: str,
        one: Mapping[str, Any],
        two: Mapping[str, Any],
        direction: Direction,
        place: str,
        *,
        shared: bool,
    ) -> Iterator[Difference]:
        """Alternatives: equal ones first, then those of one name, then in their order."""
        if key not in one and key not in two:
            return
        if key not in one or key not in two:
            effect: Effect = "narrower" if key in two else "wider"
            text = f"{key} is {'new' if key in two else 'gone'}"
            yield Difference(place, text, meaning(direction, effect), direction, shared)
            return
        old = {canonical(self.old, each): each for each in one[key]}
        new = {canonical(self.new, each): each for each in two[key]}
        left = [old[text] for text in old if text not in new]
        right = [new[text] for text in new if text not in old]
        pairs, gone, added = _paired(left, right)
        for before, after in pairs:
            yield from self._below(before, after, direction, f"{place}({key})", shared)
        for branch in gone:
            text = f"the alternative {_branch(branch)} is gone"
            yield Difference(place, text, meaning(direction, "narrower"), direction, shared)
        for branch in added:
            text = f"the alternative {_branch(branch)} is new"
            yield Difference(place, text, meaning(direction, "wider"), direction, shared)


class _Member(NamedTuple):
    """Whether a member is declared, and whether it is required."""

    declared: bool
    required: bool


def _presence(was: _Member, now: _Member, direction: Direction) -> tuple[str, Meaning]:
    """What became of a member: its being there, and its being required."""
    if now.declared and not was.declared:
        return _arrival(direction, required=now.required)
    if was.declared and not now.declared:
        return "is gone", FOR_CALLERS
    if now.required and not was.required:
        return "became required", meaning(direction, "narrower")
    if was.required and not now.required:
        return "is no longer required", meaning(direction, "wider")
    return "", HARMLESS


def _arrival(direction: Direction, *, required: bool) -> tuple[str, Meaning]:
    if direction == "request":
        text = "is new and required" if required else "is new"
        return text, meaning(direction, "narrower" if required else "wider")
    return ("is new, and always there", FOR_THE_SERVICE) if required else ("is new", HARMLESS)


def _types(one: Mapping[str, Any], two: Mapping[str, Any]) -> Iterator[tuple[str, Effect]]:
    old, new = one.get("type", TYPES), two.get("type", TYPES)
    if old == new:
        return
    before, after = _wide(old), _wide(new)
    effect: Effect = "narrower" if after < before else "wider" if before < after else "other"
    yield f"type {_listed(old)} became {_listed(new)}", effect


def _wide(types: frozenset[str]) -> frozenset[str]:
    """Every integer is a number."""
    return types | {"integer"} if "number" in types else types


def _listed(types: frozenset[str]) -> str:
    return "any" if types >= TYPES else " or ".join(sorted(types, key=lambda each: each == "null"))


def _enums(one: Mapping[str, Any], two: Mapping[str, Any]) -> Iterator[tuple[str, Effect]]:
    old, new = one.get("enum"), two.get("enum")
    if old == new:
        return
    if old is None or new is None:
        values = ", ".join(sorted(old or new or ()))
        yield (
            (f"may be {values} only", "narrower") if old is None else ("may be any value", "wider")
        )
        return
    if added := sorted(new - old):
        yield f"may also be {', '.join(added)}", "wider"
    if gone := sorted(old - new):
        yield f"is no longer {', '.join(gone)}", "narrower"


def _values(one: Mapping[str, Any], two: Mapping[str, Any]) -> Iterator[tuple[str, Effect]]:
    for key in (*LEAST, *MOST):
        old, new = one.get(key), two.get(key)
        if old != new:
            yield f"{key} {_shown(one, key)} became {_shown(two, key)}", _bound(key, old, new)
    for key in _ONE_VALUE:
        yield from _one_value(key, *(_text(each.get(key) or None) for each in (one, two)))


def _bound(key: str, old: Any, new: Any) -> Effect:
    if old is None or new is None:
        return "narrower" if old is None else "wider"
    return "narrower" if (new > old) == (key in LEAST) else "wider"


def _one_value(key: str, old: str | None, new: str | None) -> Iterator[tuple[str, Effect]]:
    if old == new:
        return
    if old is None:
        yield f"{key} {new} is new", "narrower"
    elif new is None:
        yield f"{key} {old} is gone", "wider"
    else:
        yield f"{key} {old} became {new}", "other"


def _paired(old: list[Any], new: list[Any]) -> tuple[list[tuple[Any, Any]], list[Any], list[Any]]:
    """Alternatives that stand for one another, those that are gone and those that are new."""
    named = {component(each): each for each in new if component(each)}
    pairs = [(each, named[component(each)]) for each in old if component(each) in named]
    left = [each for each in old if component(each) not in named]
    taken = [id(after) for _, after in pairs]
    right = [each for each in new if id(each) not in taken]
    if len(left) == len(right):
        return [*pairs, *zip(left, right, strict=True)], [], []
    return pairs, left, right


def _branch(branch: Any) -> str:
    return component(branch) or _text(branch) or ""


def _openness(value: Any) -> int:
    """How much a keyword about further members excludes: nothing, some, all."""
    return 2 if value is False else 1 if isinstance(value, dict) and value else 0


def _said(value: Any) -> str:
    return (
        "(none)" if value is None else "a schema" if isinstance(value, dict) else _text(value) or ""
    )


def _shown(schema: Mapping[str, Any], key: str) -> str:
    return json.dumps(schema[key]) if key in schema else "(none)"


def _text(value: Any) -> str | None:
    return None if value is None else json.dumps(value, sort_keys=True)
