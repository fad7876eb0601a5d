"""What an operation gets to work with."""

import logging
from dataclasses import dataclass
from typing import Any

from verify_harness.sandbox.error_envelope import Problem, Refusal, refuse
from verify_harness.sandbox.exchange import Request
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store
from verify_harness.sandbox.tenants import Tenant
from verify_harness.sandbox.validation import Field, problems_in, undeclared

_log = logging.getLogger(__name__)
_SHOWN = 100
"""How much of a name the log shows."""
_MOST_NAMES = 20
"""A fuzzer invents thousands."""


@dataclass(slots=True)
class Call:
    """One authorised request: who asks, what for, when."""

    tenant: Tenant
    request: Request
    variable: str
    """The path's variable segment in clear, "" if there is none."""
    body: Any
    now: float
    own_rules: Rules | None = None
    """What this one request goes by instead of the tenant's rules."""

    @property
    def rules(self) -> Rules:
        """The rules that this request goes by."""
        return self.tenant.rules if self.own_rules is None else self.own_rules

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
        kept = self.rules.declared(self.body, fields)
        if _members(kept) < _members(self.body):
            self._tell_undeclared(kind, fields)
        return kept

    def _tell_undeclared(self, kind: str, fields: tuple[Field, ...]) -> None:
        """Name the fields that nobody declared, in the log or in a refusal (D23)."""
        names = tuple(undeclared(self.body, fields))
        if names and self.rules.refuses_undeclared:
            detail = "The API has no such field."
            raise self.invalid(*(Problem("10015", detail, pointer=name) for name in names))
        for name in names:
            _log_once(kind, name)

    def invalid(self, *problems: Problem) -> Refusal:
        """A refusal of a request that breaks the schema (facts.md#c2)."""
        return Refusal(self.rules.invalid_status, problems)


def _members(body: dict[str, Any]) -> int:
    """How many members a body has, with those of its objects."""
    return sum(1 + (_members(value) if type(value) is dict else 0) for value in body.values())


_told: set[tuple[str, str]] = set()


def _log_once(kind: str, name: str) -> None:
    """Name a field once in the life of the process, and no more of them than a person reads."""
    if (kind, name) in _told or len(_told) >= _MOST_NAMES:
        return
    _told.add((kind, name))
    _log.info("%s: the API has no field %s, which is ignored", kind, ascii(name)[:_SHOWN])
    if len(_told) == _MOST_NAMES:
        _log.info("further fields that the API does not have are ignored without a word")


def bad_request(detail: str, pointer: str) -> Refusal:
    """A well-formed request that cannot be served as things are (facts.md#error-codes)."""
    return refuse(400, "10015", detail, pointer=pointer)
