"""Faults of number lookup."""

from dataclasses import replace
from typing import Any

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.rules import Rules


@fault(
    "lookup-is-always-american",
    breaks="VFY-LOOK-001",
    harm="Messages abroad are priced and routed as if they were at home.",
)
def lookup_is_always_american(rules: Rules) -> Rules:
    def look_up(number: str, country: str, wanted: frozenset[str]) -> dict[str, Any]:
        return {**rules.look_up(number, country, wanted), "country_code": "US"}

    return replace(rules, look_up=look_up)


@fault(
    "lookup-drops-the-plus",
    breaks="VFY-LOOK-001",
    harm="A number stored from a lookup cannot be called.",
)
def lookup_drops_the_plus(rules: Rules) -> Rules:
    def look_up(number: str, country: str, wanted: frozenset[str]) -> dict[str, Any]:
        return {**rules.look_up(number, country, wanted), "phone_number": number[1:]}

    return replace(rules, look_up=look_up)


@fault(
    "unparsable-number-looked-up",
    breaks="VFY-LOOK-002",
    harm="Nonsense passes for a telephone number.",
)
def unparsable_number_looked_up(rules: Rules) -> Rules:
    def unparsable(number: str) -> dict[str, Any]:
        return {"record_type": "number_lookup", "phone_number": number, "valid_number": False}

    return replace(rules, unparsable=unparsable)
