"""Latency histograms: HDR, in microseconds, from 1 µs to 60 s, with three significant digits."""

import binascii
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import compress

from hdrh.codec import (
    HdrCookieException,
    HdrHistogramSettingsException,
    HdrLengthException,
)
from hdrh.histogram import HdrHistogram

from verify_harness.results.load_model import Percentiles

LOWEST_US = 1
HIGHEST_US = 60_000_000
_SIGNIFICANT_DIGITS = 3

BROKEN_HISTOGRAM = (
    ValueError,
    TypeError,
    binascii.Error,
    HdrCookieException,
    HdrHistogramSettingsException,
    HdrLengthException,
)
"""What hdrh raises for a text that is no histogram."""


def empty() -> HdrHistogram:
    """A histogram without values."""
    return HdrHistogram(LOWEST_US, HIGHEST_US, _SIGNIFICANT_DIGITS)


def merged(blocks: Iterable[str]) -> HdrHistogram:
    """All encoded histograms as one; exact, because all share the same buckets."""
    total = empty()
    for block in blocks:
        total.decode_and_add(block)
    return total


def added(histograms: Iterable[HdrHistogram]) -> HdrHistogram:
    """All histograms as one."""
    total = empty()
    for one in histograms:
        total.add(one)
    return total


def percentiles(histogram: HdrHistogram) -> Percentiles | None:
    """Percentiles in milliseconds; None where there is no value."""
    if histogram.get_total_count() == 0:
        return None
    values_us = histogram.get_percentile_to_value_dict([50, 95, 99])
    return Percentiles(
        p50=values_us[50] / 1000,
        p95=values_us[95] / 1000,
        p99=values_us[99] / 1000,
        max=histogram.get_max_value() / 1000,
    )


_DRAWN_PERCENTILES = (*range(0, 90, 5), *range(90, 99), 99, 99.3, 99.5, 99.7, 99.8, 99.9)


def distribution(histograms: Iterable[HdrHistogram]) -> tuple[tuple[float, float], ...]:
    """Percentiles from 0 to 99.9, each with its milliseconds; empty where there is no value."""
    total = added(histograms)
    if total.get_total_count() == 0:
        return ()
    values_us = total.get_percentile_to_value_dict(list(_DRAWN_PERCENTILES))
    return tuple((float(share), values_us[share] / 1000) for share in _DRAWN_PERCENTILES)


def recorded(histogram: HdrHistogram) -> tuple[list[int], list[int]]:
    """The values that were recorded, in µs as the highest of their cells, and how often each.

    Only for histograms that `empty` made. The library's own iterator visits all cells one by one
    and takes a hundred times as long.
    """
    counts: list[int] = memoryview(histogram.counts).cast("B").cast("Q").tolist()
    return list(compress(_highest_us(), counts)), list(filter(None, counts))


@cache
def _highest_us() -> Sequence[int]:
    """The highest value of every cell."""
    shape = empty()
    lowest = map(shape.get_value_from_index, range(shape.counts_len))
    return tuple(map(shape.get_highest_equivalent_value, lowest))
