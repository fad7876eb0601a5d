"""The load as Prometheus metrics (prometheus.io, "Exposition formats"); labels are bounded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from hdrh.histogram import HdrHistogram
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from verify_harness.load.client.api_steps import step_of
from verify_harness.results.load_totals import Totals
from verify_harness.watch.feed import Feed
from verify_harness.watch.latency_buckets import BOUNDS_S, counted, native

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_PREFIX = "verify_harness"
_ABOUT_STEP = ("step", "channel", "operation", "method")
"""A step of a user's own has no operation and no method that we know."""
_BOUNDS = (*map(str, BOUNDS_S), "+Inf")


@dataclass(frozen=True, slots=True)
class Durations:
    """The latencies recorded under one set of labels, in classic and in native buckets."""

    labels: Mapping[str, str]
    counts: Sequence[int]
    total_s: float
    native: Mapping[int, int]


class DurationFamily(HistogramMetricFamily):
    """A histogram whose text form has the classic buckets only."""

    def __init__(self, name: str, documentation: str) -> None:
        super().__init__(name, documentation, labels=_ABOUT_STEP)
        self.recorded: list[Durations] = []

    def add(self, about: tuple[str, ...], histogram: HdrHistogram) -> None:
        """Add what was recorded under these values of the labels."""
        counts, total_s = counted(histogram)
        self.add_metric(about, list(zip(_BOUNDS, accumulate(counts), strict=True)), total_s)
        labels = dict(zip(_ABOUT_STEP, about, strict=True))
        self.recorded.append(Durations(labels, counts, total_s, native(histogram)))


class LoadCollector:
    """Turns a feed into metrics whenever somebody scrapes."""

    def __init__(self, feed: Feed, run_id: str) -> None:
        self._feed = feed
        self._run_id = run_id

    def collect(self) -> Iterator[Metric]:
        """All families; labels are names of the scenario and the spec, never a target's text."""
        with self._feed.changed:
            yield from self._requests()
            yield self._durations()
        yield from self._moment()

    def _requests(self) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            f"{_PREFIX}_requests", "Requests sent.", labels=(*_ABOUT_STEP, "code")
        )
        errors = CounterMetricFamily(
            f"{_PREFIX}_request_errors", "Requests that failed.", labels=_ABOUT_STEP
        )
        for about, totals in self._steps():
            for status, count in totals.statuses.items():
                requests.add_metric((*about, status), count)
            if unanswered := totals.requests - totals.statuses.total():
                requests.add_metric((*about, "none"), unanswered)
            errors.add_metric(about, totals.errors)
        yield from (requests, errors)

    def _durations(self) -> Metric:
        family = DurationFamily(
            f"{_PREFIX}_http_client_request_duration_seconds",
            "From the planned start of a request to the end of its answer.",
        )
        for about, totals in self._steps():
            family.add(about, totals.response)
        return family

    def _steps(self) -> Iterator[tuple[tuple[str, ...], Totals]]:
        """What was asked, as the labels `_ABOUT_STEP`, and what came of it."""
        for (step, channel), totals in sorted(self._feed.scopes.items(), key=str):
            if step is not None:
                known = step_of(step, channel)
                operation, method = (known.operation_id, known.method) if known else ("", "")
                yield (step, channel or "none", operation, method), totals

    def _moment(self) -> Iterator[Metric]:
        state = self._feed.state()
        journeys = CounterMetricFamily(f"{_PREFIX}_journeys", "Journeys.", labels=("outcome",))
        for outcome in ("started", "completed", "failed"):
            journeys.add_metric((outcome,), getattr(state, outcome))
        broken = CounterMetricFamily(
            f"{_PREFIX}_invariant_violations",
            "Requirements seen broken; of each process the first few times count.",
            labels=("requirement",),
        )
        for requirement, count in state.broken.items():
            broken.add_metric((requirement,), count)
        workers = GaugeMetricFamily(f"{_PREFIX}_workers", "Load processes.", labels=("state",))
        for name, count in state.processes.items():
            workers.add_metric((name,), count)
        limits = GaugeMetricFamily(
            f"{_PREFIX}_slo_status", "1: kept so far, 0: missed.", labels=("slo",)
        )
        for limit in state.limits:
            if limit.is_kept is not None:
                limits.add_metric((limit.text,), int(limit.is_kept))
        offered = GaugeMetricFamily(f"{_PREFIX}_offered_journeys_per_second", "As planned.")
        offered.add_metric((), state.recent.offered_per_s if state.recent else 0)
        info = GaugeMetricFamily(f"{_PREFIX}_run_info", "Which run this is.", labels=("run_id",))
        info.add_metric((self._run_id,), 1)
        yield from (journeys, broken, workers, limits, offered, info)


def exposition(feed: Feed, run_id: str) -> bytes:
    """The text that a scrape gets unless it asks for another form."""
    registry = CollectorRegistry()
    registry.register(LoadCollector(feed, run_id))
    return generate_latest(registry)
