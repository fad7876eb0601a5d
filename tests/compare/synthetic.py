"""Load runs that never happened: lognormal latencies on a machine with moods.

Arrivals are Poisson. All latencies of a second share a factor that wanders (AR(1), with a memory of
some seconds), and now and then a second is twice as slow, as it is where somebody collects garbage.
"""

import math
from dataclasses import dataclass
from random import Random

from verify_harness.compare.bootstrap import Counts
from verify_harness.compare.run_reader import LoadTimes, StepSlots
from verify_harness.journal.embedded import LoadProfile

SPREAD = 0.5
"""Sigma of the lognormal latencies."""
MEMORY = 0.8
"""How much of its mood a machine keeps from one second to the next."""
MOOD = 0.03
"""The moods' standard deviation, as a logarithm."""
SLOW_SECONDS = 0.01
_BEYOND_A_TENTH = 1.2816
STEPS = {"trigger": (40.0, 20_000), "check": (40.0, 12_000), "status": (20.0, 6_000)}
"""Requests a second, and the median latency in µs."""


@dataclass(frozen=True, slots=True)
class Build:
    """What a build does to latencies; 1.0 is nothing."""

    slower: float = 1.0
    """Every answer of the first step."""
    tail_slower: float = 1.0
    """The slowest tenth of the first step's answers."""


def profile(name: str) -> LoadProfile:
    """A profile of that name that says nothing else."""
    return LoadProfile(name=name, title="", scenario="", arrivals=(), mix={})


def load_run(
    seed: object, build: Build = Build(), seconds: int = 120, busier: float = 1.0
) -> LoadTimes:
    """A run of `STEPS`, each `busier` times as busy."""
    steps = {}
    for place, (name, (rate_per_s, median_us)) in enumerate(STEPS.items()):
        own = build if place == 0 else Build()
        random = Random(f"{seed}:{name}")
        slots = _seconds(random, own, seconds, rate_per_s * busier, median_us)
        steps[name] = StepSlots(slots, [(0, sum(slot.values())) for slot in slots])
    return LoadTimes(profile("synthetic"), seconds, 1, steps)


def _seconds(
    random: Random, build: Build, seconds: int, rate_per_s: float, median_us: float
) -> list[Counts]:
    mood, found = random.gauss(0, MOOD), []
    for _ in range(seconds):
        mood = MEMORY * mood + random.gauss(0, MOOD * math.sqrt(1 - MEMORY**2))
        slow = 2.0 if random.random() < SLOW_SECONDS else 1.0
        middle_us = median_us * slow * math.exp(mood) * build.slower
        found.append(_second(random, build, rate_per_s, middle_us))
    return found


def _second(random: Random, build: Build, rate_per_s: float, middle_us: float) -> Counts:
    counts: dict[int, int] = {}
    at = random.expovariate(rate_per_s)
    while at < 1:
        luck = random.gauss(0, 1)
        tail = build.tail_slower if luck > _BEYOND_A_TENTH else 1.0
        value = _as_kept(middle_us * math.exp(SPREAD * luck) * tail)
        counts[value] = counts.get(value, 0) + 1
        at += random.expovariate(rate_per_s)
    return counts


def _as_kept(microseconds: float) -> int:
    """With the eleven bits that a histogram of three digits keeps."""
    value = round(microseconds)
    shift = max(0, value.bit_length() - 11)
    return value >> shift << shift
