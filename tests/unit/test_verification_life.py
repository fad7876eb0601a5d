"""The model of one verification, by the sentences of the facts."""

import pytest

from verify_harness.model.verification_life import MAX_ATTEMPTS, Verification, checked, read

FRESH = Verification(code="01234", triggered_at_secs=0, timeout_secs=60)


def after_wrong_codes(count: int) -> Verification:
    """A verification that met this many wrong codes at once."""
    verification = FRESH
    for _ in range(count):
        verification, expected = checked(verification, "99999", 1)
        assert not expected.allows({"response_code": "accepted"})
    return verification


def test_the_right_code_is_accepted_once() -> None:
    accepted, first = checked(FRESH, "01234", 59)
    _, second = checked(accepted, "01234", 59)
    assert first.allows({"response_code": "accepted"})
    assert not first.allows({"response_code": "rejected"})
    assert not second.allows({"response_code": "accepted"})
    assert second.requirement_id == "VFY-CODE-004"
    assert read(accepted, 1000).values == {"accepted"}


def test_a_late_code_is_refused() -> None:
    late, expected = checked(FRESH, "01234", 60)
    assert (late.status, expected.requirement_id) == ("expired", "VFY-CODE-005")
    assert read(FRESH, 60).requirement_id == "VFY-LIFE-003"


@pytest.mark.parametrize("refusal", ["rejected", "expired", "max_attempts_exceeded"])
def test_any_documented_refusal_will_do(refusal: str) -> None:
    assert checked(FRESH, "1234", 1)[1].allows({"response_code": refusal})


def test_five_wrong_codes_end_it_and_four_do_not() -> None:
    spared, locked = after_wrong_codes(MAX_ATTEMPTS - 1), after_wrong_codes(MAX_ATTEMPTS)
    assert read(spared, 1).values == {"pending"}
    assert checked(spared, "01234", 1)[1].allows({"response_code": "accepted"})
    assert read(locked, 1).values == {"invalid"}
    assert checked(locked, "01234", 1)[1].requirement_id == "VFY-CODE-006"


def test_a_missing_field_is_never_allowed() -> None:
    assert not read(FRESH, 1).allows({})
