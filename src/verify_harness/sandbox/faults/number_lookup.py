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


@fault(
    "lookup-always-gives-the-carrier",
    breaks="VFY-LOOK-003",
    harm="Every lookup is billed with the carrier that nobody asked for.",
)
def lookup_always_gives_the_carrier(rules: Rules) -> Rules:
    def look_up(number: str, country: str, wanted: frozenset[str]) -> dict[str, Any]:
        return rules.look_up(number, country, wanted | {"carrier"})

    return replace(rules, look_up=look_up)


@fault(
    "lookup-gives-no-caller-name",
    breaks="VFY-LOOK-004",
    harm="What was asked and paid for is not in the answer.",
)
def lookup_gives_no_caller_name(rules: Rules) -> Rules:
    def look_up(number: str, country: str, wanted: frozenset[str]) -> dict[str, Any]:
        return rules.look_up(number, country, wanted - {"caller-name"})

    return replace(rules, look_up=look_up)


@fault(
    "lookup-gives-one-type-of-several",
    breaks="VFY-LOOK-004",
    harm="A client that asks for two data sets at once gets one.",
)
def lookup_gives_one_type_of_several(rules: Rules) -> Rules:
    def look_up(number: str, country: str, wanted: frozenset[str]) -> dict[str, Any]:
        return rules.look_up(number, country, frozenset(sorted(wanted)[:1]))

    return replace(rules, look_up=look_up)
