"""Faults of plain HTTP."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.problems import Refusal
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.wire import Wire


@fault(
    "broken-json-is-empty",
    breaks="VFY-HTTP-001",
    harm="A request cut in half on its way changes nothing and says 200.",
)
def broken_json_is_empty(rules: Rules) -> Rules:
    def decode_json(body: bytes) -> Any:
        try:
            return rules.decode_json(body)
        except Refusal:
            return {}

    return replace(rules, decode_json=decode_json)


@fault(
    "any-content-type",
    breaks="VFY-HTTP-002",
    harm="A form on a foreign web page can send messages in the name of its visitor.",
)
def any_content_type(rules: Rules) -> Rules:
    def is_json(_content_types: Sequence[str]) -> bool:
        return True

    return replace(rules, is_json=is_json)


@fault(
    "undeclared-method-is-404",
    breaks="VFY-HTTP-003",
    harm="A developer who used the wrong method searches for a missing path.",
)
def undeclared_method_is_404(rules: Rules) -> Rules:
    return replace(rules, undeclared_method_status=404)


@fault(
    "methods-not-named",
    breaks="VFY-HTTP-003",
    harm="A client cannot learn which methods there are.",
)
def methods_not_named(wire: Wire) -> Wire:
    return replace(wire, names_methods=False)
