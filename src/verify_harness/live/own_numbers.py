"""The file of the user's own numbers: the only ones that a live run may send to or look up."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec

from verify_harness import phone_numbers, toml_files
from verify_harness.errors import ContentError, NumberNotOwned

_Number = Annotated[str, msgspec.Meta(pattern=rf"^{phone_numbers.E164.pattern}$")]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    numbers: Annotated[tuple[_Number, ...], msgspec.Meta(min_length=1)]


def read(path: Path) -> Mapping[str, str]:
    """The numbers of a file, in order, with the country of each (ISO 3166-1 alpha-2).

    Raises ContentError for what is no number in E.164, or belongs to no country.
    """
    hint = 'a line such as numbers = ["+12025550101"], with telephones that are yours'
    numbers = toml_files.read(path, _File, hint=hint).numbers
    return {number: _country(path, number) for number in numbers}


def chosen(numbers: Mapping[str, str], wanted: str | None) -> str:
    """The number to use: the one that is asked for, else the first; raises NumberNotOwned."""
    if wanted is None:
        return next(iter(numbers))
    if wanted not in numbers:
        raise NumberNotOwned(wanted)
    return wanted


def masked(number: str) -> str:
    """A number as it may be printed."""
    return f"..{number[-2:]}"


def _country(path: Path, number: str) -> str:
    import phonenumbers  # noqa: PLC0415 - its tables take longer to load than most commands run

    country = phone_numbers.country_of(number)
    with suppress(phonenumbers.NumberParseException):
        country = country or phonenumbers.region_code_for_number(phonenumbers.parse(number))
    if country is None or not country.isalpha():  # "001" stands for what belongs to no country
        raise ContentError(f"{path}: the number {masked(number)} belongs to no country.")
    return str(country)
