"""Latency histograms: HDR, in microseconds, from 1 µs to 60 s, with three significant digits."""

from collections.abc import Iterable

from hdrh.histogram import HdrHistogram

LOWEST_US = 1
HIGHEST_US = 60_000_000
_SIGNIFICANT_DIGITS = 3


def empty() -> HdrHistogram:
    """A histogram without values."""
    return HdrHistogram(LOWEST_US, HIGHEST_US, _SIGNIFICANT_DIGITS)


def add_seconds(histogram: HdrHistogram, seconds: float) -> None:
    """Record a latency; what lies outside the range counts at its end rather than not at all."""
    histogram.record_value(min(max(round(seconds * 1_000_000), LOWEST_US), HIGHEST_US))


def encoded(histogram: HdrHistogram) -> str:
    """The histogram as the journal holds it (base64)."""
    return str(histogram.encode(), "ascii")


def merged(blocks: Iterable[str]) -> HdrHistogram:
    """All encoded histograms as one; exact, because all share the same buckets."""
    total = empty()
    for block in blocks:
        total.decode_and_add(block)
    return total
