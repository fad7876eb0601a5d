"""Latency histograms: HDR, in microseconds, from 1 µs to 60 s, with three significant digits."""

from collections.abc import Iterable

from hdrh.histogram import HdrHistogram

LOWEST_US = 1
HIGHEST_US = 60_000_000
_SIGNIFICANT_DIGITS = 3
_EXACT_BITS = 11
"""Three digits keep eleven bits of a value apart; what they do not is one bucket."""


class Tally:
    """Latencies counted by their bucket: less than half the cost of a histogram's own record."""

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def add(self, seconds: float) -> None:
        """Count a latency; what lies outside the range counts at its end rather than not at all."""
        value = min(max(round(seconds * 1_000_000), LOWEST_US), HIGHEST_US)
        shift = value.bit_length() - _EXACT_BITS
        if shift > 0:
            value = value >> shift << shift
        counts = self._counts
        counts[value] = counts.get(value, 0) + 1

    def histogram(self) -> HdrHistogram:
        """The same latencies as a histogram."""
        filled = empty()
        for value, count in self._counts.items():
            filled.record_value(value, count)
        return filled

    def encoded(self) -> str:
        """The histogram as the journal holds it (base64)."""
        return str(self.histogram().encode(), "ascii")


def empty() -> HdrHistogram:
    """A histogram without values."""
    return HdrHistogram(LOWEST_US, HIGHEST_US, _SIGNIFICANT_DIGITS)


def merged(blocks: Iterable[str]) -> HdrHistogram:
    """All encoded histograms as one; exact, because all share the same buckets."""
    total = empty()
    for block in blocks:
        total.decode_and_add(block)
    return total
