"""Codes that the service makes: their length, and that they stay between it and the phone."""

from verify_harness.checks import Api, Opener, current, requirement, wrong_for


@requirement("VFY-CODE-008", operations=["CreateVerificationSms", "CreateVerificationCall"])
def test_a_generated_code_has_the_profiles_length(api: Api) -> None:
    for channel in ("sms", "call"):
        for length in (4, 7, 10):
            profile = api.profile(**{channel: {"code_length": length}})
            code = Opener(api, channel, "by_id")(generated=True, profile=profile).code
            assert len(code) == length
            assert code.isascii()
            assert code.isdigit()


@requirement("VFY-CODE-008")
def test_a_generated_code_has_five_digits_unless_told(open_verification: Opener) -> None:
    code = open_verification(generated=True).code
    assert len(code) == 5
    assert code.isdigit()


@requirement("VFY-CODE-008", operations=["CreateVerificationSms"])
def test_a_generated_code_keeps_its_leading_zeros(api: Api) -> None:
    profile = api.profile()
    for _ in range(60):
        body = {"phone_number": current().number(), "verify_profile_id": profile["id"]}
        api.set_up("VFY-LIFE-001", "CreateVerificationSms", body)
    assert {len(message["code"]) for message in current().levers.messages()} == {5}


@requirement("VFY-CODE-013", operations=["CreateFlashcallVerification"])
def test_a_flash_calls_code_is_the_end_of_the_callers_number(api: Api) -> None:
    opener = Opener(api, "flashcall", "by_id")
    made = [opener() for _ in range(3)]
    callers = [str(message["caller"]) for message in current().levers.messages()]
    assert len(set(callers)) == 3
    for verification, caller in zip(made, callers, strict=True):
        digits = len(verification.code)
        assert digits >= 4
        assert verification.opens(caller[-digits:])


@requirement("VFY-CODE-009")
def test_a_generated_code_never_comes_back(open_verification: Opener, api: Api) -> None:
    profile = api.profile(sms={"code_length": 10}, call={"code_length": 10})
    verification = open_verification(generated=True, profile=profile)
    answers = [
        current().last,
        api.call("RetrieveVerification", verification_id=verification.id),
        api.call("ListVerifications", phone_number=verification.number),
        verification.submit(wrong_for(verification.code)),
        verification.submit(verification.code),
    ]
    for answer in answers:
        assert answer is not None
        assert not answer.mentions(verification.code), "a generated code is in an answer"
