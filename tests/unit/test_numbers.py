"""Numbers that belong to nobody, and everything that is derived from them."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_harness import phone_numbers, strategies

AREA_CODES = range(200, 1000)
NOT_GEOGRAPHIC = {
    *(phonenumbers.PhoneNumberType.TOLL_FREE, phonenumbers.PhoneNumberType.PREMIUM_RATE),
    *(phonenumbers.PhoneNumberType.VOIP, phonenumbers.PhoneNumberType.PERSONAL_NUMBER),
}
VENDOR_SAMPLES = [
    "+13035551234",
    "+15551234567",
    "+13125550001",
    "+18665552368",
    "+13129457420",
    "+353851234567",
]


@given(index=st.integers(0, phone_numbers.TOTAL - 1))
def test_every_number_we_make_is_reserved_and_e164(index: int) -> None:
    number = phone_numbers.nth(index)
    assert phone_numbers.E164.fullmatch(number)
    assert phone_numbers.is_reserved(number)


@given(index=st.integers(0, phone_numbers.TOTAL - 1))
def test_the_country_agrees_with_the_numbering_plan(index: int) -> None:
    number = phone_numbers.nth(index)
    parsed = phonenumbers.parse(number)
    country = phone_numbers.country_of(number) or "nowhere"
    assert parsed.country_code == phonenumbers.country_code_for_region(country)


def plan_of(area_code: int) -> str | None:
    """The country of an area code by the numbering plan; None if it has none."""
    ordinary = phonenumbers.parse(f"+1{area_code}3464123")
    if phonenumbers.number_type(ordinary) in NOT_GEOGRAPHIC:
        return None
    fiction = phonenumbers.parse(f"+1{area_code}5550123")
    country: str | None = phonenumbers.region_code_for_number(fiction)
    return country


@pytest.mark.parametrize("end", ["0100", "0142", "0199"])
def test_fiction_of_every_area_code_belongs_to_the_plans_country(end: str) -> None:
    told = {code: phone_numbers.country_of(f"+1{code}555{end}") for code in AREA_CODES}
    assert told == {code: plan_of(code) for code in AREA_CODES}
    assert len({country for country in told.values() if country}) == 25


def test_jamaica_is_not_america() -> None:
    assert phone_numbers.country_of("+18765550123") == "JM"
    assert phone_numbers.is_reserved("+18765550123")
    assert {area.country for area in phone_numbers.in_country("JM")} == {"JM"}


@pytest.mark.parametrize("end", ["0099", "0200", "1234"])
def test_other_numbers_of_555_may_be_somebodys(end: str) -> None:
    assert not any(phone_numbers.is_reserved(f"+1{code}555{end}") for code in AREA_CODES)


def test_five_thousand_reserved_numbers_belong_where_the_plan_says() -> None:
    step = max(1, phone_numbers.TOTAL // 5000)
    for index in range(0, phone_numbers.TOTAL, step):
        number = phone_numbers.nth(index)
        parsed = phonenumbers.parse(number)
        told, country = (
            phonenumbers.region_code_for_number(parsed),
            phone_numbers.country_of(number),
        )
        assert told == country or (told is None and country in _countries(parsed))


def _countries(number: phonenumbers.PhoneNumber) -> tuple[str, ...]:
    """The library calls some reserved ranges invalid; then only the calling code speaks."""
    return tuple(phonenumbers.region_codes_for_country_code(number.country_code or 0))


def test_different_indexes_give_different_numbers() -> None:
    assert (
        len({phone_numbers.nth(index) for index in range(phone_numbers.TOTAL)})
        == phone_numbers.TOTAL
    )


@pytest.mark.parametrize("number", VENDOR_SAMPLES)
def test_the_vendors_sample_numbers_are_nobodys_to_use(number: str) -> None:
    assert not phone_numbers.is_reserved(number)


def test_ranges_do_not_overlap() -> None:
    for before, after in zip(phone_numbers.RANGES, phone_numbers.RANGES[1:], strict=False):
        assert before.last < after.first


@given(number=strategies.invalid_numbers())
def test_an_invalid_number_is_no_e164(number: str) -> None:
    assert not phone_numbers.E164.fullmatch(number)


@given(code=strategies.codes(min_length=4), edit=strategies.code_edits())
def test_an_edit_of_a_code_is_text(code: str, edit: strategies.Edit) -> None:
    assert isinstance(edit(code), str)


@given(digits=strategies.invalid_dtmf_digits())
def test_invalid_dtmf_digits_hold_a_key_that_no_keypad_has(digits: str) -> None:
    assert set(digits) - set("0123456789ABCD*#wW")
