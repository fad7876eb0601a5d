"""Telephone numbers that belong to nobody: the only ones this harness ever generates.

Source: facts.md#reserved-ranges (the regulators' ranges for fiction, with their confidence). The
vendor's own sample numbers are not among them (facts.md#sample-numbers).
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
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
    kind: str = "fixed line or mobile"
    """What the plan keeps the range for, in the words of a lookup's `carrier.type`."""

    @property
    def size(self) -> int:
        """How many numbers the range holds."""
        return self.last - self.first + 1

    def number(self, index: int) -> str:
        """The number at `index` (0 to size - 1) in E.164."""
        return f"+{self.first + index}"


def _nanp(country: str, *area_codes: int) -> list[ReservedRange]:
    return [
        ReservedRange(country, int(f"1{code}5550100"), int(f"1{code}5550199"))
        for code in area_codes
    ]


def _block(country: str, kind: str, digits: int, *prefixes: str) -> list[ReservedRange]:
    """Ranges that are a prefix followed by `digits` free digits."""
    return [
        ReservedRange(country, int(prefix + "0" * digits), int(prefix + "9" * digits), kind)
        for prefix in prefixes
    ]


_AREAS: Mapping[str, tuple[int, ...]] = {
    "AG": (268,),
    "AI": (264,),
    "AS": (684,),
    "BB": (246,),
    "BM": (441,),
    "BS": (242,),
    "DM": (767,),
    "DO": (809, 829, 849),
    "GD": (473,),
    "GU": (671,),
    "JM": (658, 876),
    "KN": (869,),
    "KY": (345,),
    "LC": (758,),
    "MP": (670,),
    "MS": (664,),
    "PR": (787, 939),
    "SX": (721,),
    "TC": (649,),
    "TT": (868,),
    "VC": (784,),
    "VG": (284,),
    "VI": (340,),
    "CA": (
        *(204, 226, 236, 249, 250, 257, 263, 273, 289, 306, 343, 354, 365, 367, 368, 382, 403, 416),
        *(418, 428, 431, 437, 438, 450, 468, 474, 506, 514, 519, 548, 579, 581, 584, 587, 604, 613),
        *(639, 647, 672, 683, 705, 709, 742, 753, 778, 780, 782, 807, 819, 825, 867, 873, 879, 902),
        *(905, 942),
    ),
    "US": (
        *(201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 220),
        *(223, 224, 225, 227, 228, 229, 231, 234, 235, 239, 240, 248, 251, 252, 253, 254, 256, 260),
        *(262, 267, 269, 270, 272, 274, 276, 279, 281, 283, 301, 302, 303, 304, 305, 307, 308, 309),
        *(310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 323, 324, 325, 326, 327, 329, 330),
        *(331, 332, 334, 336, 337, 339, 341, 346, 347, 350, 351, 352, 353, 360, 361, 363, 364, 369),
        *(380, 385, 386, 401, 402, 404, 405, 406, 407, 408, 409, 410, 412, 413, 414, 415, 417, 419),
        *(423, 424, 425, 430, 432, 434, 435, 440, 442, 443, 445, 447, 448, 458, 463, 464, 469, 470),
        *(472, 475, 478, 479, 480, 484, 501, 502, 503, 504, 505, 507, 508, 509, 510, 512, 513, 515),
        *(516, 517, 518, 520, 530, 531, 534, 539, 540, 541, 551, 557, 559, 561, 562, 563, 564, 567),
        *(570, 571, 572, 573, 574, 575, 580, 582, 585, 586, 601, 602, 603, 605, 606, 607, 608, 609),
        *(610, 612, 614, 615, 616, 617, 618, 619, 620, 623, 626, 628, 629, 630, 631, 636, 640, 641),
        *(645, 646, 650, 651, 656, 657, 659, 660, 661, 662, 667, 669, 678, 680, 681, 682, 686, 689),
        *(701, 702, 703, 704, 706, 707, 708, 712, 713, 714, 715, 716, 717, 718, 719, 720, 724, 725),
        *(726, 727, 728, 730, 731, 732, 734, 737, 738, 740, 743, 747, 748, 754, 757, 760, 762, 763),
        *(765, 769, 770, 771, 772, 773, 774, 775, 779, 781, 785, 786, 801, 802, 803, 804, 805, 806),
        *(808, 810, 812, 813, 814, 815, 816, 817, 818, 820, 821, 826, 828, 830, 831, 832, 835, 838),
        *(839, 840, 843, 845, 847, 848, 850, 854, 856, 857, 858, 859, 860, 862, 863, 864, 865, 870),
        *(872, 878, 901, 903, 904, 906, 907, 908, 909, 910, 912, 913, 914, 915, 916, 917, 918, 919),
        *(920, 925, 928, 929, 930, 931, 934, 936, 937, 938, 940, 941, 943, 945, 947, 948, 949, 951),
        *(952, 954, 956, 959, 970, 971, 972, 973, 975, 978, 979, 980, 983, 984, 985, 986, 989),
    ),
}
"""Every geographic area code of the North American plan, by country (tests hold it to the plan).

Toll-free, personal and premium codes are left out: only parts of their 555 are reserved.
"""

NORTH_AMERICA = tuple(_AREAS)
"""The countries behind +1."""

_UK = (
    *("441632960", "442079460", "441914980", "442890180", "442920180"),
    *(f"44{area}4960" for area in (113, 114, 115, 116, 117, 118, 121, 131, 141, 151)),
)
_GERMANY = ("493023125", "496990009", "494066969", "492214710", "498999998")
_FRANCE = ("3319900", "3326191", "3335301", "3346571", "3353649")
_SWEDEN = ((46313900600, 46313900699), (46406280400, 46406280499))

RANGES: tuple[ReservedRange, ...] = tuple(
    sorted(
        [
            *_nanp("US", *_AREAS["US"]),
            *_nanp("CA", *_AREAS["CA"]),
            *_block("GB", "fixed line", 3, *_UK),
            *_block("GB", "mobile", 3, "447700900"),
            *_block("GB", "toll free", 3, "448081570"),
            *_block("GB", "uan", 3, "443069990"),
            *_block("DE", "fixed line", 3, *_GERMANY),
            *_block("DE", "mobile", 2, "4917139200", "4917604069"),
            *_block("FR", "fixed line", 4, *_FRANCE),
            *_block("FR", "mobile", 4, "3363998"),
            *(ReservedRange("SE", first, last, "fixed line") for first, last in _SWEDEN),
            ReservedRange("SE", 46701740605, 46701740699, "mobile"),
        ],
        key=lambda reserved: reserved.first,
    )
)
"""Every range we draw from, in order; facts.md#reserved-ranges has a few that are less sure."""

_FIRSTS = [reserved.first for reserved in RANGES]
_ENDS = list(accumulate(reserved.size for reserved in RANGES))
TOTAL = _ENDS[-1]
"""How many different numbers `nth` can give."""

_NANP_FICTION = re.compile(r"\+1([2-9][0-9]{2})55501[0-9]{2}", re.ASCII)
_COUNTRY_OF_AREA = {f"{code}": country for country, codes in _AREAS.items() for code in codes}


def range_of(number: str) -> ReservedRange | None:
    """The range we draw from that a number in E.164 lies in; None if it lies in none."""
    digits = int(number[1:])
    at = bisect_right(_FIRSTS, digits) - 1
    return RANGES[at] if at >= 0 and digits <= RANGES[at].last else None


def country_of(number: str) -> str | None:
    """The country of a reserved number (ISO 3166-1 alpha-2), or None if it is not reserved."""
    if not E164.fullmatch(number):
        return None
    if (reserved := range_of(number)) is not None:
        return reserved.country
    fiction = _NANP_FICTION.fullmatch(number)
    return _COUNTRY_OF_AREA.get(fiction.group(1)) if fiction else None


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
    drawn = tuple(reserved for reserved in RANGES if reserved.country == country)
    return drawn or tuple(_nanp(country, *_AREAS.get(country, ())))
