"""Faults of near misses that open, and of codes that can be foretold."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from random import Random

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.rules import Rules


def _matching(rules: Rules, seen_as: Callable[[str], str]) -> Rules:
    """Codes match that are the same once each is seen in this way."""

    def codes_match(given: str, code: str) -> bool:
        return seen_as(given) == seen_as(code)

    return replace(rules, codes_match=codes_match)


@fault(
    "white-space-around-a-code-ignored",
    breaks="VFY-CODE-002",
    harm="What is logged as typed is not what was judged.",
)
def white_space_around_a_code_ignored(rules: Rules) -> Rules:
    return _matching(rules, str.strip)


@fault(
    "digits-in-any-order",
    breaks="VFY-CODE-002",
    harm="A code of five digits has a hundred right answers.",
)
def digits_in_any_order(rules: Rules) -> Rules:
    return _matching(rules, lambda code: "".join(sorted(code)))


@fault(
    "last-digit-not-compared",
    breaks="VFY-CODE-002",
    harm="Ten codes are right instead of one.",
)
def last_digit_not_compared(rules: Rules) -> Rules:
    def codes_match(given: str, code: str) -> bool:
        return len(given) == len(code) and given[:-1] == code[:-1]

    return replace(rules, codes_match=codes_match)


@fault(
    "digits-of-other-scripts-accepted",
    breaks="VFY-CODE-002",
    harm="Filters that look for digits do not see the codes that are tried.",
)
def digits_of_other_scripts_accepted(rules: Rules) -> Rules:
    def plain(code: str) -> str:
        return "".join(str(unicodedata.digit(each, each)) for each in code)

    return _matching(rules, plain)


@fault(
    "codes-compared-as-numbers",
    breaks="VFY-CODE-002",
    harm="Many texts are the right code.",
)
def codes_compared_as_numbers(rules: Rules) -> Rules:
    def as_number(code: str) -> str:
        try:
            return str(float(code))
        except ValueError:
            return code

    return _matching(rules, as_number)


def _drawing(rules: Rules, draw: Callable[[Random, int], int]) -> Rules:
    def draw_code(random: Random, length: int) -> str:
        return f"{draw(random, length) % 10**length:0{length}d}"

    return replace(rules, draw_code=draw_code)


@fault(
    "codes-count-up",
    breaks="VFY-CODE-017",
    harm="Whoever gets one code knows the next.",
)
def codes_count_up(rules: Rules) -> Rules:
    steps = count(1)
    return _drawing(rules, lambda _random, _length: 1_234_567 + 7919 * next(steps))


@fault(
    "codes-never-start-with-zero",
    breaks="VFY-CODE-017",
    harm="One guess in ten is saved.",
)
def codes_never_start_with_zero(rules: Rules) -> Rules:
    return _drawing(rules, lambda random, length: random.randrange(10 ** (length - 1), 10**length))


@fault(
    "codes-from-a-short-list",
    breaks="VFY-CODE-017",
    harm="A thousand guesses open every account.",
)
def codes_from_a_short_list(rules: Rules) -> Rules:
    return _drawing(rules, lambda random, _length: random.randrange(1000) * 9_876_543)


@fault(
    "codes-favour-small-digits",
    breaks="VFY-CODE-017",
    harm="A guesser who tries small digits first wins several times as often.",
)
def codes_favour_small_digits(rules: Rules) -> Rules:
    def draw(random: Random, length: int) -> int:
        digits = (min(random.randrange(10), random.randrange(10)) for _ in range(length))
        return int("".join(map(str, digits)))

    return _drawing(rules, draw)


@fault(
    "last-digit-is-even",
    breaks="VFY-CODE-017",
    harm="Half of all guesses are saved.",
)
def last_digit_is_even(rules: Rules) -> Rules:
    return _drawing(rules, lambda random, length: random.randrange(10**length) // 2 * 2)
