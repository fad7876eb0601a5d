"""Every move by its name, how often it is drawn, and what it needs."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from verify_harness.contract.sequences.draws import Draw, Step
from verify_harness.contract.sequences.world import World

Move = Callable[[World, Draw], None]


@dataclass(frozen=True, slots=True)
class KnownMove:
    """A move, how often it is drawn, and the levers that it needs."""

    run: Move
    weight: int
    levers: frozenset[str]


MOVES: dict[str, KnownMove] = {}
"""Every move by its name; filled by the modules that hold them."""


def move(weight: int, *levers: str) -> Callable[[Move], Move]:
    """Register a function as a move of its own name."""

    def register(function: Move) -> Move:
        MOVES[function.__name__] = KnownMove(function, weight, frozenset(levers))
        return function

    return register


def drawn(rng: random.Random, count: int, offers: Callable[[str], bool]) -> tuple[Step, ...]:
    """Random steps, of moves whose levers a target offers."""
    possible = {name: each for name, each in MOVES.items() if all(map(offers, each.levers))}
    names = rng.choices(list(possible), [each.weight for each in possible.values()], k=count)
    return tuple(Step(name, rng.getrandbits(48)) for name in names)


def take(world: World, step: Step) -> None:
    """Take one step; raises Diverged at the first answer that the model does not allow."""
    world.step = step
    MOVES[step.move].run(world, Draw(step))
