"""Times in answers: their form, their order, and how they move."""

import re
from datetime import UTC, datetime
from typing import Any

from verify_harness.model.calls import Answer
from verify_harness.model.judgement import Judgement

_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?")
_CLOCKS_AGREE_WITHIN_SECS = 600
"""No time zone is nearer to UTC than a quarter of an hour."""


def seconds(text: Any) -> float | None:
    """A time as Unix seconds; None where it has not the documented form (facts.md#timestamps)."""
    if not isinstance(text, str) or not _FORM.fullmatch(text):
        return None
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def judge_form(judgement: Judgement, data: dict[str, Any]) -> bool:
    """Whether both times have the documented form."""
    return all(
        judgement.holds(
            "VFY-SPEC-002",
            name,
            data.get(name),
            "a time such as 2020-09-14T17:03:32.965812",
            is_fine=seconds(data.get(name)) is not None,
        )
        for name in ("created_at", "updated_at")
    )


def judge_new(judgement: Judgement, data: dict[str, Any], answer: Answer, requirement: str) -> None:
    """The times of a new object: now, in UTC, and in order."""
    if not judge_form(judgement, data):
        return
    created, updated = seconds(data["created_at"]), seconds(data["updated_at"])
    if created is None or updated is None:
        return
    judgement.holds(
        requirement,
        "updated_at",
        data["updated_at"],
        f"not before created_at {data['created_at']}",
        is_fine=updated >= created,
    )
    if judgement.settings.is_closed:
        is_now = abs(created - answer.received_at) < _CLOCKS_AGREE_WITHIN_SECS
        judgement.holds(
            requirement, "created_at", data["created_at"], "now, in UTC", is_fine=is_now
        )


def judge_moved(
    judgement: Judgement, requirement: str, before: Any, after: Any, *, must: bool
) -> None:
    """`updated_at` after a change: later than before where it must move, never earlier."""
    old, new = seconds(before), seconds(after)
    if old is None or new is None:
        return
    wanted = f"{'after' if must else 'not before'} {before}"
    is_fine = new > old if must else new >= old
    judgement.holds(requirement, "updated_at", after, wanted, is_fine=is_fine)
