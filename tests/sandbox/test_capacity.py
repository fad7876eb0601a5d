"""A sandbox of set capacity: who waits, who does not, and how long the queue may get."""

import asyncio
import time
from collections.abc import MutableMapping
from typing import Any

import pytest

from verify_harness.sandbox.application import Application
from verify_harness.sandbox.service_rate import MOST_WAITING, LimitedApplication, Queue
from verify_harness.sandbox.tenants import TenantOptions, Tenants


async def _answered(application: LimitedApplication, path: str) -> int:
    """The status of a GET, asked without a network."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {"method": "GET", "path": path, "raw_path": path.encode(), "query_string": b""}
    headers = [(b"host", b"localhost")]
    await application({**scope, "headers": headers, "client": ("127.0.0.1", 1)}, receive, send)
    return int(sent[0]["status"])


def _limited(rate_per_s: float, waiting: int = 0) -> LimitedApplication:
    return LimitedApplication(
        Application(Tenants(TenantOptions(seed=1))), Queue(rate_per_s, waiting)
    )


async def _take_turns(queue: Queue, count: int) -> float:
    began = time.perf_counter()
    await asyncio.gather(*(queue.turn() for _ in range(count)))
    return time.perf_counter() - began


def test_a_crowd_is_served_at_the_rate_and_not_faster() -> None:
    assert asyncio.run(_take_turns(Queue(200), 30)) >= 30 / 200


def test_who_comes_alone_waits_for_nobody() -> None:
    async def one_by_one(queue: Queue) -> list[float]:
        return [await _take_turns(queue, 1) for _ in range(5)]

    assert sorted(asyncio.run(one_by_one(Queue(50))))[2] < 2 / 50  # nobody's time adds up


@pytest.mark.parametrize(
    "path, waiting, status",
    [
        ("/v2/verify_profiles", 0, 401),  # its turn came; the sandbox itself refuses it
        ("/v2/verify_profiles", MOST_WAITING, 503),
        ("/_sandbox/", MOST_WAITING, 200),
    ],
)
def test_a_full_queue_refuses_requests_but_not_the_levers(
    path: str, waiting: int, status: int
) -> None:
    assert asyncio.run(_answered(_limited(1000, waiting), path)) == status
