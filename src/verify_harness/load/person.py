"""The people of a load run, drawn from the profile's shares and the seed; no network."""

from dataclasses import dataclass
from random import Random

from verify_harness import phone_numbers
from verify_harness.load.profile import HABITS, Profile, Shares, Span

CODE_LENGTH = 5
"""The API's default length of a code (facts.md#code-length-default)."""

WRONG_CODES_THAT_LOCK = 5
"""After so many wrong codes the right one is rejected too (VFY-CODE-006)."""

LATE_TIMEOUT_SECS = 2
LATE_BY_SECS = 1.5
"""Who is late asks for a short life of the code and types this long after its end."""

_UNKNOWN_CODE_LENGTH = 10
"""Length of a guess at a code we cannot know: the documented longest, so never right by luck."""

_EXTRAS = ("by_number", "status_polling", "list_by_number", "lookup", "profile_admin")


@dataclass(frozen=True, slots=True)
class Attempt:
    """A code that somebody types, and what must be answered."""

    code: str
    expected: str
    """`accepted` or `rejected`."""
    requirement: str
    """What is broken if the answer is another one."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who verifies a number once."""

    index: int
    channel: str
    number: str
    code: str | None
    """The custom code they bring; None where the channel takes none (facts.md#flashcall-fields)."""
    attempts: tuple[Attempt, ...]
    """What they type, one after the other."""
    delivery_delay_s: float
    typing_time_s: float
    habits: frozenset[str] = frozenset()
    """The names of the shares they belong to."""

    def does(self, share: str) -> bool:
        """Whether the person is one of those that a share counts, such as `abandon`."""
        return share in self.habits

    @property
    def timeout_secs(self) -> int | None:
        """How long their code shall live; None leaves that to the profile."""
        return LATE_TIMEOUT_SECS if self.does("late_code") else None


class Population:
    """Everybody who may arrive in one run; the same for the same profile and seed."""

    def __init__(self, profile: Profile, seed: int) -> None:
        self._profile = profile
        self._seed = seed
        self._first_number = Random(f"numbers:{seed}").randrange(phone_numbers.TOTAL)
        self._channels = list(profile.mix)
        self._weights = [*profile.mix.values()]
        self._habits = _with_share(profile.shares, HABITS)
        self._extras = _with_share(profile.shares, _EXTRAS)

    def person(self, index: int) -> Person:
        """The person who arrives as number `index`; neighbours never share a telephone number."""
        random = Random(self._seed * 1_000_003 + index)
        channel = random.choices(self._channels, self._weights)[0]
        code = None if channel == "flashcall" else _digits(random, CODE_LENGTH)
        habits = self._draw_habits(random)
        if code is None:
            habits &= {"abandon", *_EXTRAS}  # the others need the right code
        return Person(
            index=index,
            channel=channel,
            number=phone_numbers.nth(self._first_number + index),
            code=code,
            attempts=_attempts(random, code, habits),
            delivery_delay_s=_between(random, self._profile.waits.delivery_delay_s),
            typing_time_s=_between(random, self._profile.waits.typing_time_s),
            habits=habits,
        )

    def _draw_habits(self, random: Random) -> frozenset[str]:
        """At most one of the habits that exclude one another, and any of the extras."""
        drawn = random.uniform(0, 100)
        found = set()
        for name, share in self._habits:
            if 0 <= drawn < share:
                found.add(name)
            drawn -= share
        found.update(name for name, share in self._extras if random.uniform(0, 100) < share)
        if "late_code" in found:
            found.discard("status_polling")  # nobody knows what a code reads that is about to end
        return frozenset(found)


def _with_share(shares: Shares, names: tuple[str, ...]) -> list[tuple[str, float]]:
    return [(name, share) for name in names if (share := getattr(shares, name)) > 0]


def _attempts(random: Random, code: str | None, habits: frozenset[str]) -> tuple[Attempt, ...]:
    if "abandon" in habits:
        return ()
    if code is None:
        return (_wrong(_digits(random, _UNKNOWN_CODE_LENGTH)),)
    right = Attempt(code, "accepted", "VFY-CODE-001")
    mistakes = WRONG_CODES_THAT_LOCK if "lock_out" in habits else "wrong_code" in habits
    wrong = tuple(_wrong(_mistyped(random, code)) for _ in range(mistakes))
    if "lock_out" in habits:
        return *wrong, Attempt(code, "rejected", "VFY-CODE-006")
    if "late_code" in habits:
        return (Attempt(code, "rejected", "VFY-CODE-005"),)
    if "replay" in habits:
        return right, Attempt(code, "rejected", "VFY-CODE-004")
    return *wrong, right


def _wrong(code: str) -> Attempt:
    return Attempt(code, "rejected", "VFY-CODE-002")


def _mistyped(random: Random, code: str) -> str:
    """The code with one digit changed."""
    at = random.randrange(len(code))
    other = (int(code[at]) + random.randrange(1, 10)) % 10
    return f"{code[:at]}{other}{code[at + 1 :]}"


def _digits(random: Random, length: int) -> str:
    return f"{random.randrange(10**length):0{length}d}"


def _between(random: Random, span: Span) -> float:
    return random.uniform(*span)
