"""Every example in the contract keeps its own schema, and names nobody's number."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import jsonschema_rs

from verify_harness import phone_numbers
from verify_harness.spec import Spec
from verify_harness.spec.formats import FORMATS
from verify_harness.spec.references import follow

Node = Mapping[str, Any]


class Example(NamedTuple):
    place: str
    schema: Any
    value: Any


def examples(document: Node) -> Iterator[Example]:
    for name, schema in document["components"]["schemas"].items():
        yield from _of_schema(schema, f"schemas/{name}")
    for kind in ("paths", "webhooks"):
        for path, item in document[kind].items():
            for method, operation in item.items():
                yield from _of_operation(document, operation, f"{method} {path}")


def _of_schema(schema: Any, place: str) -> Iterator[Example]:
    if isinstance(schema, dict):
        for value in schema.get("examples", []):
            yield Example(place, schema, value)
        if "default" in schema:
            yield Example(f"{place}/default", schema, schema["default"])
        for name, inner in schema.get("properties", {}).items():
            yield from _of_schema(inner, f"{place}/{name}")


def _of_operation(document: Node, operation: Node, place: str) -> Iterator[Example]:
    for reference in operation.get("parameters", []):
        parameter = follow(document, reference)
        yield Example(f"{place} {parameter['name']}", parameter["schema"], parameter["example"])
    if "requestBody" in operation:
        yield from _of_content(document, operation["requestBody"], f"{place} request")
    for status, reference in operation["responses"].items():
        response = follow(document, reference)
        yield from _of_content(document, response, f"{place} {status}")
        for name, header_reference in response.get("headers", {}).items():
            header = follow(document, header_reference)
            yield Example(f"{place} {status} {name}", header["schema"], header["example"])


def _of_content(document: Node, holder: Node, place: str) -> Iterator[Example]:
    for media in holder.get("content", {}).values():
        if "example" in media:
            yield Example(place, media["schema"], media["example"])
        for name, reference in media.get("examples", {}).items():
            value = follow(document, reference)["value"]
            yield Example(f"{place} {name}", media["schema"], value)


def test_every_example_keeps_its_schema(spec: Spec) -> None:
    broken = [
        f"{example.place}: {error.message}"
        for example in examples(spec.document)
        for error in _validator(spec, example.schema).iter_errors(example.value)
    ]
    assert broken == []


def _validator(spec: Spec, schema: Any) -> jsonschema_rs.Draft202012Validator:
    whole = {**schema, "components": spec.document["components"]}
    return jsonschema_rs.Draft202012Validator(
        whole, formats=dict(FORMATS), validate_formats=True, offline=True
    )


def test_every_body_and_every_answer_has_an_example(spec: Spec) -> None:
    places = {example.place.rpartition(" ")[0] for example in examples(spec.document)}
    places |= {example.place for example in examples(spec.document)}
    for operation in spec.operations:
        name = f"{operation.method.lower()} {operation.path}"
        wanted = {f"{name} {status}" for status in operation.responses}
        wanted |= {f"{name} {parameter.name}" for parameter in operation.parameters}
        wanted |= {f"{name} request"} if operation.request_schema else set()
        assert wanted <= places


def test_every_phone_number_in_the_document_is_reserved(base: Spec) -> None:
    found = set(re.findall(r'"(\+[0-9]{7,})"', json.dumps(base.document)))
    assert found
    assert all(phone_numbers.is_reserved(number) for number in found)


def test_no_schema_gives_phone_numbers_a_pattern(spec: Spec) -> None:
    schemas = spec.document["components"]["schemas"]
    assert [
        name
        for name, schema in schemas.items()
        if schema.get("format") == "e164" and "pattern" in schema
    ] == []
