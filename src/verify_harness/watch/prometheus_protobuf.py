"""The metrics in Prometheus' protobuf form, which alone can hold native histograms.

The client library has only the text form. Written by `io.prometheus.client.MetricFamily` of
prometheus/client_model; each message is preceded by its length.
"""

import struct
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import accumulate
from math import inf

from prometheus_client import Metric
from prometheus_client.samples import Sample

from verify_harness.watch.feed import Feed
from verify_harness.watch.latency_buckets import BOUNDS_S, NATIVE_SCHEMA
from verify_harness.watch.prometheus import DurationFamily, Durations, LoadCollector

CONTENT_TYPE = (
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
)
_TYPES = {"counter": 0, "gauge": 1, "histogram": 4}
_VALUE_OF = {"counter": 3, "gauge": 2}
"""The field of a metric that holds its value."""
_NEARLY_ZERO_S = 1e-9
"""Below it a native histogram counts a value as zero; ours begin at a microsecond."""


def wanted_by(accept: str) -> bool:
    """Whether a scrape asks for this form before any other that we have."""
    first = accept.partition(",")[0]
    return "io.prometheus.client.MetricFamily" in first and "delimited" in first


def exposition(feed: Feed, run_id: str) -> bytes:
    """What a scrape gets that asks for it."""
    families = LoadCollector(feed, run_id).collect()
    return b"".join(_delimited(_family(each)) for each in families if each.samples)


def _family(family: Metric) -> bytes:
    if isinstance(family, DurationFamily):
        name, metrics = family.name, map(_histogram, family.recorded)
    else:
        name, metrics = family.samples[0].name, map(partial(_value, family.type), family.samples)
    head = _text(1, name) + _text(2, family.documentation) + _whole(3, _TYPES[family.type])
    return head + b"".join(_message(4, metric) for metric in metrics)


def _value(kind: str, sample: Sample) -> bytes:
    return _labels(sample.labels) + _message(_VALUE_OF[kind], _double(1, sample.value))


def _histogram(recorded: Durations) -> bytes:
    """Both forms: a Prometheus that does not take native ones reads the classic buckets."""
    classic = zip((*BOUNDS_S, inf), accumulate(recorded.counts), strict=True)
    fields = (
        _whole(1, sum(recorded.counts)),
        _double(2, recorded.total_s),
        *(_message(3, _whole(1, count) + _double(2, bound)) for bound, count in classic),
        _signed(5, NATIVE_SCHEMA),
        _double(6, _NEARLY_ZERO_S),
        _whole(7, 0),
        *_native(recorded.native),
    )
    return _labels(recorded.labels) + _message(7, b"".join(fields))


def _native(buckets: Mapping[int, int]) -> Iterator[bytes]:
    """Runs of neighbouring buckets, then each bucket's count as the step from the one before."""
    spans: list[tuple[int, int]] = []
    after = 0
    for index in buckets:
        if spans and index == after:
            spans[-1] = (spans[-1][0], spans[-1][1] + 1)
        else:
            spans.append((index - after, 1))
        after = index + 1
    for offset, length in spans:
        yield _message(12, _signed(1, offset) + _whole(2, length))
    before = 0
    for count in buckets.values():
        yield _signed(13, count - before)
        before = count


def _labels(labels: Mapping[str, str]) -> bytes:
    return b"".join(_message(1, _text(1, name) + _text(2, labels[name])) for name in labels)


def _whole(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _signed(field: int, value: int) -> bytes:
    return _whole(field, value * 2 if value >= 0 else -value * 2 - 1)


def _double(field: int, value: float) -> bytes:
    return _varint(field << 3 | 1) + struct.pack("<d", value)


def _text(field: int, text: str) -> bytes:
    return _message(field, text.encode())


def _message(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _delimited(content)


def _delimited(content: bytes) -> bytes:
    return _varint(len(content)) + content


def _varint(value: int) -> bytes:
    digits = bytearray()
    while value > 0x7F:
        digits.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*digits, value])
