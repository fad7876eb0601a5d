"""Telephone numbers that belong to nobody: the only ones this harness ever generates.

Source: facts.md#reserved-ranges (the regulators' ranges for fiction, with their confidence). The
vendor's own sample numbers are not among them (facts.md#sample-numbers).
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
"""A plus sign, a country code that does not start with zero, 7 to 15 digits in all (E.164)."""


@dataclass(frozen=True)
class ReservedRange:
    """Consecutive numbers of one country that no subscriber can have; both ends included."""

    country: str
    """ISO 3166-1 alpha-2."""
    first: int
    last: int

    @property
    def size(self) -> int:
        """How many numbers the range holds."""
        return self.last - self.first + 1

    def number(self, index: int) -> str:
        """The number at `index` (0 to size - 1) in E.164."""
        return f"+{self.first + index}"


def _nanp(country: str, *area_codes: int) -> list[ReservedRange]:
    return [
        ReservedRange(country, *(int(f"1{code}5550{end}") for end in (100, 199)))
        for code in area_codes
    ]


def _block(country: str, digits: int, *prefixes: str) -> list[ReservedRange]:
    """Ranges that are a prefix followed by `digits` free digits."""
    return [
        ReservedRange(country, int(prefix + "0" * digits), int(prefix + "9" * digits))
        for prefix in prefixes
    ]


_AREAS_US = (
    *(201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224),
    *(225, 228, 229, 231, 234, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270),
    *(276, 281, 301, 302, 303, 304, 305, 307, 308, 309, 310, 312, 313, 314, 315, 316, 317, 318),
    *(319, 320, 321, 323, 325, 330, 334, 336, 337, 339, 347, 351, 352, 360, 361, 386, 401, 402),
    *(404, 405, 406, 407, 408, 409, 410, 412, 413, 414, 415, 417, 419, 423, 425, 432, 434, 435),
    *(440, 443, 469, 478, 479, 480, 484, 501, 502, 503, 504, 505, 507, 508, 509, 510, 512, 513),
)
_AREAS_CA = (204, 250, 306, 403, 416, 418, 450, 506, 514, 519, 604, 613, 647, 705, 709, 780, 902)

_UK = (
    *("447700900", "441632960", "442079460", "441914980", "442890180", "442920180"),
    *(f"44{area}4960" for area in (113, 114, 115, 116, 117, 118, 121, 131, 141, 151)),
    *("448081570", "443069990"),
)
_GERMANY = ("493023125", "496990009", "494066969", "492214710", "498999998")
_FRANCE = ("3319900", "3326191", "3335301", "3346571", "3353649", "3363998")
_SWEDEN = ((46701740605, 46701740699), (46313900600, 46313900699), (46406280400, 46406280499))

RANGES: tuple[ReservedRange, ...] = tuple(
    sorted(
        [
            *_nanp("US", *_AREAS_US),
            *_nanp("CA", *_AREAS_CA),
            *_block("GB", 3, *_UK),
            *_block("DE", 3, *_GERMANY),
            *_block("DE", 2, "4917139200", "4917604069"),
            *_block("FR", 4, *_FRANCE),
            *(ReservedRange("SE", first, last) for first, last in _SWEDEN),
        ],
        key=lambda reserved: reserved.first,
    )
)
"""Every range we draw from, in order; facts.md#reserved-ranges has a few that are less sure."""

_FIRSTS = [reserved.first for reserved in RANGES]
_ENDS = list(accumulate(reserved.size for reserved in RANGES))
TOTAL = _ENDS[-1]
"""How many different numbers `nth` can give."""

_NANP_FICTION = re.compile(r"\+1[2-9][0-9]{2}55501[0-9]{2}", re.ASCII)


def country_of(number: str) -> str | None:
    """The country of a reserved number (ISO 3166-1 alpha-2), or None if it is not reserved."""
    if not E164.fullmatch(number):
        return None
    digits = int(number[1:])
    at = bisect_right(_FIRSTS, digits) - 1
    if at >= 0 and digits <= RANGES[at].last:
        return RANGES[at].country
    return "US" if _NANP_FICTION.fullmatch(number) else None


def is_reserved(number: str) -> bool:
    """Whether nobody can own this number, so that a message to it reaches no one."""
    return country_of(number) is not None


def nth(index: int) -> str:
    """A reserved number for any index >= 0; all indexes below `TOTAL` give different ones."""
    index %= TOTAL
    at = bisect_right(_ENDS, index)
    return RANGES[at].number(index - (_ENDS[at - 1] if at else 0))


def in_country(country: str) -> tuple[ReservedRange, ...]:
    """The reserved ranges of one country; empty if we know none."""
    return tuple(reserved for reserved in RANGES if reserved.country == country)
