"""A number's country, and whether a profile may send there (facts.md#destination-refused).

A plan per calling code is built from the metadata of `phonenumbers` when the code is first seen;
no request parses a number with that library. Reserved ranges (facts.md#reserved-ranges)
win, because the library calls several of them invalid.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumberDesc

from verify_harness import phone_numbers

EVERYWHERE = "*"
PREMIUM = "+1900"
"""Numbers that cost whoever sends to them; satellites (+881, +979) have no country anyway."""
_WORLD = "001"
_KINDS = (
    *("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost"),
    *("personal_number", "voip", "pager", "uan", "voicemail"),
)


@dataclass(frozen=True, slots=True)
class Region:
    """One country of a calling code; `shape` matches the digits after the code."""

    country: str
    leading: re.Pattern[str] | None
    shape: re.Pattern[str]

    def holds(self, digits: str) -> bool:
        """Whether a national number belongs to this country."""
        if self.leading is not None and not self.leading.match(digits):
            return False
        return self.shape.fullmatch(digits) is not None


def _kinds(metadata: PhoneMetadata) -> list[PhoneNumberDesc]:
    kinds = (getattr(metadata, kind) for kind in _KINDS)
    return [kind for kind in kinds if kind is not None and kind.national_number_pattern]


def _shape(metadata: PhoneMetadata) -> re.Pattern[str]:
    general = getattr(metadata.general_desc, "national_number_pattern", "")
    special = "|".join(f"(?:{kind.national_number_pattern})" for kind in _kinds(metadata))
    return re.compile(rf"(?=(?:{general})\Z)(?:{special})", re.ASCII)


@cache
def _plan(calling_code: int) -> tuple[Region, ...]:
    regions = []
    for country in COUNTRY_CODE_TO_REGION_CODE.get(calling_code, ()):
        if country == _WORLD:  # calling codes of no country, such as satellite services
            continue
        metadata = PhoneMetadata.metadata_for_region(country)
        if metadata is None:
            continue
        leading = re.compile(metadata.leading_digits) if metadata.leading_digits else None
        regions.append(Region(country, leading, _shape(metadata)))
    return tuple(regions)


_CALLING_CODES = frozenset(COUNTRY_CODE_TO_REGION_CODE)


def calling_code_of(number: str) -> int | None:
    """The calling code a number in E.164 starts with (no code is the start of another)."""
    for length in (1, 2, 3):
        code = int(number[1 : 1 + length])
        if code in _CALLING_CODES:
            return code
    return None


@lru_cache(maxsize=65_536)
def country_of(number: str) -> str | None:
    """The country (ISO 3166-1 alpha-2) of a real or reserved number, or None for no such number."""
    if reserved := phone_numbers.country_of(number):
        return reserved
    if not phone_numbers.E164.fullmatch(number) or (code := calling_code_of(number)) is None:
        return None
    digits = number[1 + len(str(code)) :]
    for region in _plan(code):
        if region.holds(digits):
            return region.country
    return None


def is_callable(number: str) -> bool:
    """Whether a message can be sent to a number: in E.164, somebody's or reserved, not premium."""
    return country_of(number) is not None and not number.startswith(PREMIUM)


def is_allowed(whitelist: Sequence[str], country: str | None) -> bool:
    """Whether a channel's list of countries lets a number through; an empty list allows all."""
    return not whitelist or EVERYWHERE in whitelist or country in whitelist


@lru_cache(maxsize=4096)
def national_format(number: str) -> str:
    """A number as it is written in its own country."""
    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


_KIND_NAMES = {
    phonenumbers.PhoneNumberType.FIXED_LINE: "fixed line",
    phonenumbers.PhoneNumberType.MOBILE: "mobile",
    phonenumbers.PhoneNumberType.TOLL_FREE: "toll free",
    phonenumbers.PhoneNumberType.PREMIUM_RATE: "premium rate",
    phonenumbers.PhoneNumberType.SHARED_COST: "shared cost",
    phonenumbers.PhoneNumberType.VOIP: "voip",
    phonenumbers.PhoneNumberType.PERSONAL_NUMBER: "personal number",
    phonenumbers.PhoneNumberType.PAGER: "pager",
    phonenumbers.PhoneNumberType.UAN: "uan",
    phonenumbers.PhoneNumberType.VOICEMAIL: "voicemail",
}


@lru_cache(maxsize=4096)
def kind_of(number: str) -> str:
    """What the plan keeps a number for, in the words of a lookup (facts.md#lookup-line-type)."""
    if (reserved := phone_numbers.range_of(number)) is not None:
        return reserved.kind
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    return _KIND_NAMES.get(kind, "fixed line or mobile")


def is_nanp(number: str) -> bool:
    """Whether a number belongs to the North American plan, the only one with portability data."""
    return number.startswith("+1")
