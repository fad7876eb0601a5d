"""What Prometheus gets: the text read back by its own parser, the protobuf form by protobuf's."""

import io
import math
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import (  # type: ignore[import-untyped]  # it ships no types
    descriptor_pb2,
    descriptor_pool,
    message_factory,
    proto,
)
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from tests.watch.journals import begins, limit, second, write
from verify_harness.journal.records import Finding
from verify_harness.watch import prometheus_protobuf
from verify_harness.watch.feed import Feed
from verify_harness.watch.prometheus import exposition

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]
HISTOGRAM = "verify_harness_http_client_request_duration_seconds"


TIMES_S = [0.004, 0.02, 0.02, 0.3, 4.0, 30.0]


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    records = [
        begins(6, 9, limit("error_rate", "< 1 %"), limit("p95(trigger)", "< 1 s")),
        *second(0, TIMES_S),
        *second(1, [0.1], status="503", channel="call"),
        *second(2, [0.1], channel=None),
        Finding(check="load", seq=1, requirement="VFY-CODE-004", severity="fail", message="twice"),
    ]
    made = Feed()
    made.look([write(tmp_path / "load", *records)])
    return made


@pytest.fixture
def families(feed: Feed) -> list[Metric]:
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
    assert {_of(key, "step", "channel", "code"): value for key, value in found.items()} == {
        ("trigger", "sms", "200"): 6,
        ("trigger", "call", "503"): 1,
        ("trigger", "none", "200"): 1,
    }
    assert {_of(key, "channel", "operation", "method") for key in found} == {
        ("sms", "CreateVerificationSms", "POST"),
        ("call", "CreateVerificationCall", "POST"),
        ("none", "", ""),
    }


def _of(labels: tuple[tuple[str, str], ...], *names: str) -> tuple[str, ...]:
    return tuple(dict(labels)[name] for name in names)


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
    broken = ("verify_harness_invariant_violations_total", (("requirement", "VFY-CODE-004"),))
    assert found[broken] == 1
    assert found["verify_harness_slo_status", (("slo", "error_rate < 1 %"),)] == 0
    assert found["verify_harness_slo_status", (("slo", "p95(trigger) < 1 s"),)] == 0


def test_a_load_that_has_not_begun_has_no_odd_values() -> None:
    families = list(text_string_to_metric_families(exposition(Feed(), "x").decode()))
    assert {item.value for family in families for item in family.samples} <= {0.0, 1.0}


# prometheus/client_model, io/prometheus/client/metrics.proto: number, name, type, repeated
_MESSAGES = {
    "LabelPair": "1 name string; 2 value string",
    "Value": "1 value double",
    "Span": "1 offset sint32; 2 length uint32",
    "Bucket": "1 cumulative_count uint64; 2 upper_bound double",
    "Histogram": (
        "1 sample_count uint64; 2 sample_sum double; 3* bucket Bucket; 5 schema sint32;"
        " 6 zero_threshold double; 7 zero_count uint64; 12* positive_span Span;"
        " 13* positive_delta sint64"
    ),
    "Metric": "1* label LabelPair; 2 gauge Value; 3 counter Value; 7 histogram Histogram",
    "MetricFamily": "1 name string; 2 help string; 3 type uint32; 4* metric Metric",
}


def _families(content: bytes) -> list[Any]:
    """The delimited messages, by protobuf's own reader."""
    file = descriptor_pb2.FileDescriptorProto(name="metrics.proto", package="m", syntax="proto2")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field in fields.split("; "):
            number, member, kind = field.split()
            message.field.add(
                name=member,
                number=int(number.rstrip("*")),
                label=3 if number.endswith("*") else 1,
                type=_KINDS.get(kind, 11),
                type_name=None if kind in _KINDS else f".m.{kind}",
            )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    family = message_factory.GetMessageClass(pool.FindMessageTypeByName("m.MetricFamily"))
    stream, found = io.BytesIO(content), []
    while stream.tell() < len(content):
        found.append(proto.parse_length_prefixed(family, stream))
    return found


_KINDS = {"double": 1, "uint64": 4, "string": 9, "uint32": 13, "sint32": 17, "sint64": 18}


def test_the_protobuf_form_says_what_the_text_says(feed: Feed, families: list[Metric]) -> None:
    found: Samples = {}
    for family in _families(prometheus_protobuf.exposition(feed, "run-7")):
        for metric in family.metric:
            labels = tuple(sorted((label.name, label.value) for label in metric.label))
            if metric.HasField("histogram"):
                found[f"{family.name}_count", labels] = metric.histogram.sample_count
                found[f"{family.name}_sum", labels] = metric.histogram.sample_sum
                for bucket in metric.histogram.bucket:
                    bound = "+Inf" if bucket.upper_bound == math.inf else str(bucket.upper_bound)
                    key = f"{family.name}_bucket", tuple(sorted((*labels, ("le", bound))))
                    found[key] = bucket.cumulative_count
            else:
                value = metric.counter if metric.HasField("counter") else metric.gauge
                found[family.name, labels] = value.value
    assert found == samples(families)


def test_native_buckets_hold_each_latency_within_nine_percent(feed: Feed) -> None:
    (durations,) = (
        family
        for family in _families(prometheus_protobuf.exposition(feed, "run-7"))
        if family.name == HISTOGRAM
    )
    (sms,) = (each for each in durations.metric if "sms" in {pair.value for pair in each.label})
    index, count, ends = 0, 0, []
    deltas = iter(sms.histogram.positive_delta)
    for span in sms.histogram.positive_span:
        index += span.offset
        for index in range(index, index + span.length):  # noqa: B020 - goes on from there
            count += next(deltas)
            ends += [2 ** (index / 2**sms.histogram.schema)] * count
        index += 1
    assert len(ends) == sms.histogram.sample_count == len(TIMES_S)
    for end, took_s in zip(ends, TIMES_S, strict=True):
        assert end / 1.0906 <= took_s * 1.001 <= end * 1.002


_PROTOBUF = (
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
)


@pytest.mark.parametrize(
    "accept, is_wanted",
    [
        (
            f"{_PROTOBUF},application/openmetrics-text;version=1.0.0;q=0.8",
            True,
        ),
        (
            f"application/openmetrics-text,{_PROTOBUF};q=0.3",
            False,
        ),
        ("", False),
        ("*/*", False),
    ],
)
def test_who_asks_for_protobuf_first_gets_it(accept: str, is_wanted: bool) -> None:
    assert prometheus_protobuf.wanted_by(accept) is is_wanted
