"""The places of a request, and the schema keywords that a value there can keep or break.

A place is written `path/phone_number`, `query/page[size]`, `body/sms/code_length`, or
`body/sms/whitelisted_destinations/*` for the items of a list. Members of `allOf` count as the
schema's own; branches of `anyOf` and `oneOf` bind nobody on their own and are left out. So is
what no request can break, such as `type: string` in an address.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from verify_harness.spec.formats import FORMATS
from verify_harness.spec.operations import Operation, Parameter
from verify_harness.spec.references import combined, parts
from verify_harness.spec.strict_json import escape

REQUIRED = "required"
_STANDARD_FORMATS = frozenset(
    {"date-time", "date", "time", "email", "hostname", "ipv4", "ipv6", "uri", "uuid", "regex"}
)
_DEEPEST = 8
"""How many levels of a schema that holds itself are looked at."""

_JUDGES: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("type", "enum", "const"), object),
    **dict.fromkeys(("minimum", "maximum", "multipleOf"), (int, float)),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), (int, float)),
    **dict.fromkeys(("minLength", "maxLength", "pattern", "format"), str),
    **dict.fromkeys(("minItems", "maxItems", "uniqueItems"), list),
    **dict.fromkeys(("minProperties", "maxProperties"), dict),
}
"""What a value has to be for a keyword to say anything about it."""


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One keyword of one schema."""

    keyword: str
    keeps: Callable[[Any], bool]

    def judges(self, value: Any) -> bool:
        """Whether the keyword says anything about a value of this type."""
        wanted = _JUDGES[self.keyword]
        is_number = isinstance(wanted, tuple)
        return isinstance(value, wanted) and not (is_number and isinstance(value, bool))


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a value stands, its rules, and the places below it."""

    name: str
    required: bool
    types: tuple[str, ...]
    rules: tuple[Rule, ...]
    members: Mapping[str, "Place"]
    items: "Place | None"

    def points(self) -> Iterator[str]:
        """Each `place keyword` from here down."""
        if self.required:
            yield f"{self.name} {REQUIRED}"
        for rule in self.rules:
            yield f"{self.name} {rule.keyword}"
        for below in (*self.members.values(), *((self.items,) if self.items else ())):
            yield from below.points()


def parameter_place(parameter: Parameter) -> Place:
    """The place of a parameter; one in the path cannot be left out."""
    name = f"{parameter.location}/{escape(parameter.name)}"
    required = parameter.required and parameter.location != "path"
    return _place(name, parameter.schema, parameter.schema, required=required, is_text=True)


def body_place(operation: Operation) -> Place | None:
    """The place of an operation's JSON body; None where none is documented."""
    schema = operation.request_schema
    if schema is None:
        return None
    return _place("body", schema, schema, required=operation.request_required)


def _place(
    name: str,
    node: Any,
    document: Mapping[str, Any],
    *,
    required: bool,
    is_text: bool = False,
    depth: int = 0,
) -> Place:
    merged = _merged(document, node)

    def child(step: str, schema: Any, *, required: bool = False) -> Place:
        below = f"{name}/{step}"
        return _place(below, schema, document, required=required, is_text=is_text, depth=depth + 1)

    properties = merged["properties"] if depth < _DEEPEST else {}
    items = merged["items"] if depth < _DEEPEST else None
    return Place(
        name=name,
        required=required,
        types=merged["types"],
        rules=tuple(_rules(merged["keywords"], is_text=is_text)),
        members={
            key: child(escape(key), schema, required=key in merged["required"])
            for key, schema in properties.items()
        },
        items=child("*", items) if isinstance(items, dict) else None,
    )


def _merged(document: Mapping[str, Any], node: Any) -> dict[str, Any]:
    """What a schema, all that it refers to and the members of its `allOf` ask for together.

    Of two that ask for the same keyword, the outer one counts.
    """
    found: dict[str, Any] = {"types": (), "keywords": {}, "properties": {}, "required": ()}
    found["items"] = None
    for schema in reversed([each for each in parts(document, node) if isinstance(each, dict)]):
        members = [_merged(document, each) for each in combined(schema)]
        for part in [*members, _own(schema)]:
            for key in ("keywords", "properties"):
                found[key] |= part[key]
            found["required"] += part["required"]
            for key in ("types", "items"):
                found[key] = part[key] or found[key]
    return found


def _own(schema: Mapping[str, Any]) -> dict[str, Any]:
    types = schema.get("type", ())
    return {
        "types": (types,) if isinstance(types, str) else tuple(types),
        "keywords": {key: schema[key] for key in _JUDGES if key in schema},
        "properties": schema.get("properties", {}),
        "required": tuple(schema.get("required", ())),
        "items": schema.get("items"),
    }


def _rules(keywords: Mapping[str, Any], *, is_text: bool) -> Iterator[Rule]:
    for keyword, wanted in keywords.items():
        if keyword == "format" and wanted not in FORMATS.keys() | _STANDARD_FORMATS:
            continue  # nobody can say whether a value keeps it
        if not is_text or _text_can_break(keyword, wanted):
            yield Rule(keyword, _compiled(keyword, wanted).is_valid)


def _text_can_break(keyword: str, wanted: Any) -> bool:
    """Whether text in an address can break a keyword: any text is a string, and never empty."""
    if keyword == "type":
        types = {wanted} if isinstance(wanted, str) else set(wanted)
        return not types & {"string", "array"}
    return not (keyword == "minLength" and wanted <= 1)


def _compiled(keyword: str, wanted: Any) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        {keyword: wanted}, formats=dict(FORMATS), validate_formats=True, offline=True
    )
