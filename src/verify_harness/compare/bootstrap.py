"""How far a figure of a load run would have come out elsewhere by chance.

Requests of one moment share their fate, so single requests tell less than their number promises.
What is drawn again is therefore whole stretches of time (moving-block bootstrap, Künsch 1989).
Even these are cut out of longer moods of a machine, so they are drawn in two lengths, and what the
error grows by from the one to the other is added (tests/compare holds this to its promise).
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random
from statistics import NormalDist

RESAMPLES = 300
MOST_BLOCKS = 24
LEAST_BLOCK_SECS = 5

_RESOLUTION = 0.001
"""Two neighbouring values of a histogram of three digits: no latency is known better than that."""

Counts = Mapping[int, int]
"""How many answers took how many microseconds, in one slot of time."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks of every resample of a run; all figures of a run share them."""

    length: int
    """Of a block, in slots."""
    draws: Sequence[Sequence[int]]
    """For each resample the slots at which its blocks begin."""

    @property
    def freedom(self) -> int:
        """Degrees of freedom: the blocks less one."""
        return len(self.draws[0]) - 1

    def sums(self, by_slot: Sequence[int]) -> list[int]:
        """For each slot the sum over the block that begins there; the end goes on at the start."""
        sums = [0, *accumulate([*by_slot, *by_slot[: self.length - 1]])]
        return [sums[start + self.length] - sums[start] for start in range(len(by_slot))]


TwoBlocks = tuple[Blocks, Blocks]
"""Of one length, and of twice that length."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its standard error; both as logarithms for latencies, else as shares."""

    value: float
    error: float
    freedom: int


def draw_blocks(slots: int, slot_secs: int = 1, seed: int = 0) -> TwoBlocks:
    """The blocks to draw from a run of so many slots; it lasts 100 seconds at least."""
    shortest = max(-(-LEAST_BLOCK_SECS // slot_secs), slots // MOST_BLOCKS)
    return _drawn(slots, shortest, seed), _drawn(slots, 2 * shortest, seed)


def _drawn(slots: int, length: int, seed: int) -> Blocks:
    random, blocks = Random(f"blocks:{seed}:{length}"), slots // length
    return Blocks(length, [random.choices(range(slots), k=blocks) for _ in range(RESAMPLES)])


_Figure = Callable[[int, Sequence[int]], float]
"""A figure of what was drawn: numbers of slots (0), or of blocks of either length (1, 2)."""


def log_percentiles(
    slots: Sequence[Counts], percentiles: Sequence[float], blocks: TwoBlocks
) -> list[Estimate]:
    """The logarithm of each percentile of all slots together; there is at least one answer."""
    values = sorted(set().union(*slots))
    ranked = [_ranked(slot) for slot in slots]

    @cache  # the search for a percentile looks at few values, again and again
    def not_above(place: int) -> tuple[list[int], ...]:
        value = values[place]
        by_slot = [sums[bisect_right(keys, value)] for keys, sums in ranked]
        return by_slot, *(one.sums(by_slot) for one in blocks)

    def figure_of(share: float) -> _Figure:
        def figure(kind: int, drawn: Sequence[int]) -> float:
            low, high = 0, len(values) - 1
            wanted = share * sum(map(not_above(high)[kind].__getitem__, drawn))
            while low < high:
                middle = (low + high) // 2
                is_enough = sum(map(not_above(middle)[kind].__getitem__, drawn)) >= wanted
                low, high = (low, middle) if is_enough else (middle + 1, high)
            return math.log(values[low])

        return figure

    figures = (figure_of(percentile / 100) for percentile in percentiles)
    return [_estimate(figure, len(slots), blocks, _RESOLUTION) for figure in figures]


def _ranked(slot: Counts) -> tuple[list[int], list[int]]:
    """The values of a slot in rising order, and how many answers lie below each next one."""
    keys = sorted(slot)
    return keys, [0, *accumulate(slot[key] for key in keys)]


def share(slots: Sequence[tuple[int, int]], blocks: TwoBlocks) -> Estimate:
    """The share of `(some, all)` over all slots, from 0 to 1; there is at least one request."""
    columns = [[slot[which] for slot in slots] for which in (0, 1)]
    some, total = ([column, *(one.sums(column) for one in blocks)] for column in columns)

    def figure(kind: int, drawn: Sequence[int]) -> float:
        everything = sum(map(total[kind].__getitem__, drawn))
        return sum(map(some[kind].__getitem__, drawn)) / (everything or 1)

    return _estimate(figure, len(slots), blocks, 0.0)


def _estimate(figure: _Figure, slots: int, blocks: TwoBlocks, least_error: float) -> Estimate:
    """The figure, and its error as if the blocks were as long as the longest mood."""
    short, long = (
        _variance([figure(kind, drawn) for drawn in one.draws]) * (1 + 1 / one.freedom)
        for kind, one in enumerate(blocks, start=1)
    )
    error = math.sqrt(max(short, 2 * long - short))
    return Estimate(figure(0, range(slots)), max(error, least_error), blocks[0].freedom)


def _variance(values: Sequence[float]) -> float:
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


@dataclass(frozen=True, slots=True)
class Difference:
    """What one estimate is above another, and how sure that is."""

    value: float
    error: float
    freedom: float

    @classmethod
    def of(cls, before: Estimate, after: Estimate) -> "Difference":
        """After less before (Welch 1947: the two errors need not be alike)."""
        squares = before.error**2, after.error**2
        total = sum(squares)
        if total == 0:
            return cls(after.value - before.value, 0.0, 1.0)
        weights = squares[0] ** 2 / before.freedom + squares[1] ** 2 / after.freedom
        return cls(after.value - before.value, math.sqrt(total), total**2 / weights)

    @property
    def p_value(self) -> float:
        """How likely a difference this large, either way, is by chance alone."""
        if self.error == 0:
            return 1.0 if self.value == 0 else 0.0
        t, freedom = abs(self.value) / self.error, self.freedom
        z = _narrowing(freedom) * math.sqrt(freedom * math.log1p(t * t / freedom))
        return 2 * NormalDist().cdf(-z)

    def interval(self, doubt: float) -> tuple[float, float]:
        """Where the difference lies but for that doubt, such as 0.01."""
        z = NormalDist().inv_cdf(1 - doubt / 2) / _narrowing(self.freedom)
        t = math.sqrt(self.freedom * math.expm1(z * z / self.freedom))
        return self.value - t * self.error, self.value + t * self.error


def _narrowing(freedom: float) -> float:
    """From Student's t to the normal distribution, good to three digits (Wallace 1959)."""
    return (8 * freedom + 1) / (8 * freedom + 3)


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values adjusted for their number (Holm 1979), in the order in which they came."""
    adjusted, most = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        most = max(most, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = most
    return adjusted
