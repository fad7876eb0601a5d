"""Compile JSON schemas, and find the ones of a document that are none."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import jsonschema_rs

from verify_harness.errors import SpecError
from verify_harness.spec.formats import ANSWER_FORMATS
from verify_harness.spec.operations import CONTEXT, Operation
from verify_harness.spec.references import objects

_IN_SCHEMA = re.compile(r"/schemas?(/|$)")
_ALONE = frozenset(
    {"type", "pattern", "patternProperties", "enum", "required", "format"}
    | {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
    | {"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"}
)
"""Keywords that can be compiled without the rest of their schema."""


def compile_schema(
    schema: Mapping[str, Any], formats: Mapping[str, Callable[[str], bool]] = ANSWER_FORMATS
) -> jsonschema_rs.Draft202012Validator:
    """A validator that knows our formats, opens nothing and never quotes a value.

    Raises:
        SpecError: `schema` is not a JSON schema.

    """
    try:
        return jsonschema_rs.Draft202012Validator(
            dict(schema),
            formats=dict(formats),
            validate_formats=True,
            mask="the value",
            offline=True,
        )
    except ValueError as error:
        reason = " ".join(str(error).split("\n", 1)[0].split())
        raise SpecError(f"not a JSON schema: {reason}") from None


def check(operations: Sequence[Operation], document: Mapping[str, Any]) -> None:
    """See that every schema of every operation can be compiled.

    All at once, which costs a tenth of one by one; the culprit is looked for only if there is one.

    Raises:
        SpecError: one cannot; the message says whose, and where in the document.

    """
    schemas = list(_schemas(operations))
    context = {
        key: value for _, schema in schemas for key, value in schema.items() if key in CONTEXT
    }
    own = [{key: schema[key] for key in schema if key not in CONTEXT} for _, schema in schemas]
    try:
        compile_schema({"anyOf": own or [{}], **context})
    except SpecError:
        for owner, schema in schemas:
            _check_one(owner, schema, document)
        raise


def _check_one(owner: str, schema: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    try:
        compile_schema(schema)
    except SpecError as error:
        place, reason = _culprit(document) or ("", str(error))
        raise SpecError(f"{owner}: {reason.rstrip('.')}{place and f' at {place}'}.") from None


def _culprit(document: Mapping[str, Any]) -> tuple[str, str] | None:
    """The place and the reason of the first keyword that cannot be compiled on its own."""
    for pointer, node in objects(document):
        for keyword in _ALONE & node.keys() if _IN_SCHEMA.search(pointer) else ():
            try:
                compile_schema({keyword: node[keyword]})
            except SpecError as error:
                return f"{pointer}/{keyword}", str(error)
    return None


def _schemas(operations: Sequence[Operation]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for operation in operations:
        for parameter in operation.parameters:
            yield f"{operation.operation_id}, parameter {parameter.name}", parameter.schema
        if operation.request_schema is not None:
            yield f"{operation.operation_id}, request", operation.request_schema
        for status, response in operation.responses.items():
            of_headers = (header.schema for header in response.headers.values())
            for schema in (*response.schemas.values(), *of_headers):
                yield f"{operation.operation_id}, answer {status}", schema
