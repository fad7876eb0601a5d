"""Faults of error answers."""

from dataclasses import replace
from typing import Any

from verify_harness.sandbox.error_envelope import Problem
from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.wire import Wire


@fault(
    "error-without-envelope",
    breaks="VFY-ERR-001",
    harm="Clients that read the documented errors show an empty message.",
)
def error_without_envelope(wire: Wire) -> Wire:
    def envelope(problems: tuple[Problem, ...]) -> Any:
        return {"message": problems[0].detail}

    return replace(wire, envelope=envelope)


@fault(
    "error-without-code",
    breaks="VFY-ERR-001",
    harm="Clients cannot tell one refusal from another.",
)
def error_without_code(wire: Wire) -> Wire:
    def envelope(problems: tuple[Problem, ...]) -> Any:
        entries = wire.envelope(problems)["errors"]
        return {"errors": [{**entry, "code": ""} for entry in entries]}

    return replace(wire, envelope=envelope)


def _saying(wire: Wire, detail: str) -> Wire:
    def envelope(problems: tuple[Problem, ...]) -> Any:
        entries = wire.envelope(problems)["errors"]
        return {"errors": [{**entry, "detail": detail} for entry in entries]}

    return replace(wire, envelope=envelope)


@fault(
    "stack-trace-in-errors",
    breaks="VFY-ERR-002",
    harm="Every visitor learns how the service is built and where it broke.",
)
def stack_trace_in_errors(wire: Wire) -> Wire:
    trace = 'Traceback (most recent call last):\n  File "/srv/verify/api.py", line 12, in post'
    return _saying(wire, trace)


@fault(
    "sql-in-errors",
    breaks="VFY-ERR-002",
    harm="Whoever tries an injection sees the statement it has to fit into.",
)
def sql_in_errors(wire: Wire) -> Wire:
    return _saying(wire, "no rows: SELECT id, code FROM verifications WHERE id = $1")


@fault(
    "internal-address-in-errors",
    breaks="VFY-ERR-002",
    harm="The map of the inner network is handed out one error at a time.",
)
def internal_address_in_errors(wire: Wire) -> Wire:
    return _saying(wire, "upstream 10.0.3.17:5432 refused")


def _recoded(wire: Wire, codes: dict[str, str]) -> Wire:
    def envelope(problems: tuple[Problem, ...]) -> Any:
        return wire.envelope(
            tuple(replace(each, code=codes.get(each.code, each.code)) for each in problems)
        )

    return replace(wire, envelope=envelope)


@fault(
    "unknown-object-is-a-bad-request",
    breaks="VFY-ERR-003",
    harm="Clients report a bug in themselves where an object is gone.",
)
def unknown_object_is_a_bad_request(wire: Wire) -> Wire:
    return _recoded(wire, {"10005": "10015"})


@fault(
    "bad-key-is-too-many-requests",
    breaks="VFY-ERR-003",
    harm="Clients with a wrong key try again for ever.",
)
def bad_key_is_too_many_requests(wire: Wire) -> Wire:
    return _recoded(wire, {"10009": "10011"})


@fault(
    "errors-do-not-name-the-field",
    breaks="VFY-ERR-004",
    harm="A form cannot show its user which field to mend.",
)
def errors_do_not_name_the_field(wire: Wire) -> Wire:
    def envelope(problems: tuple[Problem, ...]) -> Any:
        return wire.envelope(tuple(replace(each, pointer=None) for each in problems))

    return replace(wire, envelope=envelope)
