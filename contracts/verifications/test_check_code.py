"""Checking a code: right, wrong, used, late; by id and by number; on every channel."""

from hypothesis import assume, given

from verify_harness.contract import current, requirement
from verify_harness.contract.api import Api
from verify_harness.contract.verifications import Opener, wrong_for
from verify_harness.strategies import Edit, code_edits

CHECKS = ("VerifyVerificationCodeById", "VerifyVerificationCodeByPhoneNumber")


@requirement("VFY-CODE-001", level="smoke", operations=CHECKS)
def test_the_right_code_is_accepted(open_verification: Opener) -> None:
    verification = open_verification()
    assert verification.check(verification.code) == "accepted"


@requirement("VFY-CODE-001", operations=CHECKS, levers=["outbox"])
def test_the_code_in_the_message_is_accepted(open_verification: Opener) -> None:
    verification = open_verification(generated=True)
    assert verification.check(verification.code) == "accepted"


@requirement("VFY-CODE-002", operations=CHECKS)
@given(edit=code_edits())
def test_a_near_miss_is_rejected(open_verification: Opener, edit: Edit) -> None:
    verification = open_verification()
    wrong = edit(verification.code)
    assume(wrong != verification.code)
    assert verification.check(wrong) in {"rejected", "refused 400", "refused 422"}
    assert verification.check(verification.code) == "accepted"


@requirement("VFY-CODE-002", operations=CHECKS)
def test_not_one_wrong_code_of_many_is_accepted(open_verification: Opener, api: Api) -> None:
    profile = api.profile()
    for _ in range(6):
        verification = open_verification(profile=profile)
        wrong = wrong_for(verification.code)
        assert {verification.check(wrong) for _ in range(4)} == {"rejected"}
        assert verification.check(verification.code) == "accepted"


@requirement("VFY-CODE-003", operations=CHECKS)
def test_a_rejected_check_is_an_http_success_that_says_rejected(
    open_verification: Opener,
) -> None:
    verification = open_verification()
    exchange = verification.submit(wrong_for(verification.code))
    assert exchange.status == 200
    assert exchange.data["phone_number"] == verification.number
    assert exchange.data["response_code"] == "rejected"


@requirement("VFY-CODE-004", operations=CHECKS)
def test_a_code_works_once(open_verification: Opener) -> None:
    verification = open_verification()
    verification.accept()
    assert verification.check(verification.code) == "rejected"


@requirement("VFY-CODE-004", operations=CHECKS)
def test_a_code_works_once_even_for_twenty_at_a_time(open_verification: Opener) -> None:
    verification = open_verification()
    verdicts = verification.submit_together(verification.code, times=20)
    assert verdicts.count("accepted") == 1


@requirement("VFY-CODE-005", operations=CHECKS)
def test_a_code_works_until_its_time_is_up(open_verification: Opener) -> None:
    late, in_time = (open_verification(timeout_secs=60) for _ in range(2))
    current().levers.advance_clock(58)
    assert in_time.check(in_time.code) == "accepted"
    current().levers.advance_clock(4)
    assert late.check(late.code) == "rejected"


@requirement("VFY-CODE-006", operations=CHECKS)
def test_four_wrong_codes_do_not_lock_a_verification(open_verification: Opener) -> None:
    verification = open_verification()
    verification.spend_attempts(4)
    assert verification.check(verification.code) == "accepted"


@requirement("VFY-CODE-006", operations=CHECKS)
def test_five_wrong_codes_lock_a_verification(open_verification: Opener) -> None:
    verification = open_verification()
    verification.spend_attempts(5)
    assert verification.check(verification.code) == "rejected"


@requirement("VFY-CODE-007", operations=CHECKS)
def test_leading_zeros_count(open_verification: Opener) -> None:
    if open_verification.channel == "flashcall":
        open_verification = open_verification.on("sms")  # a flash call has no code of our own
    verification = open_verification(custom_code="004217")
    assert verification.check("4217") == "rejected"
    assert verification.check("004217") == "accepted"


@requirement("VFY-CODE-010", operations=CHECKS)
def test_a_code_opens_only_its_own_verification(open_verification: Opener) -> None:
    first, second = open_verification(), open_verification()
    assert first.code == second.code or second.check(first.code) == "rejected"
    assert second.check(second.code) == "accepted"
    assert first.check(first.code) == "accepted"


@requirement("VFY-CODE-010", operations=CHECKS)
def test_a_code_does_not_open_another_profile(open_verification: Opener, api: Api) -> None:
    number = current().number()
    first, second = (open_verification(number=number) for _ in range(2))
    exchange = api.call(
        "VerifyVerificationCodeByPhoneNumber",
        {"code": first.code, "verify_profile_id": second.profile_id},
        phone_number=number,
    )
    verdict = exchange.data.get("response_code") if exchange.succeeded else "refused"
    assert verdict != "accepted" or first.code == second.code


@requirement("VFY-CODE-011", operations=CHECKS, levers=["outbox"])
def test_the_callers_own_code_is_the_code(open_verification: Opener, api: Api) -> None:
    if open_verification.channel == "flashcall":
        open_verification = open_verification.on("sms")
    verification = open_verification(custom_code="918273")
    sent = current().levers.messages_to(verification.number)
    assert [message["code"] for message in sent] == ["918273"]
    assert api.tenant == 0
    assert verification.check("918273") == "accepted"
