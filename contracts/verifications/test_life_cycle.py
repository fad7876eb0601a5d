"""From pending to accepted, expired or invalid, and what may not happen on the way."""

from verify_harness.checks import Api, Opener, current, requirement


@requirement("VFY-LIFE-002", operations=["RetrieveVerification"])
def test_an_accepted_check_is_remembered(open_verification: Opener) -> None:
    verification = open_verification()
    verification.accept()
    assert verification.status == "accepted"


@requirement("VFY-LIFE-003", operations=["RetrieveVerification"])
def test_a_verification_past_its_time_reads_expired(open_verification: Opener) -> None:
    verification = open_verification(timeout_secs=90)
    current().levers.advance_clock(88)
    assert verification.status == "pending"
    current().levers.advance_clock(4)
    assert verification.status == "expired"


@requirement("VFY-LIFE-004", operations=["RetrieveVerification"])
def test_one_wrong_code_changes_nothing(open_verification: Opener) -> None:
    verification = open_verification()
    verification.spend_attempts(1)
    assert verification.status == "pending"


@requirement("VFY-LIFE-005")
def test_a_new_code_replaces_the_old_one(open_verification: Opener, api: Api) -> None:
    number, profile = current().number(), api.profile()
    old = open_verification(number=number, profile=profile)
    new = open_verification(number=number, profile=profile)
    assert not old.opens(old.code) or old.code == new.code
    assert new.opens(new.code)


@requirement("VFY-LIFE-005")
def test_of_three_codes_only_the_newest_works(open_verification: Opener, api: Api) -> None:
    number, profile = current().number(), api.profile()
    *old, new = [open_verification(number=number, profile=profile) for _ in range(3)]
    for each in old:
        assert not each.opens(each.code) or each.code == new.code
    assert new.opens(new.code)


@requirement("VFY-LIFE-006", operations=["RetrieveVerification"])
def test_a_locked_verification_reads_invalid(open_verification: Opener) -> None:
    verification = open_verification()
    verification.spend_attempts(5)
    assert verification.status == "invalid"


@requirement("VFY-LIFE-007", operations=["VerifyVerificationCodeById"])
def test_a_verdict_is_the_callers_only_for_the_callers_own_code(api: Api) -> None:
    own = Opener(api, "sms", "by_id")(custom_code="771904")
    verdict = {"status": "accepted"}
    exchange = api.call("VerifyVerificationCodeById", verdict, verification_id=own.id)
    assert exchange.data["response_code"] == "accepted"
    assert own.status == "accepted"


@requirement("VFY-LIFE-007", operations=["VerifyVerificationCodeById"], levers=["outbox"])
def test_nobody_else_may_pass_the_verdict(open_verification: Opener, api: Api) -> None:
    made = open_verification(generated=True)
    verdict = {"status": "accepted"}
    exchange = api.call("VerifyVerificationCodeById", verdict, verification_id=made.id)
    assert exchange.status >= 400 or exchange.data["response_code"] == "rejected"
    assert made.status == "pending"
