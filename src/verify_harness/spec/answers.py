"""Judge one HTTP answer by the document: status, media type, JSON, schema."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any, Literal

import jsonschema_rs

from verify_harness.spec.operations import JSON, Operation, Response
from verify_harness.spec.schemas import compile_schema

Kind = Literal["status", "media-type", "json", "schema"]
MAX_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One way in which an answer breaks the document; messages never quote the body's values."""

    kind: Kind
    message: str
    pointer: str
    """JSON pointer into the body; empty for the whole."""


def validate_answer(
    operation: Operation, status: int, content_type: str, body: bytes
) -> list[Problem]:
    """Everything about an answer that its operation does not document; empty if all is well.

    A wrong media type does not hide a wrong body: the body is judged as JSON all the same.
    """
    response = operation.response(status)
    if response is None:
        known = ", ".join(sorted(operation.responses))
        return [Problem("status", f"{status} is not documented (only {known})", "")]
    if not response.schemas:
        return []
    return [*_media_type(response, content_type), *_body(response, content_type, body)]


def _media_type(response: Response, content_type: str) -> Iterator[Problem]:
    if _essence(content_type) not in response.schemas:
        known = ", ".join(sorted(response.schemas))
        found = _essence(content_type)[:100] or "none"
        yield Problem("media-type", f"the media type is {found}, not {known}", "")


def _essence(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _body(response: Response, content_type: str, body: bytes) -> list[Problem]:
    essence = _essence(content_type)
    media_type = essence if essence in response.schemas else JSON
    if media_type not in response.schemas or "json" not in media_type:
        return []
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        return [Problem("json", f"the body is not JSON: {_cause(error)}", "")]
    return _schema_problems(response, media_type, value)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError("a number is out of range")
    return number


def _cause(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _schema_problems(response: Response, media_type: str, value: Any) -> list[Problem]:
    try:
        errors = list(_validator(response, media_type).iter_errors(value))
    except ValueError:  # a lone surrogate, which is no Unicode text
        return [Problem("json", "the body is not JSON: a text is not valid Unicode", "")]
    problems = [Problem("schema", error.message, _pointer(error.instance_path)) for error in errors]
    return sorted(problems, key=lambda problem: (problem.pointer, problem.message))[:MAX_PROBLEMS]


def _pointer(path: list[str | int]) -> str:
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return "".join(f"/{step}" for step in steps)


@cache
def _validator(response: Response, media_type: str) -> jsonschema_rs.Draft202012Validator:
    return compile_schema(response.schemas[media_type])
