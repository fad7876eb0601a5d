"""Checking a code, by id and by number, and recording the outcome of a code of one's own."""

from verify_harness.sandbox.error_envelope import Problem, not_found
from verify_harness.sandbox.exchange import Answer
from verify_harness.sandbox.lifecycle import MAX_ATTEMPTS, Verdict, Way
from verify_harness.sandbox.operations.call import Call, bad_request
from verify_harness.sandbox.operations.paths import id_in_path, number_in_path
from verify_harness.sandbox.records import Status, Verification


async def check_by_id(call: Call) -> Answer:
    """POST /verifications/{verification_id}/actions/verify."""
    verification_id = id_in_path(call)
    asked = call.fields("check-by-id")
    if len(asked) != 1:
        detail = "Give a code or a status, one of the two."
        raise call.invalid(Problem("10015" if asked else "10004", detail, pointer="/code"))
    verification = call.store.verification_to_check(verification_id)
    if verification is None:
        raise not_found("verification")
    if "status" in asked:
        return await _set_outcome(call, verification, asked["status"])
    return await _check(call, verification, asked["code"], "by_id")


async def check_by_number(call: Call) -> Answer:
    """POST /verifications/by_phone_number/{phone_number}/actions/verify."""
    number = number_in_path(call)
    asked = call.fields("check-by-number")
    profile_id = asked["verify_profile_id"].lower()
    verification = call.rules.judged_by_number(call.store, number, profile_id)
    if verification is None:
        raise not_found("verification")
    return await _check(call, verification, asked["code"], "by_number")


async def _check(call: Call, verification: Verification, given: str, way: Way) -> Answer:
    verdict = _judge(call, verification, given)
    await call.store.seam("check")
    _record(call, verification, verdict, way)
    status = 200 if verdict is Verdict.ACCEPTED else call.rules.rejected_status
    return _answer(call, verification, call.rules.response_codes[verdict], status)


def _judge(call: Call, verification: Verification, given: str) -> Verdict:
    rules = call.rules
    if not rules.is_checkable(verification, rules.checkable_statuses):
        locked = verification.failed_attempts >= MAX_ATTEMPTS
        return Verdict.LOCKED if locked else Verdict.CLOSED
    if rules.is_late(verification, call.now):
        return Verdict.LATE
    codes = rules.codes_for(verification, call.store)
    matches = any(rules.codes_match(given, code) for code in codes)
    return Verdict.ACCEPTED if matches else Verdict.WRONG


def _record(call: Call, verification: Verification, verdict: Verdict, way: Way) -> None:
    if verdict is Verdict.ACCEPTED:
        call.store.settle(verification, "accepted", call.now)
    elif verdict is Verdict.WRONG:
        used_up = call.rules.count_wrong_code(verification, way)
        verification.updated_at = call.now
        status = call.rules.status_after_wrong_code(used_up)
        if status != "pending":
            call.store.settle(verification, status, call.now)


async def _set_outcome(call: Call, verification: Verification, outcome: str) -> Answer:
    """The caller says how a verification with its own code ended (facts.md#caller-verdict)."""
    if not call.rules.outcome_may_be_set(verification):
        raise bad_request("Only a custom_code verification takes a status.", "/status")
    is_open = call.rules.is_checkable(verification, call.rules.checkable_statuses)
    if not is_open or call.rules.is_late(verification, call.now):
        return _answer(call, verification, call.rules.response_codes[Verdict.CLOSED])
    await call.store.seam("check")
    settled: Status = "accepted" if outcome == "accepted" else "invalid"
    call.store.settle(verification, settled, call.now)
    return _answer(call, verification, outcome)


def _answer(
    call: Call, verification: Verification, response_code: str, status: int = 200
) -> Answer:
    body = {"data": call.rules.render_check(verification, response_code)}
    return Answer(body, status, verification=verification)
