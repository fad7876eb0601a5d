"""The schemathesis adapter: its data and its checks, our transport, our words for what is broken.

The one module that imports schemathesis, pinned to one minor version. Cases come from its pytest
integration (examples, coverage and fuzzing data, positive and negative); they are sent by our own
client and judged through the public `Case.validate_response`.
"""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import urlencode

import httpx
import schemathesis
import schemathesis.checks
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import (
    AcceptedNegativeData,
    Failure,
    FailureGroup,
    MalformedJson,
    ServerError,
)
from schemathesis.core.parameters import ParameterLocation
from schemathesis.openapi.checks import (
    ContentDeserializationError,
    JsonSchemaError,
    MalformedMediaType,
    MissingContentType,
    MissingHeaders,
    RejectedPositiveData,
    UndefinedContentType,
    UndefinedStatusCode,
    UnsupportedMethodResponse,
)

from verify_harness import content, strategies
from verify_harness.contract.check import current
from verify_harness.exchange import Exchange, Request
from verify_harness.spec import Operation, Spec
from verify_harness.spec import load as load_spec
from verify_harness.spec.formats import FORMATS
from verify_harness.spec.schemas import compile_schema

AnyCase: TypeAlias = Case[Any]
"""A generated request, whatever part of the schema it came from."""

BROKEN_BY: Mapping[type[Failure], str] = {
    UndefinedStatusCode: "VFY-SPEC-001",
    JsonSchemaError: "VFY-SPEC-002",
    MissingHeaders: "VFY-SPEC-002",
    MalformedJson: "VFY-SPEC-003",
    ContentDeserializationError: "VFY-SPEC-003",
    MissingContentType: "VFY-SPEC-003",
    MalformedMediaType: "VFY-SPEC-003",
    UndefinedContentType: "VFY-SPEC-003",
    ServerError: "VFY-SPEC-004",
    AcceptedNegativeData: "VFY-SPEC-005",
    RejectedPositiveData: "VFY-SPEC-006",
    UnsupportedMethodResponse: "VFY-HTTP-003",
}
"""Which requirement each kind of schemathesis failure breaks."""

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "unsupported_method",
)
"""The checks that judge one exchange; those that send requests of their own are left out."""

REFUSALS: Mapping[str, tuple[str, ...]] = {"VerifyVerificationCodeById": ("400", "422")}
"""Operations that may refuse what their schema allows: a check by id wants a code or a status, and
a status only for the caller's own code (facts §2.3)."""

KNOWN_METHODS = frozenset(
    {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"}
)
"""The methods of RFC 9110 9.3 and RFC 5789; any other may be answered 501 (RFC 9110 9.1)."""

_OWN_HEADERS = frozenset({"content-type", "accept"})


@cache
def _formats() -> None:
    """Teach schemathesis our formats; once in a process."""
    schemathesis.openapi.format("e164", strategies.e164_numbers())
    schemathesis.openapi.format("verification-code", strategies.codes())
    schemathesis.openapi.format("dtmf-digits", strategies.dtmf_digits())


class _InUse:
    """The spec and settings of this process; set before checks are collected."""

    spec: Spec | None = None
    seed: int = 0
    max_examples: int = 12


def use(spec: Spec, *, seed: int, max_examples: int) -> None:
    """Generate from this spec; has to be called before the checks are collected."""
    _InUse.spec, _InUse.seed, _InUse.max_examples = spec, seed, max_examples


def every_operation(function: Callable[..., None]) -> Callable[..., None]:
    """Run a check once for each operation, with generated cases as its argument `case`."""
    _formats()
    spec = _InUse.spec or load_spec()
    schema = schemathesis.openapi.from_dict(dict(spec.document), config=_config())
    decorated: Callable[..., None] = schema.parametrize()(function)
    return decorated


def _config() -> SchemathesisConfig:
    """Everything that is random or learns from answers is off (design §5)."""
    return SchemathesisConfig.from_dict(
        {
            "seed": _InUse.seed,
            "base-url": "http://target.invalid",  # cases are sent by our own client
            "warnings": False,
            "generation": {
                "mode": "all",
                "database": "none",
                "max-examples": _InUse.max_examples,
                "with-security-parameters": False,
                "allow-extra-parameters": False,
            },
            "phases": {"fuzzing": {"extra-data-sources": {"responses": False}}},
            "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx"]}},
            "operations": [_operation(name, statuses) for name, statuses in REFUSALS.items()],
        }
    )


def _operation(operation_id: str, statuses: tuple[str, ...]) -> dict[str, Any]:
    acceptance = {"expected-statuses": ["2xx", *statuses]}
    checks = {"positive_data_acceptance": acceptance}
    return {"include-operation-id": operation_id, "checks": checks}


def operation_of(case: AnyCase, spec: Spec) -> str:
    """The operationId that a case was generated for."""
    found = spec.match(case.operation.method.upper(), case.operation.path)
    return found.operation_id if found else case.operation.label


def send(case: AnyCase, operation_id: str, authorization: str) -> Exchange:
    """Send a case as it is, with our key and none of schemathesis' own headers."""
    target = current().target
    parts = case.as_transport_kwargs(base_url=target.url)
    headers = [(k, v) for k, v in parts["headers"].items() if k.lower() in _OWN_HEADERS]
    query = urlencode(parts.get("params") or {}, doseq=True)
    request = Request(
        parts["method"],
        parts["url"] + (f"?{query}" if query else ""),
        (*headers, ("Authorization", authorization)),
        _content(parts),
    )
    return current().send(request, operation_id, "generated")


def _content(parts: Mapping[str, Any]) -> bytes | None:
    if "json" in parts:
        return json.dumps(parts["json"]).encode()
    data = parts.get("data")
    return data.encode() if isinstance(data, str) else data


def broken(case: AnyCase, exchange: Exchange, operation: Operation) -> list[tuple[str, str]]:
    """What the exchange breaks: pairs of requirement id and sentence.

    A body that schemathesis meant to break, and did not, may be accepted: it does not know our
    formats, and may put null for a code where null is allowed. What the contract allows and our
    own choices do not may be refused: the documents leave many bounds out.
    """
    if exchange.status == HTTPStatus.NOT_IMPLEMENTED and not _is_known(exchange.request.method):
        return []
    named = _broken(case, exchange)
    if not _keeps_chosen_bounds(case, operation):
        named = [entry for entry in named if entry[0] != BROKEN_BY[RejectedPositiveData]]
    if _body_is_right_after_all(case, operation):
        named = [entry for entry in named if entry[0] != BROKEN_BY[AcceptedNegativeData]]
    return named


def _is_known(method: str) -> bool:
    return method.upper() in KNOWN_METHODS


def _body_is_right_after_all(case: AnyCase, operation: Operation) -> bool:
    parts = case.meta.components if case.meta else {}
    wrong = [place for place, part in parts.items() if part.mode.is_negative]
    if wrong != [ParameterLocation.BODY] or not isinstance(case.body, dict):
        return False
    return bool(_validator(operation).is_valid(case.body))


def _keeps_chosen_bounds(case: AnyCase, operation: Operation) -> bool:
    """Whether a request stays within the bounds that we chose, too."""
    bounded = _bounded().get(operation.operation_id)
    if bounded is None:
        return True
    if isinstance(case.body, dict) and not _validator(bounded).is_valid(case.body):
        return False
    given = {"query": case.query or {}, "path": case.path_parameters or {}}
    return all(
        compile_schema(each.schema, FORMATS).is_valid(given[each.location][each.name])
        for each in bounded.parameters
        if each.name in given.get(each.location, {})
    )


@cache
def _bounded() -> Mapping[str, Operation]:
    """Our own operations with the bounds of our choice, by id."""
    spec = load_spec(overlay=content.specs() / "chosen.overlay.yaml")
    return {operation.operation_id: operation for operation in spec.operations}


@cache
def _validator(operation: Operation) -> Any:
    return compile_schema(operation.request_schema or {}, FORMATS)


def _broken(case: AnyCase, exchange: Exchange) -> list[tuple[str, str]]:
    try:
        case.validate_response(_as_httpx(exchange), checks=_checks())
    except FailureGroup as group:
        return [_named(failure) for failure in group.exceptions]
    return []


def _named(failure: Failure) -> tuple[str, str]:
    """The requirement that a failure breaks; raises KeyError for a kind nobody mapped."""
    requirement = next(name for kind, name in BROKEN_BY.items() if isinstance(failure, kind))
    return requirement, f"{failure.title}: {failure.message}"


@cache
def _checks() -> list[Any]:
    schemathesis.checks.load_all_checks()
    return schemathesis.checks.CHECKS.get_by_names(list(CHECKS))


def _as_httpx(exchange: Exchange) -> httpx.Response:
    """The answer in the form that schemathesis validates."""
    assert exchange.response is not None  # noqa: S101 - `send` raised otherwise
    kept = [
        (name, value)
        for name, value in exchange.response.headers
        if name.lower() not in {"content-encoding", "content-length", "transfer-encoding"}
    ]
    request = httpx.Request(exchange.request.method, exchange.request.url)
    answer = httpx.Response(
        exchange.status, headers=kept, content=exchange.response.body, request=request
    )
    answer.elapsed = timedelta(milliseconds=exchange.elapsed_ms)
    return answer
