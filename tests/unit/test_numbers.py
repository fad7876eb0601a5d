"""Numbers that belong to nobody, and everything that is derived from them."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_harness import numbers, strategies

VENDOR_SAMPLES = [
    "+13035551234",
    "+15551234567",
    "+13125550001",
    "+18665552368",
    "+13129457420",
    "+353851234567",
]


@given(index=st.integers(0, numbers.TOTAL - 1))
def test_every_number_we_make_is_reserved_and_e164(index: int) -> None:
    number = numbers.nth(index)
    assert numbers.E164.fullmatch(number)
    assert numbers.is_reserved(number)


@given(index=st.integers(0, numbers.TOTAL - 1))
def test_the_country_agrees_with_the_numbering_plan(index: int) -> None:
    number = numbers.nth(index)
    parsed = phonenumbers.parse(number)
    country = numbers.country_of(number) or "nowhere"
    assert parsed.country_code == phonenumbers.country_code_for_region(country)


def test_different_indexes_give_different_numbers() -> None:
    assert len({numbers.nth(index) for index in range(numbers.TOTAL)}) == numbers.TOTAL


@pytest.mark.parametrize("number", VENDOR_SAMPLES)
def test_the_vendors_sample_numbers_are_nobodys_to_use(number: str) -> None:
    assert not numbers.is_reserved(number)


def test_ranges_do_not_overlap() -> None:
    for before, after in zip(numbers.RANGES, numbers.RANGES[1:], strict=False):
        assert before.last < after.first


@given(number=strategies.invalid_numbers())
def test_an_invalid_number_is_no_e164(number: str) -> None:
    assert not numbers.E164.fullmatch(number)


@given(code=strategies.codes(min_length=4), edit=strategies.code_edits())
def test_an_edit_of_a_code_is_text(code: str, edit: strategies.Edit) -> None:
    assert isinstance(edit(code), str)


@given(digits=strategies.invalid_dtmf_digits())
def test_invalid_dtmf_digits_hold_a_key_that_no_keypad_has(digits: str) -> None:
    assert set(digits) - set("0123456789ABCD*#wW")
