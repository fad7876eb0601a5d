"""Faults of error answers."""

from dataclasses import replace
from typing import Any

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.problems import Problem
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
