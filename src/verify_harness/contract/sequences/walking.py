"""Walking a sequence, and cutting down one that ended at a divergence."""

import random
import time
from collections.abc import Iterable

from verify_harness.contract.api import Api
from verify_harness.contract.context import CheckContext, on_fresh_tenants
from verify_harness.contract.sequences import (
    check_moves,
    limit_moves,
    list_moves,
    lookup_moves,
    profile_moves,
    template_moves,
    trigger_moves,
)
from verify_harness.contract.sequences.draws import Step
from verify_harness.contract.sequences.moves import drawn, take
from verify_harness.contract.sequences.world import Diverged, World

MOVE_MODULES = (
    check_moves,
    limit_moves,
    list_moves,
    lookup_moves,
    profile_moves,
    template_moves,
    trigger_moves,
)
"""Importing them registers their moves."""
_SHRINK_WITHIN_SECS = 10.0


def walk(check: CheckContext, api: Api, walks: int, steps: int) -> None:
    """Walk some random sequences; the first divergence is cut down, repeated and reported.

    A target without tenants to mint gets one sequence, which is not repeated: each trigger of it
    may cost money.
    """
    can_repeat = check.target.offers("tenants")
    for index in range(walks if can_repeat else 1):
        name = f"walk-{index}"
        rng = random.Random(f"{check.seed}:{name}")
        sequence = drawn(rng, steps, check.target.offers)
        found = divergence(check, api, name, sequence, is_last=not can_repeat)
        if found is None:
            continue
        if can_repeat and check.kept is not None:
            shortest = shortened(check, api, name, sequence[: found[0] + 1], found[1])
            divergence(check, api, name, shortest, is_last=True)
        elif can_repeat:
            report(check, found[1], sequence[: found[0] + 1])
        return


def divergence(
    check: CheckContext, api: Api, name: str, sequence: Iterable[Step], *, is_last: bool
) -> tuple[int, Diverged] | None:
    """The step that diverged first, and how; None where the model allows everything.

    The last time, exchanges are journalled and the divergence becomes a finding.
    """
    with on_fresh_tenants(check, name, kept=is_last) as fresh:
        world = World(fresh, api)
        for index, step in enumerate(sequence):
            try:
                take(world, step)
            except Diverged as found:
                if is_last:
                    report(fresh, found, tuple(sequence))
                return index, found
    return None


def report(check: CheckContext, found: Diverged, sequence: tuple[Step, ...]) -> None:
    """Make a divergence a finding of the requirement that it breaks."""
    first = found.divergences[0]
    moves = ", then ".join(step.move.replace("_", " ") for step in sequence[-4:])
    sentence = f"{found.call.operation}: {first}; after: {moves}"
    check.findings.report(first.requirement, sentence)


def shortened(
    check: CheckContext, api: Api, name: str, sequence: tuple[Step, ...], wanted: Diverged
) -> tuple[Step, ...]:
    """The sequence without the steps that are not needed to break the same requirement."""
    until = time.monotonic() + _SHRINK_WITHIN_SECS
    requirement = wanted.divergences[0].requirement
    size = max(1, len(sequence) // 2)
    while size:
        start = 0
        while start < len(sequence) and time.monotonic() < until:
            shorter = sequence[:start] + sequence[start + size :]
            found = divergence(check, api, name, shorter, is_last=False)
            if found is not None and found[1].divergences[0].requirement == requirement:
                sequence = shorter[: found[0] + 1]
            else:
                start += size
        size //= 2
    return sequence
