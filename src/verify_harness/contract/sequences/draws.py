"""The steps of a sequence: a move by its name, and the seed of what it draws."""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")
_NEWEST = 8
"""Among how many of the newest things a step chooses."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step; left out of a sequence, it changes nothing that the others draw."""

    move: str
    seed: int


@dataclass(slots=True)
class Draw:
    """What one step draws."""

    step: Step
    rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """The same seed draws the same."""
        self.rng = random.Random(self.step.seed)

    def chance(self, share: float) -> bool:
        """Whether something happens that happens in this share of all cases."""
        return self.rng.random() < share

    def one(self, items: Sequence[T]) -> T:
        """One of some values."""
        return self.rng.choice(items)

    def thing(self, items: Sequence[T], origin: Callable[[T], str]) -> T:
        """One of the newest things, the same one while it is there.

        Each thing is ranked by a hash of the step and of where it comes from: a sequence that is
        cut down loses things, and the choice among the others stays.
        """
        return max(items[-_NEWEST:], key=lambda item: _rank(self.step.seed, origin(item)))


def _rank(seed: int, origin: str) -> bytes:
    return hashlib.blake2b(f"{seed}:{origin}".encode(), digest_size=8).digest()
