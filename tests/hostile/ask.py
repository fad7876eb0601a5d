# ruff: noqa: PLC0415 - gevent and locust must stay out of the process of the contract client
"""A program: make requests with one of our clients and print what came of them (JSON in and out).

The tests start it as a process of its own, since gevent must not come into theirs, and so that the
memory that it took at most can be told.
"""

import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

Asked = dict[str, Any]
Told = dict[str, Any]


def main() -> None:
    asked = json.load(sys.stdin)
    json.dump({"contract": _contract, "lean": _lean}[asked["client"]](asked), sys.stdout)


def _contract(asked: Asked) -> Told:
    from verify_harness.client import Client
    from verify_harness.exchange import Request
    from verify_harness.safety.guard import Guard

    seen: Counter[str] = Counter()
    within_secs = asked.get("limits", {}).get("total_secs", 30.0)
    guard = Guard.for_contract(resolver=_resolver(asked))
    client = Client(
        guard, run_id="run-1", ca_file=asked.get("ca_file"), total_timeout_secs=within_secs
    )

    def send(method: str, name: str, body: Any) -> Told:
        content = None if body is None else json.dumps(body).encode()
        headers = () if body is None else (("Content-Type", "application/json"),)
        exchange = client.send(Request(method, f"{asked['url']}/{name}", headers, content))
        seen.update(exchange.oddities)
        return {
            "status": exchange.response and exchange.status,
            "body": exchange.response.body.decode() if exchange.response else "",
            "type": exchange.header("content-type") or "",
            "retry-after": exchange.header("retry-after") or "",
            "failure": exchange.failure,
            "kind": exchange.failure_kind,
            "is_cut": exchange.response is not None and exchange.response.truncated,
            "elapsed_s": exchange.elapsed_ms / 1000,
        }

    return {**_made(asked, send, time.sleep), "oddities": seen}


def _lean(asked: Asked) -> Told:
    import gevent
    import locust  # noqa: F401 - patches sockets, as in a load process
    from locust.event import EventHook

    from verify_harness.load.client.api_steps import Step
    from verify_harness.load.client.connection import Limits
    from verify_harness.load.client.lean_client import LeanClient
    from verify_harness.load.process_settings import LoadSettings
    from verify_harness.safety.guard import Guard

    events: list[Told] = []
    hook = EventHook()  # type: ignore[no-untyped-call]  # locust's
    hook.add_listener(lambda **event: events.append(_told(event)))  # type: ignore[no-untyped-call]
    settings = replace(
        LoadSettings(asked["url"], "KEY-0123456789", "smoke", 7, Path("unused"), "run-1"),
        ca_file=asked.get("ca_file"),
    )
    guard = Guard.for_load(_resolver(asked))
    client = LeanClient(settings, hook, Limits(**asked.get("limits", {})), guard)

    def send(method: str, name: str, body: Any) -> Told:
        answer = client.send(Step(name, method, f"/{name}", ""), (), body)
        return {
            "status": answer.status,
            "body": answer.content.decode(),
            "type": answer.header("content-type"),
            "retry-after": answer.header("retry-after"),
            "failure": answer.failure,
            "is_cut": False,
            "elapsed_s": answer.finished - answer.sent,
        }

    made = _made(asked, send, gevent.sleep)
    return {**made, "events": events, "health": client.health, "oddities": client.oddities}


def _made(
    asked: Asked, send: Callable[[str, str, Any], Told], sleep: Callable[[float], None]
) -> Told:
    """Every request's outcome, and by how many bytes the process grew at most meanwhile."""
    answers, before = [], _most_bytes()
    for method, name, body, pause_s in asked["requests"]:
        answers.append(send(method, name, body))
        sleep(pause_s)
    return {"answers": answers, "grown_bytes": _most_bytes() - before}


def _most_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _resolver(asked: Asked) -> Callable[[str, int], Sequence[str]]:
    """Answers each name with the next of the lists that were given, or as the system does."""
    from verify_harness.safety.name_resolution import system_addresses

    if "addresses" not in asked:
        return system_addresses
    lists = iter(asked["addresses"])
    return lambda _host, _port: next(lists)


def _told(event: Told) -> Told:
    told = {name: event[name] for name in ("request_type", "name", "response_length")}
    return {**told, "exception": event["exception"] and str(event["exception"])}


if __name__ == "__main__":
    main()
