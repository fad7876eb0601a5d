"""The people of a load run, drawn from the profile's shares and the seed; no network."""

from dataclasses import dataclass
from random import Random

from verify_harness import numbers
from verify_harness.load.profile import Profile, Span

CODE_LENGTH = 5
"""The API's default length of a code (facts §3.3)."""

_UNKNOWN_CODE_LENGTH = 10
"""Length of a guess at a code we cannot know: the documented longest, so never right by luck."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who verifies a number once."""

    index: int
    channel: str
    number: str
    code: str | None
    """The custom code they bring; None where the channel takes none (flashcall, facts §3.3)."""
    typed_codes: tuple[str, ...]
    """What they type, one after the other."""
    delivery_delay_s: float
    typing_time_s: float

    def acceptable_answers(self, typed: str) -> frozenset[str]:
        """The `response_code` values that are right for a code they typed."""
        return frozenset({"accepted" if typed == self.code else "rejected"})


class Crowd:
    """Everybody who may arrive in one run; the same for the same profile and seed."""

    def __init__(self, profile: Profile, seed: int) -> None:
        self._profile = profile
        self._seed = seed
        self._first_number = Random(f"numbers:{seed}").randrange(numbers.TOTAL)

    def person(self, index: int) -> Person:
        """The person who arrives as number `index`; neighbours never share a telephone number."""
        random = Random(f"person:{self._seed}:{index}")
        channel = random.choices(list(self._profile.mix), [*self._profile.mix.values()])[0]
        code = None if channel == "flashcall" else _digits(random, CODE_LENGTH)
        mistypes = random.uniform(0, 100) < self._profile.shares.wrong_code
        return Person(
            index=index,
            channel=channel,
            number=numbers.nth(self._first_number + index),
            code=code,
            typed_codes=_typed(random, code, mistypes=mistypes),
            delivery_delay_s=_between(random, self._profile.waits.delivery_delay_s),
            typing_time_s=_between(random, self._profile.waits.typing_time_s),
        )


def _typed(random: Random, code: str | None, *, mistypes: bool) -> tuple[str, ...]:
    if code is None:
        return (_digits(random, _UNKNOWN_CODE_LENGTH),)
    return (_mistyped(random, code), code) if mistypes else (code,)


def _mistyped(random: Random, code: str) -> str:
    """The code with one digit changed."""
    at = random.randrange(len(code))
    other = (int(code[at]) + random.randrange(1, 10)) % 10
    return f"{code[:at]}{other}{code[at + 1 :]}"


def _digits(random: Random, length: int) -> str:
    return f"{random.randrange(10**length):0{length}d}"


def _between(random: Random, span: Span) -> float:
    return random.uniform(*span)
