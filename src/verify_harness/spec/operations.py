"""The operations of a document as records: parameters, request schema, answers by status.

A schema here stands on its own: it carries the document's `components` and `paths`, so that
references inside it resolve in any JSON Schema validator. Requests and answers are taken from the
document's two directions (`directions`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from verify_harness.errors import SpecError
from verify_harness.spec import directions, media_types
from verify_harness.spec.references import follow, parts
from verify_harness.spec.strict_json import escape

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
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
class Header:
    """One documented header of an answer; its name is the key it stands under, in lower case."""

    required: bool
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """One documented answer; `schemas` is keyed by media type or range, in lower case."""

    status: str
    """Three digits, a range such as `2XX`, or `default`."""
    schemas: Mapping[str, Mapping[str, Any]]
    headers: Mapping[str, Header]


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
    elsewhere: Mapping[str, Response] = field(default_factory=dict)
    """By status, what our bundled contract documents and this document is silent about."""

    def response(self, status: int) -> Response | None:
        """What is documented for a status, by this document or else by our bundled contract."""
        key = self.status_key(status)
        return self.elsewhere.get(str(status)) if key is None else self.responses[key]

    def status_key(self, status: int) -> str | None:
        """The key this document has for a status: itself, then its range, then `default`."""
        keys = (str(status), f"{status // 100}XX", "default")
        return next((key for key in keys if key in self.responses), None)


def operations(document: Mapping[str, Any]) -> tuple[Operation, ...]:
    """Every operation in the document's order; one without an id is called by method and path.

    Raises:
        SpecError: something is not the object it must be.

    """
    sent, answered = directions.for_requests(document), directions.for_answers(document)
    found = [_operation(path, method, sent, answered) for path, method in methods(document)]
    return tuple(found)


def refuse_twins(document: Mapping[str, Any]) -> None:
    """See that there are operations, and that no two have the same id; raises SpecError."""
    seen: dict[str, str] = {}
    name = None
    for path, method in methods(document):
        name = f"{method.upper()} {path}"
        operation_id = str(_node(document, path, method).get("operationId") or name)
        if (first := seen.setdefault(operation_id, name)) != name:
            raise SpecError(
                f"the operationId {operation_id} is used twice: {first} and {name}.",
                hint="give each operation an id of its own",
            )
    if name is None:
        raise SpecError("no operations: the document has no paths with methods.")


def methods(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each path with each of its methods, in lower case; extensions (`x-…`) are no paths."""
    for path, reference in _mapping(document, "paths", "").items():
        if not path.startswith("x-"):
            item = _object(document, reference, f"/paths/{escape(path)}")
            yield from ((path, method) for method in METHODS if method in item)


def _operation(
    path: str, method: str, sent: Mapping[str, Any], answered: Mapping[str, Any]
) -> Operation:
    place = f"/paths/{escape(path)}/{method}"
    node = _node(sent, path, method)
    body = _object(sent, node.get("requestBody") or {}, f"{place}/requestBody")
    schemas = _schemas(sent, body, f"{place}/requestBody")
    return Operation(
        operation_id=str(node.get("operationId") or f"{method.upper()} {path}"),
        method=method.upper(),
        path=path,
        parameters=_parameters(sent, node, place),
        request_schema=schemas.get(media_types.best(schemas, media_types.JSON) or ""),
        request_required=bool(body.get("required", False)),
        responses=_responses(answered, _node(answered, path, method), place),
    )


def _node(document: Mapping[str, Any], path: str, method: str) -> dict[str, Any]:
    """An operation's object, with the parameters that all methods of its path share."""
    place = f"/paths/{escape(path)}"
    item = _object(document, document["paths"][path], place)
    node = _object(document, item[method], f"{place}/{method}")
    shared = _list(item, "parameters", place)
    return {**node, "parameters": shared + _list(node, "parameters", f"{place}/{method}")}


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
        if not status.startswith("x-"):
            item = _object(document, reference, where)
            key = status.upper() if status != "default" else status
            schemas, headers = _schemas(document, item, where), _headers(document, item, where)
            found[key] = Response(status, schemas, headers)
    return found


def _headers(
    document: Mapping[str, Any], item: Mapping[str, Any], place: str
) -> Mapping[str, Header]:
    """The documented headers; Content-Type is none of them (OpenAPI 3.1, Response Object)."""
    found: dict[str, Header] = {}
    for name, reference in _mapping(item, "headers", place).items():
        where = f"{place}/headers/{escape(name)}"
        header = _object(document, reference, where)
        schema = _alone(document, header.get("schema", {}), where)
        found[name.lower()] = Header(bool(header.get("required")), schema)
    found.pop("content-type", None)
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
    """A schema with all that references inside it need.

    A bare `$ref` is followed; one with siblings stays, since they apply together (JSON Schema
    2020-12, core 8.2.3.1).
    """
    chain = parts(document, schema)
    node = next(part for part in chain if not isinstance(part, dict) or part.keys() != {"$ref"})
    if isinstance(node, bool):
        node = {} if node else {"not": {}}
    if not isinstance(node, dict):
        raise SpecError(f"{place}: must be an object.")
    return {**node, **{key: document[key] for key in CONTEXT if key in document}}


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
