"""Adapter for schemathesis: its data and checks, our transport and requirement ids.

The one module that imports schemathesis, pinned to one minor version. Cases come from what its
pytest integration is built of (examples, coverage and fuzzing data, positive and negative); they
are sent by our own client. Answers are judged by `spec.judge`; whether an answer suits the way in
which its request was made is asked through the public `Case.validate_response`.
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
)
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.openapi.checks import RejectedPositiveData, UnsupportedMethodResponse
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python._constants.orchestrator import make_constants_value_source
from schemathesis.specs.openapi.checks import is_unexpected_http_status_case

from verify_harness import strategies
from verify_harness.contract.context import current
from verify_harness.errors import SpecError
from verify_harness.exchange import Exchange, Purpose, Request
from verify_harness.model.field_rules import declared
from verify_harness.spec import Operation, Spec, contract, judge
from verify_harness.spec.formats import FORMATS
from verify_harness.spec.schemas import compile_schema

AnyCase: TypeAlias = Case[Any]
"""A generated request."""

BROKEN_BY: Mapping[type[Failure], tuple[str, str]] = {
    AcceptedNegativeData: ("VFY-SPEC-005", "a request that breaks the schema was accepted"),
    RejectedPositiveData: ("VFY-SPEC-006", "a request that keeps the schema was refused"),
    UnsupportedMethodResponse: ("VFY-HTTP-003", "a method without an operation was not refused"),
}
"""Which requirement each kind of schemathesis failure breaks, and in which words we say so."""

CHECKS = (
    "negative_data_rejection",
    "positive_data_acceptance",
    "unsupported_method",
)
"""The checks that relate an answer to how its request was made; what the answer itself has to be is
judged by `spec.judge`. Checks that send requests of their own, past our client and its guard, are
left out: `not_a_server_error` repeats a request whose media type it made up.
"""

REFUSALS: Mapping[str, tuple[str, ...]] = {"VerifyVerificationCodeById": ("400", "422")}
"""Operations that may refuse what their schema allows: a check by id wants a code or a status, and
a status only for the caller's own code (facts.md#caller-verdict)."""

KNOWN_METHODS = frozenset(
    {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"}
)
"""The methods of RFC 9110 §9.3 and RFC 5789; any other may be answered 501 (RFC 9110 §9.1)."""

_OWN_HEADERS = frozenset({"content-type", "accept"})


@cache
def _formats() -> None:
    """Register our formats with schemathesis, once in a process."""
    schemathesis.openapi.format("e164", strategies.e164_numbers())
    schemathesis.openapi.format("verification-code", strategies.codes())
    schemathesis.openapi.format("dtmf-digits", strategies.dtmf_digits())


def each_case(operation: Operation, spec: Spec, judge_case: Callable[[AnyCase], None]) -> None:
    """Call a function with each generated case of an operation: examples, coverage, fuzzing data.

    The cases are built when the operation's turn comes: those of all operations take seconds, which
    every process would spend before its first check.

    Raises SpecError for a definition that cannot be used, and what the function raises.
    """
    environment = current().environment
    schema, operations = _schema(spec, environment.run_seed, environment.max_examples)
    label = f"{operation.method.upper()} {operation.path}"
    if label not in operations:
        raise SpecError(f"{label}: no requests can be generated for this operation.")

    def judged_case(case: AnyCase) -> None:
        judge_case(case)

    build_operation_test(
        config=schema.config,
        operation=operations[label],
        test_func=judged_case,
        given_kwargs={},
        feedback=FeedbackSources(constants_value_source=make_constants_value_source(schema)),
    )()


@cache
def _schema(spec: Spec, seed: int, max_examples: int) -> tuple[Any, Mapping[str, Any]]:
    """A document as schemathesis reads it, with its usable operations by method and path."""
    _formats()
    config = _config(seed, max_examples)
    schema = schemathesis.openapi.from_dict(dict(spec.document), config=config)
    usable = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    return schema, {each.label: each for each in usable}


def _config(seed: int, max_examples: int) -> SchemathesisConfig:
    """Everything that is random or learns from answers is off."""
    return SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "base-url": "http://target.invalid",  # cases are sent by our own client
            "warnings": False,
            "generation": {
                "mode": "all",
                "database": "none",
                "max-examples": max_examples,
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


def send(case: AnyCase, operation_id: str, authorization: str) -> Exchange:
    """Send a case with our key and without the headers that schemathesis adds."""
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
    return current().send(request, operation_id, Purpose.GENERATED)


def _content(parts: Mapping[str, Any]) -> bytes | None:
    if "json" in parts:
        return json.dumps(parts["json"]).encode()
    data = parts.get("data")
    return data.encode() if isinstance(data, str) else data


def broken(case: AnyCase, exchange: Exchange, operation: Operation) -> list[tuple[str, str]]:
    """The requirements that the exchange breaks, each with a message.

    A body that was generated as invalid but is valid may be accepted: schemathesis does not know
    our formats, and may use null where null is allowed. A valid request outside of our chosen
    bounds may be refused: the documents do not specify many bounds. So may one with a field that
    nobody declared (facts.md#unknown-fields).
    """
    if exchange.status == HTTPStatus.NOT_IMPLEMENTED and not _is_known(exchange.request.method):
        return []
    excused: set[type[Failure]] = set()
    if not _keeps_chosen_bounds(case, operation) or _has_undeclared(case, operation):
        excused.add(RejectedPositiveData)
    if _body_is_right_after_all(case, operation):
        excused.add(AcceptedNegativeData)
    kinds = [kind for kind in _failures(case, exchange) if kind not in excused]
    named = [(BROKEN_BY[kind][0], f"{BROKEN_BY[kind][1]}: {exchange.status}") for kind in kinds]
    if exchange.status >= 500:
        named.append(
            ("VFY-SPEC-004", f"a generated request made the service fail: {exchange.status}")
        )
    return named if is_unexpected_http_status_case(case) else named + judged(exchange, operation)


def judged(exchange: Exchange, operation: Operation) -> list[tuple[str, str]]:
    """What the answer breaks of its operation's documentation: requirement ids and sentences."""
    answer = exchange.response
    assert answer is not None  # noqa: S101 - `send` raised otherwise
    violations = judge(operation, answer.status, answer.headers, answer.body)
    return [(each.requirement, str(each)) for each in violations]


def _is_known(method: str) -> bool:
    return method.upper() in KNOWN_METHODS


def _body_is_right_after_all(case: AnyCase, operation: Operation) -> bool:
    parts = case.meta.components if case.meta else {}
    wrong = [place for place, part in parts.items() if part.mode.is_negative]
    if wrong != [ParameterLocation.BODY] or not isinstance(case.body, dict):
        return False
    return bool(_validator(operation).is_valid(case.body))


def _has_undeclared(case: AnyCase, operation: Operation) -> bool:
    body = case.body
    return isinstance(body, dict) and declared(operation.operation_id, body) != body


def _keeps_chosen_bounds(case: AnyCase, operation: Operation) -> bool:
    """Whether a request is also within the bounds that we chose."""
    bounded = _bounded().get(operation.operation_id)
    if bounded is None:
        return True
    if isinstance(case.body, dict) and not _validator(bounded).is_valid(case.body):
        return False
    given = {"query": case.query or {}, "path": case.path_parameters or {}}
    return all(
        validator.is_valid(given[location][name])
        for (location, name), validator in _parameter_validators(bounded).items()
        if name in given.get(location, {})
    )


@cache
def _bounded() -> Mapping[str, Operation]:
    """Our own operations with the bounds of our choice, by id."""
    spec = contract(None, chosen=True)
    return {operation.operation_id: operation for operation in spec.operations}


@cache
def _validator(operation: Operation) -> Any:
    return compile_schema(operation.request_schema or {}, FORMATS)


@cache
def _parameter_validators(operation: Operation) -> Mapping[tuple[str, str], Any]:
    """By location and name."""
    return {
        (each.location, each.name): compile_schema(each.schema, FORMATS)
        for each in operation.parameters
    }


def _failures(case: AnyCase, exchange: Exchange) -> list[type[Failure]]:
    """The kinds of failure that schemathesis sees; raises StopIteration for one nobody mapped."""
    try:
        case.validate_response(_as_httpx(exchange), checks=_checks())
    except FailureGroup as group:
        failures = group.exceptions
        return [next(kind for kind in BROKEN_BY if isinstance(each, kind)) for each in failures]
    return []


@cache
def _checks() -> list[Any]:
    schemathesis.checks.load_all_checks()
    return schemathesis.checks.CHECKS.get_by_names(list(CHECKS))


def _as_httpx(exchange: Exchange) -> httpx.Response:
    """The response as schemathesis validates it."""
    assert exchange.response is not None  # noqa: S101 - `send` raised otherwise
    headers = [
        (name, value)
        for name, value in exchange.response.headers
        if name.lower() not in {"content-encoding", "content-length", "transfer-encoding"}
    ]
    request = httpx.Request(exchange.request.method, exchange.request.url)
    answer = httpx.Response(
        exchange.status, headers=headers, content=exchange.response.body, request=request
    )
    answer.elapsed = timedelta(milliseconds=exchange.elapsed_ms)
    return answer
