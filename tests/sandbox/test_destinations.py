"""Which country a number belongs to; phonenumbers is the oracle where none is reserved."""

from random import Random

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_harness import phone_numbers
from verify_harness.sandbox import destinations

CALLING_CODES = [
    code
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()
    if regions != ("001",)  # satellites and the like have no country
]
_KINDS = (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)


def _examples() -> list[tuple[str, str]]:
    found = []
    for country in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in _KINDS:
            example = phonenumbers.example_number_for_type(country, kind)
            if example is not None:
                text = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
                found.append((text, phonenumbers.region_code_for_number(example) or ""))
    return found


def test_every_countrys_example_numbers_belong_to_it() -> None:
    wrong = [
        (number, country, destinations.country_of(number))
        for number, country in _examples()
        if phone_numbers.country_of(number) is None and destinations.country_of(number) != country
    ]
    assert wrong == []


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True).filter(str.isascii))
def test_any_number_is_judged_like_the_oracle_does(number: str) -> None:
    if phone_numbers.country_of(number) is not None:
        return
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        assert destinations.country_of(number) is None
        return
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    is_valid = phonenumbers.is_valid_number(parsed)
    country = phonenumbers.region_code_for_number(parsed) if is_valid else None
    # The oracle forgives a national prefix after the calling code, as in +44 0 20; we do not.
    if written == number and country != "001":
        assert destinations.country_of(number) == country


def _any_number(random: Random) -> str:
    """Digits after a calling code; half of them in the North American plan."""
    calling_code = 1 if random.random() < 0.5 else random.choice(CALLING_CODES)
    length = 10 if calling_code == 1 else random.randint(6, 11)
    return f"+{calling_code}{random.randrange(10 ** (length - 1), 10**length)}"


def test_five_thousand_unreserved_numbers_are_judged_like_the_oracle_does() -> None:
    random, judged = Random(555), 0
    while judged < 5000:
        number = _any_number(random)
        parsed = phonenumbers.parse(number)
        written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        if phone_numbers.is_reserved(number) or written != number:
            continue
        is_valid = phonenumbers.is_valid_number(parsed)
        country = phonenumbers.region_code_for_number(parsed) if is_valid else None
        assert destinations.country_of(number) == country, number
        judged += 1


@pytest.mark.parametrize(
    "number, country",
    [
        ("+18765550123", "JM"),
        ("+13035550100", "US"),
        ("+14165550100", "CA"),
        ("+447700900123", "GB"),
        ("+33639980001", "FR"),
    ],
)
def test_reserved_numbers_have_their_country(number: str, country: str) -> None:
    assert destinations.country_of(number) == country


@pytest.mark.parametrize("number", ["", "+", "13035550100", "+999123456789", "+1303555", "+x"])
def test_what_is_no_number_has_no_country(number: str) -> None:
    assert destinations.country_of(number) is None
