"""A program: the same events for locust's own statistics and for ours in bulk (prints JSON)."""

import json
import sys
import time
from typing import Any

import locust  # noqa: F401 - patches sockets, as in a load process
from locust.env import Environment
from locust.stats import RequestStats

from verify_harness.load.engine.locust_statistics import Statistics, trim

SECONDS = 5_000


def main() -> None:
    heard: list[str] = []
    environments = [_environment(), _environment()]
    hooks: list[Any] = [environment.events.request for environment in environments]
    hooks[1].add_listener(lambda name, **_: heard.append(name))
    in_bulk = Statistics(environments[1])
    for number in range(1000):
        for hook in hooks:
            hook.fire(
                request_type="POST",
                name="trigger" if number % 3 else "check",
                response_time=number * 1.7,
                response_length=number,
                exception=ValueError("HTTP 500") if number % 10 == 0 else None,
            )
    in_bulk.flush()
    told = [_figures(environment.stats) for environment in environments]
    json.dump({"figures": told, "heard": len(heard), "kept": _kept()}, sys.stdout)


def _environment() -> Environment:
    environment = Environment()
    environment.create_local_runner()
    return environment


def _figures(stats: RequestStats) -> list[Any]:
    return [
        [
            entry.name,
            entry.num_requests,
            entry.num_failures,
            round(entry.avg_response_time, 6),
            entry.min_response_time,
            entry.max_response_time,
            entry.avg_content_length,
            [entry.get_response_time_percentile(share) for share in (0.5, 0.95, 0.99)],
            sum(entry.num_reqs_per_sec.values()),
        ]
        for entry in (stats.total, *(stats.entries[key] for key in sorted(stats.entries)))
    ]


def _kept() -> list[int]:
    """What is left of a long run: seconds of the total and of a step, points of the history."""
    stats = RequestStats()
    now = int(time.time())
    for ago in range(SECONDS):
        for entry in (stats.total, stats.get("trigger", "POST")):
            entry.num_reqs_per_sec[now - ago] = entry.num_fail_per_sec[now - ago] = 1
        stats.history.append({"time": str(now - ago)})
        if len(stats.history) % 1000 == 0:
            trim(stats)
    trim(stats)
    step = stats.get("trigger", "POST")
    return [len(stats.total.num_reqs_per_sec), len(step.num_fail_per_sec), len(stats.history)]


if __name__ == "__main__":
    main()
