"""Waivers applied: which failures are tolerated, and which waivers have become stale."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from verify_harness.report.lines import WaiverField
from verify_harness.report.model import Requirement, Waiver

_BROKEN = ("fail", "warn")


def apply(
    fields: Sequence[WaiverField], requirements: tuple[Requirement, ...]
) -> tuple[tuple[Requirement, ...], tuple[Waiver, ...]]:
    """The requirements with open waivers applied, and what became of each waiver.

    A waiver about a requirement that this run did not judge is left out.
    """
    judged = {item.id: item for item in requirements}
    waivers = tuple(
        _waiver(field, judged) for field in fields if field.state == "unknown" or field.id in judged
    )
    used = {waiver.id: waiver for waiver in waivers if waiver.status == "used"}
    return tuple(_waived(item, used) for item in requirements), waivers


def _waived(item: Requirement, used: Mapping[str, Waiver]) -> Requirement:
    waiver = used.get(item.id)
    if waiver is None:
        return item
    told = f"waived until {waiver.expires} by {waiver.owner}: {waiver.reason} ({waiver.link})"
    return replace(item, status="waived", reason=told)


def _waiver(field: WaiverField, judged: Mapping[str, Requirement]) -> Waiver:
    return Waiver(
        id=field.id,
        target=field.target,
        reason=field.reason,
        link=field.link,
        owner=field.owner,
        expires=field.expires,
        status=_status(field, judged),
    )


def _status(
    field: WaiverField, judged: Mapping[str, Requirement]
) -> Literal["used", "unneeded", "expired", "unknown"]:
    if field.state == "unknown":
        return "unknown"
    if field.state == "expired":
        return "expired"
    return "used" if judged[field.id].status in _BROKEN else "unneeded"
