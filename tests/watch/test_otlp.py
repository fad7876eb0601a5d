"""The load as OpenTelemetry metrics, taken by a small collector."""

import math
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)

from tests.program import Harness
from tests.watch.journals import begins, limit, second, write
from verify_harness.watch.feed import Feed
from verify_harness.watch.otlp import exporting

DURATION = "http.client.request.duration"


@dataclass
class Collector:
    """What a collector of OTLP got, and how it answers."""

    url: str = ""
    status: int = 200
    paths: list[str] = field(default_factory=list)
    taken: list[ExportMetricsServiceRequest] = field(default_factory=list)

    @property
    def last(self) -> dict[str, object]:
        """The metrics of the last export by name."""
        (resource,) = self.taken[-1].resource_metrics
        (scope,) = resource.scope_metrics
        return {metric.name: metric for metric in scope.metrics}


@pytest.fixture
def collector() -> Iterator[Collector]:
    found = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.paths.append(self.path)
            found.taken.append(ExportMetricsServiceRequest.FromString(body))
            self.send_response(found.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        found.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield found
        server.shutdown()


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    made = Feed()
    records = [
        begins(4, 9, limit("error_rate", "< 1 %")),
        *second(0, [0.004, 0.02, 0.3, 30.0]),
        *second(1, [0.1], status="503", channel="call"),
    ]
    made.look([write(tmp_path / "load", *records)])
    return made


def attributes(point: object) -> dict[str, object]:
    return {
        item.key: item.value.string_value or item.value.int_value
        for item in point.attributes  # type: ignore[attr-defined]  # protobuf's
    }


def test_a_collector_gets_durations_by_the_conventions(feed: Feed, collector: Collector) -> None:
    said: list[str] = []
    with exporting(feed, "run-7", "http://127.0.0.1:8080/v2", collector.url, said.append):
        pass
    assert collector.paths == ["/v1/metrics"]
    points = collector.last[DURATION].histogram.data_points  # type: ignore[attr-defined]
    told = {attributes(point)["verify_harness.channel"]: point for point in points}
    sms = told["sms"]
    assert attributes(sms) == {
        "http.request.method": "POST",
        "server.address": "127.0.0.1",
        "server.port": 8080,
        "url.scheme": "http",
        "url.template": "/verifications/sms",
        "verify_harness.step": "trigger",
        "verify_harness.channel": "sms",
    }
    assert (sms.count, sum(sms.bucket_counts), sms.bucket_counts[-1]) == (4, 4, 1)
    assert math.isclose(sms.sum, 30.324, rel_tol=0.01)
    assert list(sms.explicit_bounds)[:3] == [0.005, 0.01, 0.025]
    requests = collector.last["verify_harness.requests"].sum  # type: ignore[attr-defined]
    statuses = {attributes(point)["http.response.status_code"] for point in requests.data_points}
    assert statuses == {200, 503}
    assert requests.is_monotonic
    assert said == []


def test_limits_and_journeys_are_told(feed: Feed, collector: Collector) -> None:
    with exporting(feed, "run-7", "http://127.0.0.1:8080/v2", collector.url, print):
        pass
    (slo,) = collector.last["verify_harness.slo.status"].gauge.data_points  # type: ignore[attr-defined]
    assert (attributes(slo)["slo"], slo.as_int) == ("error_rate < 1 %", 0)
    journeys = collector.last["verify_harness.journeys"].sum.data_points  # type: ignore[attr-defined]
    assert {attributes(point)["outcome"]: point.as_int for point in journeys}["failed"] == 1
    resource = {
        item.key: item.value.string_value
        for item in collector.taken[-1].resource_metrics[0].resource.attributes
    }
    assert resource["service.instance.id"] == "run-7"


@pytest.mark.parametrize("status", [400, None])
def test_a_collector_that_takes_nothing_is_said_once(
    feed: Feed, collector: Collector, status: int | None
) -> None:
    said: list[str] = []
    url = collector.url
    if status is None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    else:
        collector.status = status
    with exporting(feed, "run-7", "http://127.0.0.1:8080/v2", url, said.append):
        pass
    assert said == [f"note: the collector at {url} takes no metrics"]


def test_a_load_is_exported(harness: Harness, collector: Collector) -> None:
    ended = harness("load", "run", "smoke", "--otlp", collector.url)
    assert ended.code == 0, ended.out + ended.err
    points = collector.last[DURATION].histogram.data_points  # type: ignore[attr-defined]
    assert sum(point.count for point in points) == ended.run_json["load"]["requests"]


@pytest.mark.parametrize("url", ["nonsense", "http://user:secret@127.0.0.1:4318", ""])
def test_an_odd_address_of_a_collector_is_refused_and_not_repeated(
    harness: Harness, url: str
) -> None:
    ended = harness("load", "run", "smoke", "--otlp", url)
    assert ended.code == 2
    assert "--otlp takes the plain address of a collector" in ended.err
    assert "secret" not in ended.err
    assert not ended.directory.exists()
