"""The load as OpenTelemetry metrics, sent to a collector by OTLP over HTTP while it runs.

Names and attributes are those of the semantic conventions for HTTP clients (opentelemetry.io,
"Semantic conventions for HTTP metrics"). Nothing of them is a number, a code or a whole URL.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from urllib.parse import urlsplit

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    MetricExportResult,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from verify_harness import __version__
from verify_harness.load.client.api_steps import step_of
from verify_harness.watch.feed import Feed
from verify_harness.watch.latency_buckets import BOUNDS_S, counted

EVERY_SECS = 10.0
_TIMEOUT_SECS = 5.0
_PATH = "/v1/metrics"

Say = Callable[[str], None]


@contextmanager
def exporting(feed: Feed, run_id: str, target: str, endpoint: str, say: Say) -> Iterator[None]:
    """Export a feed now and then, and once more at the end; trouble is said once and ends nothing.

    `endpoint` is a collector's address, such as http://127.0.0.1:4318.
    """
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # it would say it each time
    exporter = OTLPMetricExporter(endpoint=endpoint.rstrip("/") + _PATH, timeout=_TIMEOUT_SECS)
    began_ns, is_over = time.time_ns(), Event()
    told: list[bool] = []

    def export() -> None:
        result = exporter.export(_metrics(feed, run_id, target, began_ns))
        if result is not MetricExportResult.SUCCESS and not told:
            told.append(True)
            say(f"note: the collector at {endpoint} takes no metrics")

    def work() -> None:
        while not is_over.wait(EVERY_SECS):
            export()
        export()

    worker = Thread(target=work, name="otlp", daemon=True)
    worker.start()
    try:
        yield
    finally:
        is_over.set()
        worker.join(2 * _TIMEOUT_SECS)


def _metrics(feed: Feed, run_id: str, target: str, began_ns: int) -> MetricsData:
    """All that is known by now; counts are since the beginning."""
    now_ns = time.time_ns()
    resource = Resource.create(
        {
            "service.name": "verify-harness",
            "service.version": __version__,
            "service.instance.id": run_id,
        }
    )
    scope = InstrumentationScope("verify_harness.load", __version__)
    metrics = [*_requests(feed, target, began_ns, now_ns), *_moment(feed, began_ns, now_ns)]
    return MetricsData([ResourceMetrics(resource, [ScopeMetrics(scope, metrics, "")], "")])


def _requests(feed: Feed, target: str, began_ns: int, now_ns: int) -> Iterator[Metric]:
    """Durations by step, and requests by status."""
    durations, requests = [], []
    with feed.changed:
        for (step, channel), totals in sorted(feed.scopes.items(), key=str):
            if step is None:
                continue
            about = _attributes(step, channel, target)
            counts, total_s = counted(totals.response)
            durations.append(
                HistogramDataPoint(
                    attributes=about,
                    start_time_unix_nano=began_ns,
                    time_unix_nano=now_ns,
                    count=sum(counts),
                    sum=total_s,
                    bucket_counts=counts,
                    explicit_bounds=BOUNDS_S,
                    min=totals.response.get_min_value() / 1e6,
                    max=totals.response.get_max_value() / 1e6,
                )
            )
            for status, count in totals.statuses.items():
                answered = about | {"http.response.status_code": int(status)}
                requests.append(NumberDataPoint(answered, began_ns, now_ns, count))
    cumulative = AggregationTemporality.CUMULATIVE
    yield Metric(
        "http.client.request.duration",
        "From the planned start of a request to the end of its answer.",
        "s",
        Histogram(durations, cumulative),
    )
    yield Metric(
        "verify_harness.requests",
        "Answers by status.",
        "{request}",
        Sum(requests, cumulative, is_monotonic=True),
    )


def _moment(feed: Feed, began_ns: int, now_ns: int) -> Iterator[Metric]:
    """Journeys, and limits as they stand."""
    state = feed.state()
    journeys = [
        NumberDataPoint({"outcome": outcome}, began_ns, now_ns, getattr(state, outcome))
        for outcome in ("started", "completed", "failed")
    ]
    limits = [
        NumberDataPoint({"slo": limit.text}, began_ns, now_ns, int(limit.is_kept))
        for limit in state.limits
        if limit.is_kept is not None
    ]
    yield Metric(
        "verify_harness.journeys",
        "Journeys.",
        "{journey}",
        Sum(journeys, AggregationTemporality.CUMULATIVE, is_monotonic=True),
    )
    yield Metric("verify_harness.slo.status", "1: kept so far, 0: missed.", "1", Gauge(limits))


def _attributes(step: str, channel: str | None, target: str) -> dict[str, str | int]:
    """What the conventions ask for; a step of a user's own scenario has no method that we know."""
    place = urlsplit(target)
    known = step_of(step, channel)
    told: dict[str, str | int] = {
        "http.request.method": known.method if known else "_OTHER",
        "server.address": place.hostname or "",
        "server.port": place.port or (443 if place.scheme == "https" else 80),
        "url.scheme": place.scheme,
        "verify_harness.step": step,
    }
    if known:
        told["url.template"] = known.path
    if channel:
        told["verify_harness.channel"] = channel
    return told
