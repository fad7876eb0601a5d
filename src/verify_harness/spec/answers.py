"""The one judge of an answer by the document: status, headers, media type, JSON, schema.

Contract checks, the load's sample and the coverage all ask here. Which of the document's answers a
status belongs to: the status itself, its range (`4XX`), `default`; then, in a document of the
user's own, what our bundled contract has for a status that the document is silent about.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import jsonschema_rs

from verify_harness.spec import media_types, strict_json
from verify_harness.spec.operations import Header, Operation, Response
from verify_harness.spec.schemas import compile_schema

Subject = Literal["status", "media-type", "header", "json", "schema"]
MAX_VIOLATIONS = 20
_LONGEST = 200

_REQUIREMENTS: dict[Subject, str] = {
    "status": "VFY-SPEC-001",
    "header": "VFY-SPEC-002",
    "schema": "VFY-SPEC-002",
    "media-type": "VFY-SPEC-003",
    "json": "VFY-SPEC-003",
}
_TITLES: dict[Subject, str] = {
    "status": "undocumented status",
    "header": "the headers do not match their schema",
    "schema": "the body does not match its schema",
    "media-type": "undocumented media type",
    "json": "the body is not JSON",
}


_EXPECTED = {
    "anyOf": "one of the alternatives",
    "oneOf": "exactly one of the alternatives",
    "oneOfNotValid": "exactly one of the alternatives",
    "oneOfMultipleValid": "exactly one of the alternatives",
    "falseSchema": "nothing",
    "not": "what the schema does not exclude",
    "propertyNames": "members of other names",
    "contains": "an item of the schema",
    "uniqueItems": "no item twice",
}
"""What a keyword asks for, where its value says less."""

_SIZED = {
    str: "a text of {} characters",
    list: "a list of {} items",
    dict: "an object of {} members",
}
_SCALARS = {bool: "a boolean", int: "an integer", float: "a number"}


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which an answer breaks the document; values of the body are never quoted."""

    subject: Subject
    place: str
    """JSON pointer into the body, or the header's name; empty for the whole answer."""
    keyword: str
    """Of JSON Schema, or what else was broken: `status`, `content-type`, `duplicate`, …"""
    expected: str
    received: str

    @property
    def requirement(self) -> str:
        """The id of the requirement that is broken."""
        return _REQUIREMENTS[self.subject]

    def __str__(self) -> str:
        """One sentence; what stands before its first colon is the same for all of a kind."""
        place = f"{self.place}: " if self.place else ""
        return f"{_TITLES[self.subject]}: {place}expected {self.expected}, received {self.received}"


Headers = Sequence[tuple[str, str]]


def judge(
    operation: Operation, status: int, headers: Headers, body: bytes
) -> tuple[Violation, ...]:
    """Everything about an answer that its operation does not document; empty if all is well.

    A wrong media type does not hide a wrong body: the body is judged as JSON all the same.
    """
    response = operation.response(status)
    if response is None:
        known = f"one of {', '.join(sorted(operation.responses))}"
        return (Violation("status", "", "status", known, str(status)),)
    found = [*_headers(response, headers)]
    if response.schemas:
        given = next((value for name, value in headers if name.lower() == "content-type"), "")
        found += [*_media_type(response, given), *_body(response, given, body)]
    return tuple(found[:MAX_VIOLATIONS])


def _headers(response: Response, headers: Headers) -> Iterator[Violation]:
    given = {name.lower(): value for name, value in reversed(headers)}
    for name, header in response.headers.items():
        if name in given:
            yield from _header(name, header, given[name])
        elif header.required:
            yield Violation("header", name, "required", "a value", "no such header")


def _header(name: str, header: Header, text: str) -> Iterator[Violation]:
    """A header's text may be read as any JSON scalar, or as a list; one reading has to fit."""
    scalar, items = strict_json.scalar(text), text.split(",")
    readings = [text, scalar, [strict_json.scalar(item.strip()) for item in items]]
    validator = _validator_of_header(header)
    if not any(validator.is_valid(reading) for reading in readings):
        error = next(iter(validator.iter_errors(scalar)))
        yield Violation("header", name, *_facts(error))


def _media_type(response: Response, given: str) -> Iterator[Violation]:
    if media_types.best(response.schemas, given) is None:
        known = " or ".join(sorted(response.schemas))
        received = " ".join(given.split())[:_LONGEST] or "none"
        yield Violation("media-type", "", "content-type", known, received)


def _body(response: Response, given: str, body: bytes) -> Iterator[Violation]:
    """The body as JSON, unless the answer is of a documented type that is not JSON."""
    key = media_types.best(response.schemas, given)
    if key is not None and not media_types.is_json(given):
        return
    key = key or next(filter(media_types.may_be_json, response.schemas), None)
    if key is None:
        return
    try:
        value = strict_json.parse(strict_json.decode(body))
    except strict_json.NotJson as error:
        received = str(error) if body else "nothing"
        yield Violation("json", error.pointer, error.keyword, "JSON (RFC 8259)", received)
        return
    errors = _validator(response, key).iter_errors(value)
    found = [Violation("schema", _pointer(each.instance_path), *_facts(each)) for each in errors]
    yield from sorted(found, key=lambda each: (each.place, each.keyword, each.expected))


def _facts(error: jsonschema_rs.ValidationError) -> tuple[str, str, str]:
    """Keyword, expected and received of a validator's error."""
    keyword, value, received = error.kind.name, error.kind.value, _described(error.instance)
    match keyword:
        case "required":
            expected, received = f"the member {value!r}", "none"
        case "additionalProperties" | "unevaluatedProperties":
            expected, received = "no other members", ", ".join(map(repr, value))
        case "type":
            expected = value if isinstance(value, str) else " or ".join(sorted(value))
        case "enum":
            expected = f"one of {', '.join(map(str, value))}"
        case _:
            expected = _EXPECTED.get(keyword) or f"{keyword} {value}"
    return keyword, expected[:_LONGEST], received[:_LONGEST]


def _described(value: Any) -> str:
    """What a value is, without saying it."""
    if isinstance(value, str | list | dict):
        return _SIZED[type(value)].format(len(value))
    return "null" if value is None else _SCALARS[type(value)]


def _pointer(path: list[str | int]) -> str:
    return "".join(f"/{strict_json.escape(str(step))}" for step in path)


@cache
def _validator(response: Response, key: str) -> jsonschema_rs.Draft202012Validator:
    return compile_schema(response.schemas[key])


@cache
def _validator_of_header(header: Header) -> jsonschema_rs.Draft202012Validator:
    return compile_schema(header.schema)
