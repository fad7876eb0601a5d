"""Endings: what has ended stays so, what ends by the caller's verdict, and what never changes."""

from typing import Any

import pytest

from verify_harness.checks import (
    Api,
    Blocked,
    Exchange,
    Opener,
    OpenVerification,
    current,
    requirement,
    wrong_for,
)

BY_ID = ("VerifyVerificationCodeById",)
CHECKS = (*BY_ID, "VerifyVerificationCodeByPhoneNumber")
WITH_OWN_CODE = ("sms", "call", "whatsapp")
MAY_CHANGE = {"status", "updated_at"}


def judge(verification: OpenVerification, **body: str) -> Exchange:
    """A check by id with any members."""
    path = {"verification_id": verification.id}
    return verification.api.call("VerifyVerificationCodeById", body, path=path)


def try_everything(verification: OpenVerification) -> None:
    """Codes and verdicts, right and wrong, and more of them than there are attempts."""
    for _ in range(6):
        verification.check(wrong_for(verification.code))
    verification.check(verification.code)
    for outcome in ("accepted", "rejected", "accepted"):
        judge(verification, status=outcome)


@requirement("VFY-LIFE-009", operations=CHECKS)
def test_what_was_accepted_stays_accepted(open_verification: Opener) -> None:
    verification = open_verification()
    verification.accept()
    before = verification.status
    try_everything(verification)
    assert verification.status == before == "accepted"


@requirement("VFY-LIFE-009", operations=CHECKS)
def test_what_was_locked_stays_locked(open_verification: Opener) -> None:
    verification = open_verification()
    verification.spend_attempts(5)
    before = verification.status
    if before == "pending":  # whether a lock-out shows is a matter of its own
        current().findings.observe("VFY-LIFE-006", "a locked verification reads pending")
        return
    try_everything(verification)
    assert verification.status == before != "accepted"


@requirement("VFY-LIFE-009", operations=CHECKS, levers=["clock"])
def test_what_expired_stays_expired(open_verification: Opener) -> None:
    verification = open_verification(timeout_secs=60)
    current().levers.advance_clock(65)
    before = verification.status
    if before == "pending":
        raise Blocked("VFY-LIFE-003", "set-up: past its time it still reads pending")
    try_everything(verification)
    assert verification.status == before != "accepted"


@requirement("VFY-LIFE-010", operations=BY_ID)
@pytest.mark.parametrize("name", WITH_OWN_CODE)
def test_the_caller_may_call_it_rejected(api: Api, name: str) -> None:
    verification = Opener(api, name, "by_id")()
    answer = judge(verification, status="rejected")
    assert answer.status == 200
    assert answer.data["response_code"] == "rejected"
    assert verification.status == "invalid"
    assert not verification.opens(verification.code)


@requirement("VFY-LIFE-011", operations=BY_ID)
@pytest.mark.parametrize("name", WITH_OWN_CODE)
def test_a_check_is_a_code_or_a_verdict(api: Api, name: str) -> None:
    verification = Opener(api, name, "by_id")()
    wrong, right = wrong_for(verification.code), verification.code
    bodies: tuple[dict[str, str], ...] = (
        {},
        {"code": wrong, "status": "accepted"},
        {"code": right, "status": "rejected"},
    )
    for body in bodies:
        assert 400 <= judge(verification, **body).status < 500
    assert verification.status == "pending"
    assert verification.opens(right)


def kept(verification: dict[str, Any]) -> dict[str, Any]:
    """What of a verification must never change."""
    return {name: value for name, value in verification.items() if name not in MAY_CHANGE}


@requirement("VFY-LIFE-012", operations=["RetrieveVerification"])
def test_a_verification_keeps_what_it_is(open_verification: Opener) -> None:
    accepted, locked, expired = (open_verification(timeout_secs=90) for _ in range(3))
    current().levers.advance_clock(5)
    accepted.accept()
    locked.spend_attempts(5)
    ended = [(accepted, accepted.read()), (locked, locked.read())]
    for verification, after in ended:
        assert after["updated_at"] > verification.data["updated_at"]
    current().levers.advance_clock(90)
    for verification, after in (*ended, (expired, expired.read())):
        assert kept(after) == kept(verification.data)
        assert verification.data["created_at"] <= verification.data["updated_at"]
        assert after["created_at"] <= after["updated_at"]
