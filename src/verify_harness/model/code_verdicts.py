"""Checks by id and by number: which codes are accepted, and what a verdict of the caller's does."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from verify_harness.model.accounts import Account, Verification
from verify_harness.model.calls import Answer, Call
from verify_harness.model.envelopes import (
    INVALID,
    members,
    must_be_unknown,
    must_refuse,
    must_succeed,
    told,
)
from verify_harness.model.field_rules import is_id
from verify_harness.model.judgement import Judgement
from verify_harness.model.verification_life import MAX_ATTEMPTS

REFUSING = ("rejected", "expired", "max_attempts_exceeded")
"""What may stand for "not verified" (conflicts C3 and C26)."""
_CLOSED_BECAUSE: Mapping[str, str] = MappingProxyType(
    {
        "accepted": "VFY-CODE-004",
        "expired": "VFY-CODE-005",
        "invalid": "VFY-CODE-006",
    }
)


def response_code(answer: Answer) -> Any:
    """What the answer says about the code; None where it says nothing."""
    return members(answer).get("response_code")


def judge_by_id(
    judgement: Judgement, account: Account, neighbour: Account, call: Call, answer: Answer
) -> None:
    """A check by id: of a code, or a verdict of the caller's own."""
    verification = account.verifications.get(call.variable)
    if verification is None:
        _judge_missing(judgement, account, neighbour, call, answer)
        return
    code, verdict = call.fields.get("code"), call.fields.get("status")
    if len(call.fields.keys() & {"code", "status"}) != 1:
        must_refuse(judgement, answer, "VFY-LIFE-011", statuses=INVALID)
    elif "code" in call.fields:
        _judge_code(judgement, account, verification, code, answer)
    elif verdict not in {"accepted", "rejected"}:
        must_refuse(judgement, answer, "VFY-SPEC-005", statuses=INVALID)
    else:
        _judge_outcome(judgement, verification, str(verdict), answer)


def _judge_missing(
    judgement: Judgement, account: Account, neighbour: Account, call: Call, answer: Answer
) -> None:
    if call.variable in neighbour.verifications:
        known = account.answers_to_unknown.get(call.operation)
        must_be_unknown(judgement, answer, "VFY-ISO-002", known)
    elif said := must_be_unknown(judgement, answer, "VFY-ERR-003", None):
        account.answers_to_unknown[call.operation] = said


def judge_by_number(
    judgement: Judgement, account: Account, neighbour: Account, call: Call, answer: Answer
) -> None:
    """A check by number: it means the newest pending verification of that number and profile."""
    profile_id, code = call.fields.get("verify_profile_id"), call.fields.get("code")
    if "code" not in call.fields or not is_id(profile_id):
        about = "VFY-CODE-018" if "code" in call.fields else "VFY-CODE-002"
        must_refuse(judgement, answer, about, statuses=(*INVALID, 404))
        return
    found = account.of_number(call.variable, profile_id)
    is_open = [each for each in found if _is_open(each, answer)]
    if not call.is_plain and not answer.succeeded:
        return
    if found and not account.profile(profile_id):
        _must_not_open(judgement, "VFY-PROF-008", answer)
    elif found:
        judged = is_open[-1] if is_open else found[-1]
        _judge_code(judgement, account, judged, code, answer)
    elif account.of_number(call.variable):
        _must_not_open(judgement, "VFY-CODE-018", answer)
    else:
        _judge_unknown_number(judgement, account, neighbour, call, answer)


def _judge_unknown_number(
    judgement: Judgement, account: Account, neighbour: Account, call: Call, answer: Answer
) -> None:
    is_foreign = bool(neighbour.of_number(call.variable))
    is_own = bool(account.profile(call.fields.get("verify_profile_id")))
    about = "VFY-ISO-002" if is_foreign else "VFY-CODE-010" if call.is_plain else "VFY-NUM-004"
    _must_not_open(judgement, about, answer)
    if not is_own or not call.is_plain:
        return
    said = (answer.status, tuple(answer.error_codes))
    if not is_foreign:
        account.answers_to_unknown[call.operation] = said
    elif known := account.answers_to_unknown.get(call.operation):
        judgement.equal("VFY-ISO-001", "status and codes", said, known)


def _is_open(verification: Verification, answer: Answer) -> bool:
    is_pending = verification.status == "pending"
    return is_pending and verification.lateness(answer.sent_at, answer.received_at) != "late"


def _must_not_open(judgement: Judgement, requirement: str, answer: Answer) -> bool:
    """Whether a check lets nobody in, however it says so."""
    said = response_code(answer)
    if not answer.succeeded:
        return judgement.holds(
            requirement, "status", told(answer), "a refusal", is_fine=answer.status < 500
        )
    words = judgement.sides(["rejected"], REFUSING)
    return judgement.among(requirement, "response_code", said, words) and _names_number(
        judgement, answer, None
    )


def _names_number(judgement: Judgement, answer: Answer, number: str | None) -> bool:
    named = members(answer).get("phone_number")
    if number is None:
        is_fine = isinstance(named, str)
        return judgement.holds("VFY-CODE-003", "phone_number", named, "a number", is_fine=is_fine)
    return judgement.equal("VFY-CODE-003", "phone_number", named, number)


def _judge_code(
    judgement: Judgement,
    account: Account,
    verification: Verification,
    code: Any,
    answer: Answer,
) -> None:
    if verification.status != "pending":
        about = _CLOSED_BECAUSE.get(verification.status, verification.ended_by)
        _must_not_open(judgement, about, answer)
        return
    lateness = verification.lateness(answer.sent_at, answer.received_at)
    if lateness == "late":
        _must_not_open(judgement, "VFY-CODE-005", answer)
        verification.end("expired", "VFY-LIFE-003", answer)
    elif verification.code is None:
        _learn(verification, answer)
    elif code == verification.code and lateness == "early":
        _judge_right(judgement, verification, answer)
    elif code == verification.code:
        _learn(verification, answer)
    else:
        _judge_wrong(judgement, account, verification, code, answer)


def _judge_right(judgement: Judgement, verification: Verification, answer: Answer) -> None:
    if not must_succeed(judgement, answer, "VFY-CODE-001"):
        return
    judgement.equal("VFY-CODE-001", "response_code", response_code(answer), "accepted")
    _names_number(judgement, answer, verification.number)
    verification.end("accepted", "VFY-LIFE-002", answer)
    verification.must_move = True


def _learn(verification: Verification, answer: Answer) -> None:
    """Follow an answer that the facts leave open."""
    if response_code(answer) == "accepted":
        verification.end("accepted", "VFY-LIFE-002", answer)
    elif verification.code is not None:
        verification.end("expired", "VFY-LIFE-003", answer)


def _judge_wrong(
    judgement: Judgement,
    account: Account,
    verification: Verification,
    code: Any,
    answer: Answer,
) -> None:
    about = _whose(account, verification, code)
    if not _must_not_open(judgement, about, answer):
        return
    if not isinstance(code, str):
        return
    judgement.equal("VFY-CODE-003", "status", told(answer), 200)
    judgement.equal("VFY-CODE-003", "response_code", response_code(answer), "rejected")
    _names_number(judgement, answer, verification.number)
    verification.failed_attempts += 1
    verification.may_move = True
    if verification.failed_attempts >= MAX_ATTEMPTS:
        verification.end("invalid", "VFY-LIFE-006", answer)


def _whose(account: Account, verification: Verification, code: Any) -> str:
    """The requirement that forbids a wrong code: it may be another verification's own."""
    for other in account.verifications.values():
        if other.code == code and code is not None:
            is_sibling = (other.number, other.profile_id) == (
                verification.number,
                verification.profile_id,
            )
            return "VFY-LIFE-013" if is_sibling else "VFY-CODE-010"
    return "VFY-CODE-002"


def _judge_outcome(
    judgement: Judgement, verification: Verification, verdict: str, answer: Answer
) -> None:
    """A verdict of the caller's own (facts.md#caller-verdict)."""
    if verification.custom_code is None:
        must_refuse(judgement, answer, "VFY-LIFE-007")
        return
    lateness = verification.lateness(answer.sent_at, answer.received_at)
    if verification.status != "pending" or lateness == "late":
        is_gone = verification.ended_by == "VFY-PROF-018"
        about = "VFY-PROF-018" if is_gone else "VFY-LIFE-009"
        _must_not_open(judgement, about, answer)
        return
    if lateness == "unclear":
        _learn(verification, answer)
        return
    about = "VFY-LIFE-007" if verdict == "accepted" else "VFY-LIFE-010"
    if must_succeed(judgement, answer, about):
        judgement.equal(about, "response_code", response_code(answer), verdict)
        _names_number(judgement, answer, verification.number)
        verification.end("accepted" if verdict == "accepted" else "invalid", about, answer)
        verification.must_move = True
