"""The life of a verification: what a read shows, and what checks and verdicts do to it."""

import copy
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from verify_harness.model import timestamps
from verify_harness.model.accounts import Account, Verification
from verify_harness.model.calls import Answer, Call
from verify_harness.model.envelopes import members, must_be_unknown, must_succeed
from verify_harness.model.judgement import ABSENT, Judgement

MAX_ATTEMPTS = 5
"""Wrong codes that end a verification (facts.md#five-attempts)."""

STATUS_OF: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "pending": frozenset({"pending"}),
        "accepted": frozenset({"accepted"}),
        "invalid": frozenset({"invalid"}),
        "expired": frozenset({"expired"}),
        "ended": frozenset({"expired", "invalid", "error"}),
    }
)
_STEPS_APART_SECS = 2.0


def statuses(verification: Verification, answer: Answer) -> frozenset[str]:
    """The statuses that a verification may read at the moment of an answer."""
    if verification.status != "pending":
        return STATUS_OF[verification.status]
    lateness = verification.lateness(answer.sent_at, answer.received_at)
    by_time = {"early": {"pending"}, "late": {"expired"}, "unclear": {"pending", "expired"}}
    return frozenset(by_time[lateness])


def about_status(verification: Verification, answer: Answer) -> str:
    """The requirement behind the status."""
    if verification.status != "pending":
        return verification.ended_by
    if verification.lateness(answer.sent_at, answer.received_at) != "early":
        return "VFY-LIFE-003"
    return "VFY-LIFE-004" if verification.failed_attempts else verification.last_read


def judge_shown(
    judgement: Judgement,
    verification: Verification,
    data: Mapping[str, Any],
    answer: Answer,
    requirement: str,
) -> None:
    """A verification as it reads now; `requirement` stands for its unchanging members."""
    acceptable = statuses(verification, answer)
    about = about_status(verification, answer)
    judgement.among(about, "status", data.get("status", ABSENT), sorted(acceptable))
    for name in sorted({*verification.shown, *data} - {"status", "updated_at"}):
        wanted = verification.shown.get(name, ABSENT)
        judgement.equal(requirement, name, data.get(name, ABSENT), wanted)
    _judge_moves(judgement, verification, data, answer)
    if not judgement.divergences:
        verification.shown = copy.deepcopy({k: v for k, v in data.items() if k != "status"})
        verification.may_move = verification.must_move = False
        if data.get("status") == "expired" and verification.status == "pending":
            verification.end("expired", "VFY-LIFE-003", answer)
        verification.last_read = "VFY-LIFE-008"


def _judge_moves(
    judgement: Judgement, verification: Verification, data: Mapping[str, Any], answer: Answer
) -> None:
    """`updated_at` moves when something happened, and then forward only."""
    before, after = verification.shown.get("updated_at"), data.get("updated_at")
    is_late = verification.lateness(answer.sent_at, answer.received_at) != "early"
    if not verification.may_move and not (is_late and verification.status == "pending"):
        judgement.equal("VFY-LIFE-008", "updated_at", after, before)
        return
    began = verification.began_before
    must = verification.must_move and verification.ended_after > began + _STEPS_APART_SECS
    timestamps.judge_moved(judgement, "VFY-LIFE-012", before, after, must=must)


def judge_read(
    judgement: Judgement, account: Account, neighbour: Account, call: Call, answer: Answer
) -> None:
    """GET of one verification."""
    verification = account.verifications.get(call.variable)
    if verification is not None:
        if must_succeed(judgement, answer, "VFY-SPEC-007"):
            about = "VFY-TRIG-001" if verification.last_read == "VFY-LIFE-001" else "VFY-LIFE-012"
            judge_shown(judgement, verification, members(answer), answer, about)
        return
    if call.variable in neighbour.verifications:
        known = account.answers_to_unknown.get(call.operation)
        must_be_unknown(judgement, answer, "VFY-ISO-001", known)
    elif said := must_be_unknown(judgement, answer, "VFY-ERR-003", None):
        account.answers_to_unknown[call.operation] = said
