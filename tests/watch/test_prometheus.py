"""The text for Prometheus, read back by its own parser."""

from pathlib import Path

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from tests.watch.journals import begins, limit, second, write
from verify_harness.watch.feed import Feed
from verify_harness.watch.prometheus import exposition

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]
HISTOGRAM = "verify_harness_http_client_request_duration_seconds"


@pytest.fixture
def families(tmp_path: Path) -> list[Metric]:
    times = [0.004, 0.02, 0.02, 0.3, 4.0, 30.0]
    records = [
        begins(6, 9, limit("error_rate", "< 1 %"), limit("p95(trigger)", "< 1 s")),
        *second(0, times),
        *second(1, [0.1], status="503", channel="call"),
        *second(2, [0.1], channel=None),
    ]
    feed = Feed()
    feed.look([write(tmp_path / "load", *records)])
    return list(text_string_to_metric_families(exposition(feed, "run-7").decode()))


def samples(families: list[Metric]) -> Samples:
    return {
        (item.name, tuple(sorted(item.labels.items()))): item.value
        for family in families
        for item in family.samples
    }


def test_requests_are_counted_by_step_channel_and_status(families: list[Metric]) -> None:
    name = "verify_harness_requests_total"
    found = {key[1]: value for key, value in samples(families).items() if key[0] == name}
    assert found == {
        (("channel", "sms"), ("code", "200"), ("step", "trigger")): 6,
        (("channel", "call"), ("code", "503"), ("step", "trigger")): 1,
        (("channel", "none"), ("code", "200"), ("step", "trigger")): 1,
    }


def test_buckets_are_cumulative_and_agree_with_count_and_sum(families: list[Metric]) -> None:
    found = {
        (key[0].removeprefix(HISTOGRAM), dict(key[1]).get("le")): value
        for key, value in samples(families).items()
        if key[0].startswith(HISTOGRAM) and dict(key[1])["channel"] == "sms"
    }
    assert found["_bucket", "0.005"] == 1
    assert found["_bucket", "0.025"] == 3
    assert found["_bucket", "0.5"] == 4
    assert found["_bucket", "10.0"] == 5
    assert found["_bucket", "+Inf"] == found["_count", None] == 6
    assert found["_sum", None] == pytest.approx(34.344, rel=0.01)


def test_the_moment_is_told(families: list[Metric]) -> None:
    found = samples(families)
    assert found["verify_harness_run_info", (("run_id", "run-7"),)] == 1
    assert found["verify_harness_workers", (("state", "generating"),)] == 1
    assert found["verify_harness_journeys_total", (("outcome", "failed"),)] == 1
    assert found["verify_harness_slo_status", (("slo", "error_rate < 1 %"),)] == 0
    assert found["verify_harness_slo_status", (("slo", "p95(trigger) < 1 s"),)] == 0


def test_a_load_that_has_not_begun_has_no_odd_values() -> None:
    families = list(text_string_to_metric_families(exposition(Feed(), "x").decode()))
    assert {item.value for family in families for item in family.samples} <= {0.0, 1.0}
