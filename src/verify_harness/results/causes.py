"""Which broken requirements probably have one cause: one kind of request, answered in one way."""

import re
from collections.abc import Sequence

import msgspec

from verify_harness.results import in_brief
from verify_harness.results.model import JudgedRequirement, NumberedFinding, Step

_CODE = re.compile(r"code-\d+")
_WAYS = ("ByPhoneNumber", "ById")
"""Ends of operation ids that stand for the same thing done in another way."""


class Cause(msgspec.Struct, frozen=True):
    """Broken requirements whose first findings are alike; the first is the one to look at."""

    told: str
    requirements: tuple[JudgedRequirement, ...]

    @property
    def first(self) -> JudgedRequirement:
        """The requirement that says it best: the one with the most findings."""
        return self.requirements[0]


def causes(broken: Sequence[JudgedRequirement]) -> tuple[Cause, ...]:
    """The broken requirements in groups, the most severe and the largest first."""
    groups: dict[tuple[str, ...], list[JudgedRequirement]] = {}
    for item in broken:
        groups.setdefault(_key(item), []).append(item)
    found = [_cause(members) for members in groups.values()]
    return tuple(sorted(found, key=_urgency))


def _key(item: JudgedRequirement) -> tuple[str, ...]:
    finding = item.findings[0] if item.findings else None
    if item.status != "fail" or finding is None or finding.exchange is None:
        return (item.id,)
    return (item.status, _operation(finding), _answered(finding), *_circumstances(finding))


def _operation(finding: NumberedFinding) -> str:
    name = finding.exchange.operation_id if finding.exchange else None
    for way in _WAYS:
        name = (name or "").removesuffix(way)
    return name or ""


def _answered(finding: NumberedFinding) -> str:
    """The answer without what differs from object to object."""
    shown = finding.exchange
    told = in_brief.answer(shown.response, shown.failure) if shown else ""
    return "".join(character for character in told if not character.isdigit())


def _circumstances(finding: NumberedFinding) -> tuple[str, ...]:
    """What sets one way to an answer apart: time passed, another code, a code used before."""
    last = finding.steps[-1] if finding.steps else None
    if last is None:
        return ()
    used = set(_CODE.findall(last.done))
    before = finding.steps[:-1]
    found = {
        "later": any(step.advance_secs for step in before),
        "another code": not used.isdisjoint(finding.codes),
        "used before": any(_accepts(step, used) for step in before),
    }
    return tuple(name for name, holds in found.items() if holds)


def _accepts(step: Step, codes: set[str]) -> bool:
    return "accepted" in (step.answer or "") and not codes.isdisjoint(_CODE.findall(step.done))


def _cause(members: list[JudgedRequirement]) -> Cause:
    members.sort(key=lambda item: (item.basis != "security", -len(item.findings)))
    finding = members[0].findings[0] if members[0].findings else None
    told = finding.sentence if finding else members[0].reason or members[0].title
    return Cause(told, tuple(members))


def _urgency(cause: Cause) -> tuple[int, bool, int]:
    order = ("fail", "error", "flaky", "warn")
    is_security = any(item.basis == "security" for item in cause.requirements)
    return order.index(cause.first.status), not is_security, -len(cause.requirements)
