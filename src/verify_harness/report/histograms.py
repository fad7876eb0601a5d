"""Latency histograms of a load run, merged by step and by second (HDR, microseconds)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from hdrh.histogram import HdrHistogram

from verify_harness.journal.records import LoadSecond
from verify_harness.report.load_model import Percentiles

_LOWEST_US = 1
_HIGHEST_US = 60_000_000
_DIGITS = 3


def histogram() -> HdrHistogram:
    """An empty histogram of the shape the journal uses."""
    return HdrHistogram(_LOWEST_US, _HIGHEST_US, _DIGITS)


def percentiles(*histograms: HdrHistogram) -> Percentiles | None:
    """Percentiles in milliseconds over all the histograms; None if they hold no value."""
    merged = histogram()
    for one in histograms:
        merged.add(one)
    if merged.get_total_count() == 0:
        return None
    values_us = merged.get_percentile_to_value_dict([50, 95, 99])
    return Percentiles(
        p50=values_us[50] / 1000,
        p95=values_us[95] / 1000,
        p99=values_us[99] / 1000,
        max=merged.get_max_value() / 1000,
    )


_DRAWN_PERCENTILES = (*range(0, 90, 5), *range(90, 99), 99, 99.3, 99.5, 99.7, 99.8, 99.9)


def distribution(histograms: Iterable[HdrHistogram]) -> tuple[tuple[float, float], ...]:
    """Percentiles from 0 to 99.9, each with its milliseconds; empty where there is no value."""
    merged = histogram()
    for one in histograms:
        merged.add(one)
    if merged.get_total_count() == 0:
        return ()
    values_us = merged.get_percentile_to_value_dict(list(_DRAWN_PERCENTILES))
    return tuple((float(share), values_us[share] / 1000) for share in _DRAWN_PERCENTILES)


@dataclass(slots=True)
class StepTotals:
    """Everything one step did during the run."""

    requests: int = 0
    throttled: int = 0
    errors: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    service: HdrHistogram = field(default_factory=histogram)
    response: HdrHistogram = field(default_factory=histogram)

    def merge(self, other: "StepTotals") -> None:
        """Add all that another one counted."""
        self.requests += other.requests
        self.throttled += other.throttled
        self.errors += other.errors
        self.statuses.update(other.statuses)
        self.service.add(other.service)
        self.response.add(other.response)

    def add(self, line: LoadSecond) -> None:
        """Add one second of this step; raises what hdrh raises for a broken histogram."""
        if line.service:
            self.service.decode_and_add(line.service)
        if line.response:
            self.response.decode_and_add(line.response)
        self.requests += line.requests
        self.throttled += line.throttled
        self.errors += line.errors
        self.statuses.update(line.statuses)


@dataclass(slots=True)
class SecondTotals:
    """Everything all steps did during one second."""

    requests: int = 0
    starts: int = 0
    throttled: int = 0
    errors: int = 0
    response: list[str] = field(default_factory=list)
    """Encoded: a decoded histogram takes 200 kB, and a run has many seconds."""

    def add(self, line: LoadSecond, *, starts: int) -> None:
        """Add one step's second; `starts` of its requests began a journey."""
        self.requests += line.requests
        self.starts += starts
        self.throttled += line.throttled
        self.errors += line.errors
        if line.response:
            self.response.append(line.response)


def merged_percentiles(encoded: list[str]) -> Percentiles | None:
    """Percentiles in milliseconds over encoded histograms; None if they hold no value."""
    merged = histogram()
    for one in encoded:
        merged.decode_and_add(one)
    return percentiles(merged)
