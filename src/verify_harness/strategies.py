"""What hypothesis draws: telephone numbers, codes and DTMF digits, right and wrong.

Valid numbers come from the reserved ranges only (facts.md#reserved-ranges): a generator
must never be able to write to somebody. Every invalid number stays harmless too: strip it of what
makes it invalid and what is left is reserved, or no number at all.
"""

import string
from collections.abc import Callable

from hypothesis import strategies as st

from verify_harness import phone_numbers

Edit = Callable[[str], str]

_OTHER_DIGITS = ("٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "०१२३४५६७८९")  # noqa: RUF001 - on purpose
_DTMF = string.digits + "ABCD*#wW"


def e164_numbers() -> st.SearchStrategy[str]:
    """A number that belongs to nobody, in E.164."""
    return st.integers(0, phone_numbers.TOTAL - 1).map(phone_numbers.nth)


def invalid_numbers() -> st.SearchStrategy[str]:
    """A string that is no E.164 number, in a way that people and programs get it wrong."""
    return st.one_of(
        e164_numbers().map(lambda number: number[1:]),  # no plus
        e164_numbers().map(lambda number: "00" + number[1:]),  # an exit code in its place
        e164_numbers().map(lambda number: f"{number[:2]} ({number[2:5]}) {number[5:]}"),
        e164_numbers().map(lambda number: number + "x123"),  # an extension
        e164_numbers().map(lambda number: f"tel:{number}"),
        e164_numbers().map(lambda number: f" {number}"),
        e164_numbers().map(lambda number: f"{number}\n"),
        st.builds(_in_digits_of, e164_numbers(), st.sampled_from(_OTHER_DIGITS)),
        st.builds(_with_letter, e164_numbers(), st.sampled_from(string.ascii_letters)),
        st.text("0", min_size=16, max_size=40).map(lambda zeros: f"+1{zeros}"),  # too long
        st.text(string.digits, max_size=5).map(lambda digits: f"+1{digits}"),  # too short
        st.text("0", min_size=6, max_size=12).map(lambda zeros: f"+0{zeros}"),  # no country
        st.sampled_from(["", "+", "++13035550100", "not a number", "\u202e+13035550100", "+1 303"]),
    )


def codes(min_length: int = 4, max_length: int = 10) -> st.SearchStrategy[str]:
    """A numeric code; leading zeros are as likely as any other digit (facts.md#code-is-string)."""
    return st.text(string.digits, min_size=min_length, max_size=max_length)


def dtmf_digits() -> st.SearchStrategy[str]:
    """Digits to dial after the call is answered: 0-9, A-D, *, #, and the pauses w and W."""
    return st.text(_DTMF, min_size=1, max_size=50)


def invalid_dtmf_digits() -> st.SearchStrategy[str]:
    """Digits with one character that no keypad has."""
    return st.builds(_with_letter, dtmf_digits(), st.sampled_from("EFgz!., +-"))


def code_edits() -> st.SearchStrategy[Edit]:
    """Near misses of a code that are drawn at random: what a slip or a guess would type.

    The known ones, which are always tried, stand in `specs/worst_inputs.toml`.
    """
    return st.one_of(
        st.builds(_without, st.integers(0, 9)),
        st.builds(_repeating, st.integers(0, 9)),
        st.builds(lambda digits: lambda code: _in_digits_of(code, digits), _other_digits()),
        st.builds(_swapping, st.integers(0, 8)),
        st.builds(_changing, st.integers(0, 9), st.integers(1, 9)),
        codes().map(lambda other: lambda _: other),
    )


def _other_digits() -> st.SearchStrategy[str]:
    return st.sampled_from(_OTHER_DIGITS)


def _in_digits_of(text: str, digits: str) -> str:
    return text.translate(str.maketrans(string.digits, digits))


def _with_letter(text: str, letter: str) -> str:
    middle = len(text) // 2
    return text[:middle] + letter + text[middle:]


def _without(position: int) -> Edit:
    """One digit left out."""

    def edit(code: str) -> str:
        at = position % len(code)
        return code[:at] + code[at + 1 :]

    return edit


def _repeating(position: int) -> Edit:
    """One digit typed twice."""

    def edit(code: str) -> str:
        at = position % len(code)
        return code[: at + 1] + code[at:]

    return edit


def _swapping(position: int) -> Edit:
    """Two neighbouring digits exchanged."""

    def edit(code: str) -> str:
        at = position % max(1, len(code) - 1)
        return code[:at] + code[at : at + 2][::-1] + code[at + 2 :]

    return edit


def _changing(position: int, by: int) -> Edit:
    """One digit changed."""

    def edit(code: str) -> str:
        at = position % len(code)
        return code[:at] + str((int(code[at]) + by) % 10) + code[at + 1 :]

    return edit
