"""Attempts and reads: what counts against a verification, and what must not."""

from dataclasses import replace

from verify_harness.checks import WAYS, Api, Opener, OpenVerification, current, requirement

CHECKS = ("VerifyVerificationCodeById", "VerifyVerificationCodeByPhoneNumber")
READS = ("RetrieveVerification", "ListVerifications")


def the_other_way(verification: OpenVerification) -> OpenVerification:
    """The same verification, checked in the other way."""
    (way,) = {*WAYS} - {verification.way}
    return replace(verification, way=way)


def read_often(api: Api, verification: OpenVerification) -> None:
    """Read and list a verification, more often than there are attempts."""
    for _ in range(5):
        api.call("RetrieveVerification", verification_id=verification.id)
        api.call("ListVerifications", phone_number=verification.number)


@requirement("VFY-CODE-014", operations=CHECKS)
def test_attempts_are_counted_together(open_verification: Opener) -> None:
    locked, spared = open_verification(), open_verification()
    for verification, attempts in ((locked, 3), (spared, 2)):
        verification.spend_attempts(2)
        the_other_way(verification).spend_attempts(attempts)
    assert not locked.opens(locked.code)
    assert spared.opens(spared.code)


@requirement("VFY-CODE-015", operations=CHECKS)
def test_a_lock_out_stays_with_its_verification(open_verification: Opener, api: Api) -> None:
    profile = api.profile()
    before, locked = (open_verification(profile=profile) for _ in range(2))
    before.spend_attempts(1)
    locked.spend_attempts(5)
    after = open_verification(profile=profile)
    after.spend_attempts(1)
    before.spend_attempts(1)
    assert before.opens(before.code)
    assert after.opens(after.code)
    assert not locked.opens(locked.code)


@requirement("VFY-CODE-016", operations=CHECKS)
def test_both_ways_of_checking_agree(open_verification: Opener) -> None:
    passed, locked = open_verification(), open_verification()
    passed.accept()
    assert not the_other_way(passed).opens(passed.code)
    assert passed.status == "accepted"
    locked.spend_attempts(5)
    assert not the_other_way(locked).opens(locked.code)
    assert locked.status == "invalid"


@requirement("VFY-LIFE-008", operations=READS)
def test_reading_leaves_a_verification_as_it_is(open_verification: Opener, api: Api) -> None:
    verification = open_verification()
    before = verification.read()
    current().levers.advance_clock(3)
    read_often(api, verification)
    assert verification.read() == before
    verification.spend_attempts(4)
    assert verification.opens(verification.code)


@requirement("VFY-LIFE-008", operations=READS)
def test_reading_does_not_prolong_a_code(open_verification: Opener, api: Api) -> None:
    verification = open_verification(timeout_secs=60)
    current().levers.advance_clock(50)
    read_often(api, verification)
    current().levers.advance_clock(20)
    assert not verification.opens(verification.code)
    assert verification.status == "expired"


@requirement("VFY-CODE-006", operations=CHECKS)
def test_wrong_codes_at_the_same_time_all_count(open_verification: Opener) -> None:
    verification = open_verification()
    wrong = f"{(int(verification.code[0]) + 1) % 10}{verification.code[1:]}"
    assert "accepted" not in verification.submit_together(wrong, times=10)
    assert not verification.opens(verification.code)
