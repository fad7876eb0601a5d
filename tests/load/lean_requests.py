"""A program: make requests with a load client and print what came of them (JSON in and out).

The tests start it as a process of its own, since gevent must not come into theirs.
"""

import json
import sys
from pathlib import Path
from typing import Any

import gevent
import locust  # noqa: F401 - patches sockets, as in a load process
from locust.event import EventHook

from verify_harness.load.client import LeanClient
from verify_harness.load.connection import Limits
from verify_harness.load.fasthttp import FastHttpClient
from verify_harness.load.settings import LoadSettings
from verify_harness.load.steps import Step


def main() -> None:
    asked = json.load(sys.stdin)
    events: list[dict[str, Any]] = []
    hook = EventHook()  # type: ignore[no-untyped-call]  # locust's
    hook.add_listener(lambda **event: events.append(_told(event)))  # type: ignore[no-untyped-call]
    settings = LoadSettings(asked["url"], "KEY-0123456789", "smoke", 7, Path("unused"), "run-1")
    client: LeanClient | FastHttpClient
    if asked.get("client") == "fasthttp":
        client = FastHttpClient(settings, hook)
    else:
        client = LeanClient(settings, hook, Limits(**asked.get("limits", {})))
    answers = []
    for method, name, body, pause_s in asked["requests"]:
        answer = client.send(Step(name, method, f"/{name}", ""), (), body)
        answers.append(
            {
                "status": answer.status,
                "body": answer.content.decode(),
                "type": answer.header("content-type"),
                "retry-after": answer.header("retry-after"),
                "failure": answer.failure,
                "elapsed_s": answer.finished - answer.sent,
            }
        )
        gevent.sleep(pause_s)
    json.dump({"answers": answers, "events": events, "health": client.health}, sys.stdout)


def _told(event: dict[str, Any]) -> dict[str, Any]:
    told = {name: event[name] for name in ("request_type", "name", "response_length")}
    return {**told, "exception": event["exception"] and str(event["exception"])}


if __name__ == "__main__":
    main()
