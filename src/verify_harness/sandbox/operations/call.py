"""What an operation gets to work with."""

from dataclasses import dataclass
from typing import Any

from verify_harness.sandbox.exchange import Request
from verify_harness.sandbox.problems import Problem, Refusal, refuse
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store
from verify_harness.sandbox.tenants import Tenant
from verify_harness.sandbox.validation import problems_in


@dataclass(slots=True)
class Call:
    """One authorised request: who asks, what for, when."""

    tenant: Tenant
    request: Request
    variable: str
    """The path's variable segment in clear, "" if there is none."""
    body: Any
    now: float

    @property
    def rules(self) -> Rules:
        """The tenant's rules."""
        return self.tenant.rules

    @property
    def store(self) -> Store:
        """The tenant's data."""
        return self.tenant.store

    def fields(self, kind: str) -> dict[str, Any]:
        """The body's declared fields; a Refusal naming each one that is wrong."""
        if type(self.body) is not dict:
            raise self.invalid(Problem("10026", "The body must be an object.", pointer=""))
        fields = self.rules.fields[kind]
        if problems := tuple(problems_in(self.body, fields)):
            raise self.invalid(*problems)
        return self.rules.declared(self.body, fields)

    def invalid(self, *problems: Problem) -> Refusal:
        """A refusal of a request that breaks the schema (facts.md#c2)."""
        return Refusal(self.rules.invalid_status, problems)


def bad_request(detail: str, pointer: str) -> Refusal:
    """A well-formed request that cannot be served as things are (facts.md#error-codes)."""
    return refuse(400, "10015", detail, pointer=pointer)
