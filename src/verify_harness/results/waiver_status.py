"""Waivers applied: which failures are tolerated, and which waivers have become stale."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from verify_harness.results.model import JudgedRequirement, JudgedWaiver
from verify_harness.waivers import RecordedWaiver

_BROKEN = ("fail", "warn")


def apply(
    fields: Sequence[RecordedWaiver], requirements: tuple[JudgedRequirement, ...]
) -> tuple[tuple[JudgedRequirement, ...], tuple[JudgedWaiver, ...]]:
    """The requirements with open waivers applied, and what became of each waiver.

    A waiver about a requirement that this run did not judge is left out.
    """
    judged = {item.id: item for item in requirements}
    waivers = tuple(
        _waiver(field, judged) for field in fields if field.state == "unknown" or field.id in judged
    )
    used = {waiver.id: waiver for waiver in waivers if waiver.status == "used"}
    return tuple(_waived(item, used) for item in requirements), waivers


def _waived(item: JudgedRequirement, used: Mapping[str, JudgedWaiver]) -> JudgedRequirement:
    waiver = used.get(item.id)
    if waiver is None:
        return item
    told = f"waived until {waiver.expires} by {waiver.owner}: {waiver.reason} ({waiver.link})"
    return msgspec.structs.replace(item, status="waived", reason=told)


def _waiver(field: RecordedWaiver, judged: Mapping[str, JudgedRequirement]) -> JudgedWaiver:
    values = msgspec.structs.asdict(field)
    del values["state"]
    return JudgedWaiver(**values, status=_status(field, judged))


def _status(
    field: RecordedWaiver, judged: Mapping[str, JudgedRequirement]
) -> Literal["used", "unneeded", "expired", "unknown"]:
    if field.state == "unknown":
        return "unknown"
    if field.state == "expired":
        return "expired"
    return "used" if judged[field.id].status in _BROKEN else "unneeded"
