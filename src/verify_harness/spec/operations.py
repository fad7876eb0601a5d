"""The operations of a document as records: parameters, request schema, answers by status.

A schema here stands on its own: its outermost `$ref` is followed, and it carries the document's
`components` and `paths`, so that references inside it resolve in any JSON Schema validator.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from verify_harness.errors import SpecError
from verify_harness.spec.references import escape, follow

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
JSON = "application/json"
CONTEXT = ("components", "paths")
"""What every schema carries along, so that references inside it resolve."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `location` is path, query, header or cookie."""

    name: str
    location: str
    required: bool
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """One documented answer; `schemas` is keyed by media type in lower case."""

    status: str
    """Three digits, a range such as `2XX`, or `default`."""
    schemas: Mapping[str, Mapping[str, Any]]
    headers: tuple[str, ...]
    """Names of the documented headers, in lower case."""


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One method on one path; `path` is relative to the base and starts with a slash."""

    operation_id: str
    method: str
    """In upper case."""
    path: str
    parameters: tuple[Parameter, ...]
    request_schema: Mapping[str, Any] | None
    """Of the JSON body; None where no body is documented."""
    request_required: bool
    responses: Mapping[str, Response]

    def response(self, status: int) -> Response | None:
        """What is documented for a status: exact, then its range, then `default`."""
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in self.responses:
                return self.responses[key]
        return None


def operations(document: Mapping[str, Any]) -> tuple[Operation, ...]:
    """Every operation in the document's order.

    An operation without an id is called by its method and path.

    Raises:
        SpecError: something is not the object it must be, an id is used twice, or there is none.

    """
    found = tuple(_all(document))
    if not found:
        raise SpecError("no operations: the document has no paths with methods.")
    seen: set[str] = set()
    for operation in found:
        if operation.operation_id in seen:
            raise SpecError(f"the operationId {operation.operation_id} is used twice.")
        seen.add(operation.operation_id)
    return found


def _all(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, reference in _mapping(document, "paths", "").items():
        place = f"/paths/{escape(path)}"
        item = _object(document, reference, place)
        for method in METHODS:
            if method in item:
                node = _object(document, item[method], f"{place}/{method}")
                shared = _list(item, "parameters", place)
                own = _list(node, "parameters", f"{place}/{method}")
                yield _operation(document, path, method, {**node, "parameters": shared + own})


def _operation(
    document: Mapping[str, Any], path: str, method: str, node: Mapping[str, Any]
) -> Operation:
    place = f"/paths/{escape(path)}/{method}"
    body = _object(document, node.get("requestBody") or {}, f"{place}/requestBody")
    return Operation(
        operation_id=str(node.get("operationId") or f"{method.upper()} {path}"),
        method=method.upper(),
        path=path,
        parameters=_parameters(document, node, place),
        request_schema=_schemas(document, body, f"{place}/requestBody").get(JSON),
        request_required=bool(body.get("required", False)),
        responses=_responses(document, node, place),
    )


def _parameters(
    document: Mapping[str, Any], node: Mapping[str, Any], place: str
) -> tuple[Parameter, ...]:
    """The path's parameters and the operation's own; the later of two with one name wins."""
    place = f"{place}/parameters"
    found: dict[tuple[str, str], Parameter] = {}
    for entry in node["parameters"]:
        item = _object(document, entry, place)
        try:
            name, location = str(item["name"]), str(item["in"])
        except KeyError as missing:
            raise SpecError(f"{place}: a parameter without {missing}.") from None
        schema = _alone(document, item.get("schema", {}), place)
        found[name, location] = Parameter(name, location, bool(item.get("required")), schema)
    return tuple(found.values())


def _responses(
    document: Mapping[str, Any], node: Mapping[str, Any], place: str
) -> Mapping[str, Response]:
    found: dict[str, Response] = {}
    for status, reference in _mapping(node, "responses", place).items():
        where = f"{place}/responses/{status}"
        item = _object(document, reference, where)
        headers = tuple(name.lower() for name in _mapping(item, "headers", where))
        found[status.upper() if status != "default" else status] = Response(
            status, _schemas(document, item, where), headers
        )
    return found


def _schemas(
    document: Mapping[str, Any], holder: Mapping[str, Any], place: str
) -> dict[str, Mapping[str, Any]]:
    return {
        media_type.lower(): _alone(
            document, _object(document, media, place).get("schema", {}), place
        )
        for media_type, media in _mapping(holder, "content", place).items()
    }


def _alone(document: Mapping[str, Any], schema: Any, place: str) -> Mapping[str, Any]:
    if isinstance(schema, bool):
        schema = {} if schema else {"not": {}}
    context = {key: document[key] for key in CONTEXT if key in document}
    return {**_object(document, schema, place), **context}


def _mapping(node: Mapping[str, Any], key: str, place: str) -> dict[str, Any]:
    value = node.get(key) or {}
    if not isinstance(value, dict):
        raise SpecError(f"{place}/{key}: must be an object.")
    return value


def _list(node: Mapping[str, Any], key: str, place: str) -> list[Any]:
    value = node.get(key) or []
    if not isinstance(value, list):
        raise SpecError(f"{place}/{key}: must be a list.")
    return value


def _object(document: Mapping[str, Any], node: Any, place: str) -> dict[str, Any]:
    value = follow(document, node)
    if not isinstance(value, dict):
        raise SpecError(f"{place}: must be an object.")
    return value
