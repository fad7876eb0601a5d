"""When each journey starts: offsets in seconds, planned before the load begins (open loop)."""

from collections.abc import Iterator
from itertools import count, pairwise, takewhile
from math import sqrt
from random import Random

from verify_harness.load.profile import Arrivals, Profile

Curve = tuple[tuple[float, float], ...]
"""Corners (second, journeys per second); between two of them the rate changes evenly."""


def schedule(profile: Profile, seed: int, duration_s: float | None = None) -> tuple[float, ...]:
    """Planned starts in rising order; the same seed gives the same ones.

    `duration_s` leaves out the starts from that second on. A `closed` stretch plans none: its
    people start when they are free.
    """
    limit = float("inf") if duration_s is None else duration_s
    return tuple(takewhile(lambda offset: offset < limit, _all(profile, seed)))


def profile_curve(profile: Profile, duration_s: float | None = None) -> Curve:
    """The planned rate over the whole profile, for reports; `closed` stretches count as 0."""
    corners: list[tuple[float, float]] = []
    begins_at = 0.0
    for stretch in profile.arrivals:
        corners += [(begins_at + second, rate) for second, rate in curve(stretch)]
        begins_at += stretch.duration_s
    limit = begins_at if duration_s is None else duration_s
    return tuple(corner for corner in corners if corner[0] <= limit)


def curve(stretch: Arrivals) -> Curve:
    """The rate of one stretch.

    `ramp` goes evenly from the first rate to the other, `steps` rises in equal levels, `spike` is
    up after a tenth of its time, stays until the half, and is down again at its end.
    """
    low, high, length = stretch.from_rate_per_s, stretch.rate_per_s, stretch.duration_s
    match stretch.shape:
        case "ramp":
            return ((0.0, low), (length, high))
        case "steps":
            return tuple(_levels(stretch))
        case "spike":
            return ((0.0, low), (length / 10, high), (length / 2, high), (length, low))
    return ((0.0, high), (length, high))


def _levels(stretch: Arrivals) -> Iterator[tuple[float, float]]:
    length = stretch.duration_s / stretch.steps
    rise = (stretch.rate_per_s - stretch.from_rate_per_s) / stretch.steps
    for level in range(stretch.steps):
        rate = stretch.from_rate_per_s + rise * (level + 1)
        yield level * length, rate
        yield (level + 1) * length, rate


def _all(profile: Profile, seed: int) -> Iterator[float]:
    begins_at = 0.0
    for place, stretch in enumerate(profile.arrivals):
        random = Random(f"arrivals:{seed}:{place}")
        places = _random(random) if stretch.shape == "poisson" else map(float, count())
        for offset in _offsets(curve(stretch), places):
            yield begins_at + offset
        begins_at += stretch.duration_s


def _random(random: Random) -> Iterator[float]:
    """Places of independent starts: the gaps are exponential with the mean 1."""
    place = random.expovariate(1)
    while True:
        yield place
        place += random.expovariate(1)


def _offsets(corners: Curve, places: Iterator[float]) -> Iterator[float]:
    """The seconds at which the area under the curve reaches each of the rising places."""
    place, before = next(places), 0.0
    for (begin, first), (end, last) in pairwise(corners):
        area = (first + last) / 2 * (end - begin)
        slope = (last - first) / (end - begin) if end > begin else 0.0
        while place < before + area * (1 - 1e-12):  # what is equal belongs to the next piece
            rest = place - before
            yield begin + 2 * rest / (first + sqrt(max(0.0, first**2 + 2 * slope * rest)) or 1.0)
            place = next(places)
        before += area
