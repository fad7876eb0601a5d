"""Several verifications of one number and one profile: whose code opens what, and what stays."""

from verify_harness.checks import (
    CHANNELS,
    WAYS,
    Api,
    Blocked,
    Opener,
    OpenVerification,
    current,
    requirement,
)

CHECKS = ("VerifyVerificationCodeById", "VerifyVerificationCodeByPhoneNumber")


def next_channel(opener: Opener) -> Opener:
    """The same opener on the channel after its own, in a ring."""
    return opener.on(CHANNELS[(CHANNELS.index(opener.channel) + 1) % len(CHANNELS)])


def opens_in_any_way(
    verification: OpenVerification, code: str, ways: tuple[str, ...] = WAYS
) -> bool:
    """Whether a code opens a verification by id or by number."""
    return any(verification.checked(way).opens(code) for way in ways)


def certain_ways(old: OpenVerification) -> tuple[str, ...]:
    """How a newer verification of the number can be checked, and no other be meant.

    Whether a new trigger ends the old one, and which of two a number stands for, is VFY-LIFE-005's.
    """
    return ("by_id",) if old.status == "pending" else WAYS


def end_late(verification: OpenVerification) -> None:
    """Let a verification of a minute's validity run out; raises Blocked if it does not."""
    current().levers.advance_clock(65)
    if verification.status == "pending":
        raise Blocked("VFY-LIFE-003", "set-up: past its time it still reads pending")


@requirement("VFY-LIFE-013", operations=CHECKS)
def test_codes_of_one_number_do_not_open_each_other(open_verification: Opener, api: Api) -> None:
    profile, number = api.profile(), current().number()
    for opener in (open_verification, next_channel(open_verification)):
        old = open_verification(profile=profile, number=number)
        new = opener(profile=profile, number=number)
        ways = certain_ways(old)
        if old.code != new.code:
            assert not opens_in_any_way(new, old.code, ways)
            assert not old.checked("by_id").opens(new.code)
        assert new.checked(new.way if new.way in ways else "by_id").opens(new.code)
        assert new.status == "accepted"
        assert old.status != "accepted"
        assert not opens_in_any_way(new, old.code, ways)


@requirement("VFY-LIFE-013", operations=CHECKS)
def test_a_used_code_opens_no_later_verification(open_verification: Opener, api: Api) -> None:
    profile, number = api.profile(), current().number()
    for opener in (open_verification, next_channel(open_verification)):
        old = open_verification(profile=profile, number=number)
        old.accept()
        new = opener(profile=profile, number=number)
        assert old.code == new.code or not opens_in_any_way(new, old.code)
        assert not old.checked("by_id").opens(new.code)
        assert old.status == "accepted"
        assert new.opens(new.code)


@requirement("VFY-LIFE-013", operations=CHECKS, levers=["clock"])
def test_a_late_code_opens_no_later_verification(open_verification: Opener, api: Api) -> None:
    profile, number = api.profile(), current().number()
    old = open_verification(profile=profile, number=number, timeout_secs=60)
    end_late(old)
    new = next_channel(open_verification)(profile=profile, number=number)
    assert old.code == new.code or not opens_in_any_way(new, old.code)
    assert not old.checked("by_id").opens(old.code)
    assert new.opens(new.code)
    assert old.status == "expired"


@requirement("VFY-LIFE-013", operations=CHECKS)
def test_a_locked_code_opens_no_later_verification(open_verification: Opener, api: Api) -> None:
    profile, number = api.profile(), current().number()
    old = open_verification(profile=profile, number=number)
    old.spend_attempts(5)
    ended = old.status
    new = next_channel(open_verification)(profile=profile, number=number)
    assert old.code == new.code or not opens_in_any_way(new, old.code)
    assert not old.checked("by_id").opens(old.code)
    assert new.opens(new.code)
    assert old.status in {ended, "expired"}


@requirement("VFY-LIFE-014", operations=CHECKS)
def test_a_new_trigger_starts_with_all_attempts(open_verification: Opener, api: Api) -> None:
    profile, number = api.profile(), current().number()
    for spent in (4, 5):
        old = open_verification(profile=profile, number=number)
        old.spend_attempts(spent)
        new = open_verification(profile=profile, number=number)
        new = new.checked(new.way if new.way in certain_ways(old) else "by_id")
        new.spend_attempts(4)
        assert new.opens(new.code)


@requirement("VFY-LIFE-014", operations=CHECKS)
def test_wrong_codes_by_number_meet_the_pending_one_only(
    open_verification: Opener, api: Api
) -> None:
    profile, elsewhere, number = api.profile(), api.profile(), current().number()
    neighbour = open_verification(profile=elsewhere, number=number)
    old = open_verification(profile=profile, number=number)
    old.accept()
    before = old.read(), neighbour.read()
    new = open_verification(profile=profile, number=number).checked("by_number")
    new.spend_attempts(5)
    assert (old.read(), neighbour.read()) == before
    assert neighbour.opens(neighbour.code)
