"""Number lookup, held against the numbering plan (facts.md#lookup-members)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import phonenumbers

from verify_harness import phone_numbers
from verify_harness.model.calls import Answer, Call
from verify_harness.model.envelopes import members, must_refuse, must_succeed
from verify_harness.model.judgement import Judgement

PARTS: Mapping[str, str] = MappingProxyType({"carrier": "carrier", "caller-name": "caller_name"})
"""The member that each type fills."""
_CANNOT_BE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "fixed line": frozenset({"mobile", "toll free", "premium rate", "pager"}),
        "mobile": frozenset({"fixed line", "toll free", "premium rate", "uan"}),
        "toll free": frozenset({"fixed line", "mobile", "premium rate", "pager"}),
    }
)
"""By what a range is kept for, kinds of line that no number of it has."""


def judge_lookup(judgement: Judgement, call: Call, answer: Answer) -> None:
    """One lookup of a reserved number, or of what is no number."""
    number = call.variable
    if not phone_numbers.E164.fullmatch(number):
        must_refuse(judgement, answer, "VFY-LOOK-002", statuses=(400, 404, 422))
        return
    country = phone_numbers.country_of(number)
    if country is None or (answer.status == 422 and not judgement.settings.is_documented):
        return
    if not must_succeed(judgement, answer, "VFY-SPEC-007"):
        return
    data = members(answer)
    judgement.equal("VFY-LOOK-001", "phone_number", data.get("phone_number"), number)
    judgement.equal("VFY-LOOK-001", "country_code", data.get("country_code"), country)
    judgement.equal("VFY-LOOK-003", "record_type", data.get("record_type"), "number_lookup")
    _judge_parts(judgement, call, data)
    _judge_plan(judgement, number, data)


def _judge_parts(judgement: Judgement, call: Call, data: Mapping[str, Any]) -> None:
    asked = {part for name, value in call.query if name == "type" for part in value.split(",")}
    for name, member in PARTS.items():
        about = "VFY-LOOK-004" if name in asked else "VFY-LOOK-003"
        wanted = "given" if name in asked else "null or absent"
        is_fine = bool(data.get(member)) == (name in asked)
        judgement.holds(about, member, data.get(member), wanted, is_fine=is_fine)


def _judge_plan(judgement: Judgement, number: str, data: Mapping[str, Any]) -> None:
    national = data.get("national_format")
    if national is not None:
        is_fine = isinstance(national, str) and _is_national(national, number)
        wanted = "the national number, with or without its trunk prefix"
        judgement.holds("VFY-LOOK-005", "national_format", national, wanted, is_fine=is_fine)
    area = phone_numbers.range_of(number)
    for member, name in (("carrier", "type"), ("portability", "line_type")):
        part = data.get(member)
        told = part.get(name) if isinstance(part, dict) else None
        is_fine = area is None or told not in _CANNOT_BE.get(area.kind, ())
        wanted = f"what a {area.kind if area else 'reserved'} number can be"
        judgement.holds("VFY-LOOK-005", f"{member}.{name}", told, wanted, is_fine=is_fine)


def _is_national(told: str, number: str) -> bool:
    parsed = phonenumbers.parse(number)
    digits = "".join(filter(str.isdecimal, told))
    national = phonenumbers.national_significant_number(parsed)
    prefixes = ("", "1", "0") if parsed.country_code == 1 else ("", "0")
    return not told.startswith("+") and digits in {f"{each}{national}" for each in prefixes}
