"""The highest arrival rate that keeps the SLO: growth, bisection, a confirmed winner."""

from collections.abc import Callable
from dataclasses import dataclass, field

from verify_harness.errors import NoVerdict
from verify_harness.journal.embedded import Capacity, Probe

FIRST_RATE_PER_S = 10.0
PRECISION = 0.04
"""The search ends when the lowest missed rate is this much above the highest kept one."""
_GROWTH = 2.0
_MOST_PROBES = 40
_LEAST_RATE_PER_S = 0.5


class GeneratorExhausted(NoVerdict):
    """At this rate the measurement itself is worth nothing."""

    ends = "this machine can offer no more"


class CeilingAllowsNoMore(GeneratorExhausted):
    """A probe at this rate would send more triggers than the ceiling leaves."""

    ends = "the ceiling allows no more"


@dataclass(slots=True)
class _Search:
    measure: Callable[[float], Probe]
    probes: list[Probe] = field(default_factory=list)

    def keeps(self, rate_per_s: float) -> bool:
        if len(self.probes) >= _MOST_PROBES:
            raise NoVerdict(
                f"no capacity found in {_MOST_PROBES} probes: the target's answers vary too much.",
                hint="give it longer probes: --probe-secs",
            )
        self.probes.append(self.measure(rate_per_s))
        return self.probes[-1].kept


def search(measure: Callable[[float], Probe], first_per_s: float = FIRST_RATE_PER_S) -> Capacity:
    """Find the capacity with as few probes as are needed; raises NoVerdict where there is none.

    `measure` tries a rate; it raises GeneratorExhausted where this machine cannot offer it.
    """
    tries = _Search(measure)
    low, high, ends = _bracket(tries, first_per_s)
    while True:
        while high > low * (1 + PRECISION):
            middle = (low + high) / 2
            try:
                low, high = (middle, high) if tries.keeps(middle) else (low, middle)
            except GeneratorExhausted as error:
                high, ends = middle, error.ends
        if tries.keeps(low):
            return Capacity(low, None if ends else high, tuple(tries.probes), ends)
        low, high, ends = low / (1 + 2 * PRECISION), low, None
        if low < _LEAST_RATE_PER_S:
            raise _nothing_kept(low)


def _bracket(tries: _Search, first_per_s: float) -> tuple[float, float, str | None]:
    """A rate that is kept and one that is not, as growth (or decline) finds them.

    With the reason where the higher one was not missed, but could not be tried.
    """
    rate = first_per_s
    if not tries.keeps(rate):
        while not tries.keeps(rate / _GROWTH):
            rate /= _GROWTH
            if rate < _LEAST_RATE_PER_S:
                raise _nothing_kept(rate)
        return rate / _GROWTH, rate, None
    try:
        while tries.keeps(rate * _GROWTH):
            rate *= _GROWTH
    except GeneratorExhausted as error:
        return rate, rate * _GROWTH, error.ends
    return rate, rate * _GROWTH, None


def _nothing_kept(rate_per_s: float) -> NoVerdict:
    return NoVerdict(
        f"even at {rate_per_s:g} journeys a second the SLO is missed.",
        hint="run `load run` at a low rate first, and look at its SLO table",
    )
