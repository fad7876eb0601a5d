"""When each journey starts: offsets in seconds, planned before the load begins (open loop)."""

from collections.abc import Callable, Iterator
from itertools import takewhile
from random import Random

from verify_harness.load.profile import Arrivals, Profile


def schedule(profile: Profile, seed: int, duration_s: float | None = None) -> tuple[float, ...]:
    """Planned starts in rising order; the same seed gives the same ones.

    `duration_s` leaves out the starts from that second on.
    """
    limit = float("inf") if duration_s is None else duration_s
    return tuple(takewhile(lambda offset: offset < limit, _all(profile, seed)))


def _all(profile: Profile, seed: int) -> Iterator[float]:
    begins_at = 0.0
    for place, stretch in enumerate(profile.arrivals):
        random = Random(f"arrivals:{seed}:{place}")
        for offset in _SHAPES[stretch.shape](stretch, random):
            yield begins_at + offset
        begins_at += stretch.duration_s


def _constant(stretch: Arrivals, _random: Random) -> Iterator[float]:
    """One start every 1 / rate seconds, the first at once."""
    count = round(stretch.rate_per_s * stretch.duration_s)
    return (index / stretch.rate_per_s for index in range(count))


def _poisson(stretch: Arrivals, random: Random) -> Iterator[float]:
    """Independent starts: the gaps are exponential with the mean 1 / rate."""
    offset = random.expovariate(stretch.rate_per_s)
    while offset < stretch.duration_s:
        yield offset
        offset += random.expovariate(stretch.rate_per_s)


_SHAPES: dict[str, Callable[[Arrivals, Random], Iterator[float]]] = {
    "constant": _constant,
    "poisson": _poisson,
}
