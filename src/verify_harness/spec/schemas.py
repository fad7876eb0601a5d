"""Compile JSON schemas, and find the ones of a document that are none."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import jsonschema_rs

from verify_harness.errors import SpecError
from verify_harness.spec.formats import ANSWER_FORMATS
from verify_harness.spec.operations import CONTEXT, Operation


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


def check(operations: Sequence[Operation]) -> None:
    """See that every schema of every operation can be compiled.

    All at once, which costs a tenth of one by one; the culprit is looked for only if there is one.

    Raises:
        SpecError: one cannot; the message says whose.

    """
    schemas = list(_schemas(operations))
    context = {
        key: value for _, schema in schemas for key, value in schema.items() if key in CONTEXT
    }
    own = [{key: schema[key] for key in schema if key not in CONTEXT} for _, schema in schemas]
    try:
        compile_schema({"anyOf": own or [{}], **context})
    except SpecError:
        for place, schema in schemas:
            _check_one(place, schema)
        raise


def _check_one(place: str, schema: Mapping[str, Any]) -> None:
    try:
        compile_schema(schema)
    except SpecError as error:
        raise SpecError(f"{place}: {error}") from None


def _schemas(operations: Sequence[Operation]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for operation in operations:
        for parameter in operation.parameters:
            yield f"{operation.operation_id}, parameter {parameter.name}", parameter.schema
        if operation.request_schema is not None:
            yield f"{operation.operation_id}, request", operation.request_schema
        for status, response in operation.responses.items():
            for schema in response.schemas.values():
                yield f"{operation.operation_id}, answer {status}", schema
