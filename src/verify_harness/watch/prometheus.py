"""The load as Prometheus metrics (prometheus.io, "Exposition formats"); labels are bounded."""

from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from verify_harness.results.load_totals import Totals
from verify_harness.watch.feed import Feed
from verify_harness.watch.latency_buckets import BOUNDS_S, counted

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_PREFIX = "verify_harness"
_BOUNDS = (*map(str, BOUNDS_S), "+Inf")


class LoadCollector:
    """Turns a feed into metrics whenever somebody scrapes."""

    def __init__(self, feed: Feed, run_id: str) -> None:
        self._feed = feed
        self._run_id = run_id

    def collect(self) -> Iterator[Metric]:
        """All families; `step` and `channel` are names of our scenario, never a target's text."""
        with self._feed.changed:
            yield from self._requests()
            yield self._durations()
        yield from self._moment()

    def _requests(self) -> Iterator[Metric]:
        labels = ("step", "channel", "code")
        requests = CounterMetricFamily(f"{_PREFIX}_requests", "Requests sent.", labels=labels)
        errors = CounterMetricFamily(
            f"{_PREFIX}_request_errors", "Requests that failed.", labels=labels[:2]
        )
        for step, channel, totals in self._steps():
            for status, count in totals.statuses.items():
                requests.add_metric((step, channel, status), count)
            if unanswered := totals.requests - totals.statuses.total():
                requests.add_metric((step, channel, "none"), unanswered)
            errors.add_metric((step, channel), totals.errors)
        yield from (requests, errors)

    def _durations(self) -> Metric:
        family = HistogramMetricFamily(
            f"{_PREFIX}_http_client_request_duration_seconds",
            "From the planned start of a request to the end of its answer.",
            labels=("step", "channel"),
        )
        for step, channel, totals in self._steps():
            counts, total_s = counted(totals.response)
            buckets = list(zip(_BOUNDS, accumulate(counts), strict=True))
            family.add_metric((step, channel), buckets, total_s)
        return family

    def _steps(self) -> Iterator[tuple[str, str, Totals]]:
        for (step, channel), totals in sorted(self._feed.scopes.items(), key=str):
            if step is not None:
                yield step, channel or "none", totals

    def _moment(self) -> Iterator[Metric]:
        state = self._feed.state()
        journeys = CounterMetricFamily(f"{_PREFIX}_journeys", "Journeys.", labels=("outcome",))
        for outcome in ("started", "completed", "failed"):
            journeys.add_metric((outcome,), getattr(state, outcome))
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
        yield from (journeys, workers, limits, offered, info)


def exposition(feed: Feed, run_id: str) -> bytes:
    """The text that a scrape gets."""
    registry = CollectorRegistry()
    registry.register(LoadCollector(feed, run_id))
    return generate_latest(registry)
