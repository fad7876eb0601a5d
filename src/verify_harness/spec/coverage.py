"""What of the document a run exercised: statuses answered, keywords kept and broken by requests.

Counts only: no value of a request or an answer is remembered, so none has to be redacted.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, unquote

from verify_harness.exchange import Request
from verify_harness.spec import media_types, strict_json
from verify_harness.spec.document import Spec
from verify_harness.spec.keywords import REQUIRED, Place, body_place, parameter_place
from verify_harness.spec.operations import Operation

_LARGEST_BODY_BYTES = 256 * 1024
_MOST_ITEMS = 100
"""What is larger than these is hostile rather than an example of a keyword."""

Judged = tuple[str, bool]
"""A `place keyword` and whether the request kept it."""


class Coverage:
    """Counts for one spec; every point of its universe is there from the start, at zero."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._operations = {each.operation_id: _Operation(each) for each in spec.operations}
        self.exchanges = 0

    def observe(self, request: Request, status: int, base_url: str) -> None:
        """Count one answered request, by what it really asked for; another address is passed over.

        `base_url` is the target's, without a slash at its end.
        """
        if not request.url.startswith(f"{base_url}/"):
            return
        path, _, query = request.url.removeprefix(base_url).partition("#")[0].partition("?")
        operation = self._spec.match(request.method, path)
        if operation is not None:
            self.exchanges += 1
            self._operations[operation.operation_id].count(request, path, query, status)

    def as_json(self) -> dict[str, Any]:
        """By operation: `statuses` with their counts, `keywords` with those of their two sides."""
        return {name: each.as_json() for name, each in self._operations.items()}


class _Operation:
    """The counts of one operation."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._parameters = [(each, parameter_place(each)) for each in operation.parameters]
        self._body = body_place(operation)
        places = [place for _, place in self._parameters] + ([self._body] if self._body else [])
        self._statuses = dict.fromkeys(operation.responses, 0)
        self._keywords = {
            point: {"valid": 0, "invalid": 0} for place in places for point in place.points()
        }

    def as_json(self) -> dict[str, Any]:
        return {"statuses": self._statuses, "keywords": self._keywords}

    def count(self, request: Request, path: str, query: str, status: int) -> None:
        documented = self._operation.status_key(status)
        if documented is not None:
            self._statuses[documented] += 1
        for point, kept in self._judged(request, path, query):
            self._keywords[point]["valid" if kept else "invalid"] += 1

    def _judged(self, request: Request, path: str, query: str) -> Iterator[Judged]:
        given = _parameters(self._operation, path, query, request.headers)
        for parameter, place in self._parameters:
            texts = given.get((parameter.location, parameter.name), [])
            if place.required:
                yield f"{place.name} {REQUIRED}", bool(texts)
            if texts:
                yield from _judge(place, _value(place, texts))
        if self._body is not None:
            yield from _judge_body(self._body, request)


def _judge_body(place: Place, request: Request) -> Iterator[Judged]:
    """Nothing is said of a body that is no JSON: no schema was kept or broken by it."""
    if place.required:
        yield f"{place.name} {REQUIRED}", bool(request.body)
    given = [value for name, value in request.headers if name.lower() == "content-type"]
    says_json = all(map(media_types.is_json, given))
    if not request.body or not says_json or len(request.body) > _LARGEST_BODY_BYTES:
        return
    try:
        value = json.loads(request.body)
    except (ValueError, RecursionError):
        return
    yield from _judge(place, value)


def _judge(place: Place, value: Any) -> Iterator[Judged]:
    for rule in place.rules:
        if rule.judges(value):
            yield f"{place.name} {rule.keyword}", _keeps(rule.keeps, value)
    if isinstance(value, dict):
        for name, below in place.members.items():
            if below.required:
                yield f"{below.name} {REQUIRED}", name in value
            if name in value:
                yield from _judge(below, value[name])
    if isinstance(value, list) and place.items is not None:
        for item in islice(value, _MOST_ITEMS):
            yield from _judge(place.items, item)


def _keeps(keeps: Any, value: Any) -> bool:
    try:
        return bool(keeps(value))
    except (ValueError, RecursionError):  # a lone surrogate or a bottomless list: no good value
        return False


def _parameters(
    operation: Operation, path: str, query: str, headers: Sequence[tuple[str, str]]
) -> Mapping[tuple[str, str], list[str]]:
    """The texts given for each parameter, by location and name."""
    found: dict[tuple[str, str], list[str]] = {}
    for step, text in zip(operation.path.split("/"), path.split("/"), strict=True):
        if step.startswith("{"):
            found["path", step.strip("{}")] = [unquote(text)]
    for name, text in parse_qsl(query, keep_blank_values=True):
        found.setdefault(("query", name), []).append(text)
    sent = {name.lower(): text for name, text in headers}
    for parameter in operation.parameters:
        if parameter.location == "header" and parameter.name.lower() in sent:
            found["header", parameter.name] = [sent[parameter.name.lower()]]
    return found


def _value(place: Place, texts: Sequence[str]) -> Any:
    """The JSON value that a parameter's texts stand for, by its schema's type."""
    if "array" in place.types:
        items = place.items
        return [_scalar(items.types if items else (), text) for text in texts]
    return _scalar(place.types, texts[-1])


def _scalar(types: Sequence[str], text: str) -> Any:
    if not {"integer", "number", "boolean"} & set(types):
        return text
    value = strict_json.scalar(text)
    return value if isinstance(value, (int, float)) else text
