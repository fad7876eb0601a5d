"""Checking a code: right, wrong, used, late; by id and by number; on every channel."""

from hypothesis import assume, given

from verify_harness.checks import (
    Api,
    Opener,
    OpenVerification,
    current,
    requirement,
    strategies,
    worst_inputs,
    wrong_for,
)

CHECKS = ("VerifyVerificationCodeById", "VerifyVerificationCodeByPhoneNumber")
WORST = worst_inputs.of_kind("code")
AT_A_TIME = 4
"""Five wrong codes lock a verification."""


def filled_in(verification: OpenVerification, *, used: str, other: str) -> list[tuple[str, object]]:
    """Every known worst input, made for one verification, by its name."""
    code, number = verification.code, verification.number
    ends = {"start": code[:-1], "end": code[1:], "last": code[-1], "tail": number[-len(code) :]}
    values = ends | {"code": code, "reversed": code[::-1], "zeros": "0" * len(code)}
    values |= {"number": number, "id": verification.id, "used": used, "other": other}
    return [(each.name, each.filled(**values)) for each in WORST]


@requirement("VFY-CODE-001", level="smoke", operations=CHECKS)
def test_the_right_code_is_accepted(open_verification: Opener) -> None:
    verification = open_verification()
    assert verification.check(verification.code) == "accepted"


@requirement("VFY-CODE-001", operations=CHECKS, levers=["outbox"])
def test_the_code_in_the_message_is_accepted(open_verification: Opener) -> None:
    verification = open_verification(generated=True)
    assert verification.check(verification.code) == "accepted"


@requirement("VFY-CODE-002", operations=CHECKS)
def test_known_worst_inputs_are_no_code(open_verification: Opener, api: Api) -> None:
    profile, number = api.profile(), current().number()
    other = open_verification(profile=profile)
    used = open_verification(profile=profile, number=number)
    used.accept()
    for at in range(0, len(WORST), AT_A_TIME):
        verification = open_verification(profile=profile, number=number)
        inputs = filled_in(verification, used=used.code, other=other.code)
        for name, value in inputs[at : at + AT_A_TIME]:
            if value != verification.code:
                assert not verification.opens(value), f"a wrong code was accepted: {name}"
        assert verification.opens(verification.code)
    assert other.opens(other.code)


@requirement("VFY-CODE-002", operations=CHECKS)
@given(edit=strategies.code_edits())
def test_a_near_miss_is_rejected(open_verification: Opener, edit: strategies.Edit) -> None:
    verification = open_verification()
    wrong = edit(verification.code)
    assume(wrong != verification.code)
    assert not verification.opens(wrong)
    assert verification.opens(verification.code)


@requirement("VFY-CODE-002", operations=CHECKS)
def test_not_one_wrong_code_of_many_is_accepted(open_verification: Opener, api: Api) -> None:
    profile = api.profile()
    for _ in range(6):
        verification = open_verification(profile=profile)
        wrong = wrong_for(verification.code)
        assert [verification.opens(wrong) for _ in range(4)] == [False] * 4
        assert verification.opens(verification.code)


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
    assert not verification.opens(verification.code)


@requirement("VFY-CODE-004", operations=CHECKS)
def test_a_code_works_once_even_for_twenty_at_a_time(open_verification: Opener) -> None:
    verification = open_verification()
    verdicts = verification.submit_together(verification.code, times=20)
    assert verdicts.count("accepted") == 1


@requirement("VFY-CODE-005", operations=CHECKS)
def test_a_code_works_until_its_time_is_up(open_verification: Opener) -> None:
    late, in_time = (open_verification(timeout_secs=60) for _ in range(2))
    current().levers.advance_clock(58)
    assert in_time.opens(in_time.code)
    current().levers.advance_clock(4)
    assert not late.opens(late.code)


@requirement("VFY-CODE-006", operations=CHECKS)
def test_four_wrong_codes_do_not_lock_a_verification(open_verification: Opener) -> None:
    verification = open_verification()
    verification.spend_attempts(4)
    assert verification.opens(verification.code)


@requirement("VFY-CODE-006", operations=CHECKS)
def test_five_wrong_codes_lock_a_verification(open_verification: Opener) -> None:
    verification = open_verification()
    verification.spend_attempts(5)
    assert not verification.opens(verification.code)


@requirement("VFY-CODE-007", operations=CHECKS)
def test_leading_zeros_count(open_verification: Opener) -> None:
    if open_verification.channel == "flashcall":
        open_verification = open_verification.on("sms")  # a flash call has no code of our own
    verification = open_verification(custom_code="004217")
    assert not verification.opens("4217")
    assert verification.opens("004217")


@requirement("VFY-CODE-010", operations=CHECKS)
def test_a_code_opens_only_its_own_verification(open_verification: Opener) -> None:
    first, second = open_verification(), open_verification()
    assert first.code == second.code or not second.opens(first.code)
    assert second.opens(second.code)
    assert first.opens(first.code)


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
    assert verification.opens("918273")
