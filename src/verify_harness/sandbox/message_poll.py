"""`GET /_sandbox/messages`: what was sent, to whomever of all tenants; may wait for a message."""

import asyncio
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from verify_harness.sandbox.api import Written
from verify_harness.sandbox.error_envelope import refuse
from verify_harness.sandbox.exchange import Request
from verify_harness.sandbox.tenants import Tenants

PATH = "/messages"
MOST_WAIT_SECS = 60.0
_PAUSE_SECS = 0.02
_NOTHING = b'{"messages":[]}'


def messages(tenants: Tenants, request: Request) -> dict[str, Any]:
    """The messages that are kept, oldest first by tenant; `to` leaves those to one number."""
    number = _given(request, "to")
    wanted = None if number is None else f"+{number.strip().lstrip('+')}"  # a plain + is a blank
    _wait_secs(request)
    found = [
        {"tenant": tenant.id, **message}
        for tenant in tenants
        for message in tenant.outbox.as_json()
        if wanted in (None, message["to"])
    ]
    return {"messages": found}


async def once_there(request: Request, answer: Callable[[], Written]) -> Written:
    """The answer, again and again until it holds a message or `wait_secs` have passed."""
    written = answer()
    until = time.monotonic() + (_wait_secs(request) if written[0] == 200 else 0.0)
    while written[-1] == _NOTHING and time.monotonic() < until:
        await asyncio.sleep(_PAUSE_SECS)
        written = answer()
    return written


def _wait_secs(request: Request) -> float:
    """How long to wait for a message; raises Refusal for what is no number of seconds."""
    given = _given(request, "wait_secs") or "0"
    try:
        secs = float(given)
    except ValueError:
        secs = -1.0
    if not 0 <= secs <= MOST_WAIT_SECS:
        raise refuse(400, "10015", f"wait_secs is a number from 0 to {MOST_WAIT_SECS:g}.")
    return secs


def _given(request: Request, name: str) -> str | None:
    values = parse_qs(request.query, keep_blank_values=True).get(name)
    return values[-1] if values else None
