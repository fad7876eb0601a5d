"""Locust's own statistics, which its page and its summary show: kept in bulk, and bounded.

Locust counts each request as it comes, at a tenth of what a request of ours costs, and forgets no
second of a run. Verdicts and reports of ours do not use these figures.
"""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import gevent
from locust.env import Environment
from locust.stats import RequestStats, StatsEntry, bucket_response_time

_FLUSH_SECS = 1.0
_SECONDS_KEPT = 60
"""Locust looks at the last dozen for its rates."""
_MOST_HISTORY = 2000
"""Points of the page's charts; beyond, every other one is dropped."""


@dataclass(slots=True)
class _Batch:
    """The requests of one kind since the last flush."""

    times_ms: list[float] = field(default_factory=list)
    content_bytes: int = 0


class Statistics:
    """Takes the place of locust's own listener to `events.request`; others are left alone."""

    def __init__(self, environment: Environment) -> None:
        self._stats: RequestStats = environment.stats
        self._batches: dict[tuple[str, str], _Batch] = {}
        hook: Any = environment.events.request
        for handler in [item for item in hook._handlers if _is_locusts(item)]:  # noqa: SLF001 - a hook does not tell who listens
            hook.remove_listener(handler)
        hook.add_listener(self._on_request)
        gevent.spawn(self._flush_each_second)

    def _on_request(
        self,
        request_type: str,
        name: str,
        response_time: float,
        response_length: int,
        exception: Exception | None = None,
        **_more: Any,
    ) -> None:
        kind = (name, request_type)
        batch = self._batches.get(kind)
        if batch is None:
            batch = self._batches[kind] = _Batch()
        batch.times_ms.append(response_time)
        batch.content_bytes += response_length
        if exception is not None:
            self._stats.log_error(request_type, name, exception)

    def flush(self) -> None:
        """Bring locust's statistics up to date."""
        batches, self._batches = self._batches, {}
        for (name, method), batch in batches.items():
            entry = self._entry(name, method, batch)
            self._stats.entries[name, method].extend(entry)
            self._stats.total.extend(entry)

    def _entry(self, name: str, method: str, batch: _Batch) -> Any:
        entry: Any = StatsEntry(self._stats, name, method)
        times = batch.times_ms
        entry.last_request_timestamp = time.time()
        entry.num_requests = len(times)
        entry.total_response_time = sum(times)
        entry.min_response_time, entry.max_response_time = min(times), max(times)
        entry.total_content_length = batch.content_bytes
        entry.num_reqs_per_sec = {int(entry.last_request_timestamp): len(times)}
        for whole_ms, count in Counter(map(round, times)).items():
            entry.response_times[bucket_response_time(whole_ms)] += count
        return entry

    def _flush_each_second(self) -> None:
        while True:
            gevent.sleep(_FLUSH_SECS)
            self.flush()
            trim(self._stats)


def trim(stats: RequestStats) -> None:
    """Forget what would otherwise grow as long as a run lasts."""
    oldest = time.time() - _SECONDS_KEPT
    for entry in (stats.total, *stats.entries.values()):
        for counts in (entry.num_reqs_per_sec, entry.num_fail_per_sec):
            for second in [item for item in counts if item < oldest]:
                del counts[second]
    if len(stats.history) > _MOST_HISTORY:
        del stats.history[1::2]


def _is_locusts(handler: Any) -> bool:
    return bool(handler.__module__ == "locust.runners")
