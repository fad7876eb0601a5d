"""Latencies in the buckets that metrics systems take."""

from bisect import bisect_right
from collections import Counter
from itertools import accumulate, pairwise
from math import ceil, log2
from operator import mul

from hdrh.histogram import HdrHistogram

from verify_harness.results.histograms import recorded

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""Those that OpenTelemetry advises for the duration of HTTP requests."""


NATIVE_SCHEMA = 3
"""Of Prometheus' native histograms: bucket i ends at 2^(i/8) seconds, so each is 9 % wider."""


def native(histogram: HdrHistogram) -> dict[int, int]:
    """How many latencies lie in each native bucket that holds any, the shortest first."""
    buckets: Counter[int] = Counter()
    for value_us, count in zip(*recorded(histogram), strict=True):
        buckets[ceil(log2(value_us / 1e6) * 2**NATIVE_SCHEMA)] += count
    return dict(sorted(buckets.items()))


def counted(histogram: HdrHistogram) -> tuple[list[int], float]:
    """How many latencies lie in each bucket, the last has no upper bound; and their sum in s."""
    values_us, counts = recorded(histogram)
    cumulative = [0, *accumulate(counts)]
    below = [cumulative[bisect_right(values_us, bound_s * 1e6)] for bound_s in BOUNDS_S]
    buckets = [after - before for before, after in pairwise([0, *below, cumulative[-1]])]
    return buckets, sum(map(mul, values_us, counts)) / 1e6
