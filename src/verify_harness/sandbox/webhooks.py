"""Webhooks: what is told about a verification, how it is signed, and the courier that takes it.

Sources: facts.md#webhook-body, facts.md#webhook-acknowledged, facts.md#webhook-signature. Only http
on loopback is ever called, whatever a profile names: the sandbox must not become a way to reach
other machines.
"""

import asyncio
import base64
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import msgspec
from nacl.signing import SigningKey

from verify_harness.errors import SafetyRefusal, UsageError
from verify_harness.safety.guard import Guard
from verify_harness.sandbox.clock import timestamp
from verify_harness.sandbox.records import Status, Verification

ANSWER_WITHIN_SECS = 2.0
ATTEMPTS = 4
FIRST_PAUSE_SECS = 0.05
MOST_WAITING = 1000
MOST_AT_ONCE = 16
_KEPT = 10_000
_SAFE = "/?=&%:@!$'()*+,;~-._[]"


class Event(NamedTuple):
    """One thing that is told: its name and the delivery status that goes with it."""

    name: str
    delivery_status: str


EVENTS = (Event("verify.sent", "sent"), Event("verify.delivered", "delivered"))
"""What a trigger causes here: every message arrives (our choice)."""


def occurred_at(now: float) -> str:
    """Milliseconds and an offset, unlike the times of a verification (facts.md#webhook-body)."""
    return datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")


def payload(verification: Verification, status: Status, delivery_status: str) -> dict[str, Any]:
    """The verification as a webhook shows it; never with a drawn code (facts.md#c18)."""
    return {
        "id": verification.id,
        "type": verification.channel,
        "record_type": "verification",
        "phone_number": verification.phone_number,
        "profile_id": verification.profile_id,
        "custom_code": verification.custom_code,
        "extension": verification.extension,
        "timeout_secs": verification.timeout_secs,
        "status": status,
        "delivery_status": delivery_status,
        "failed_attempts": verification.failed_attempts,
        "mccmnc": None,
        "created_at": timestamp(verification.created_at),
        "updated_at": timestamp(verification.updated_at),
    }


def sign(key: SigningKey, stamp: bytes, body: bytes) -> bytes:
    """Ed25519 over timestamp, a bar and the raw body."""
    return key.sign(stamp + b"|" + body).signature


def is_received(status: int) -> bool:
    """Whether an answer means that nobody need try again."""
    return 200 <= status < 300


def is_received_as_200(status: int) -> bool:
    """The observed service's other callbacks count 200 alone (C24)."""
    return status == 200


def addresses(url: str, failover_url: str | None) -> Iterator[str]:
    """Where each attempt goes: the two addresses in turn."""
    for attempt in range(ATTEMPTS):
        yield failover_url if attempt % 2 and failover_url is not None else url


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """How an event is delivered, as the tenant's rules have it."""

    addresses: Callable[[str, str | None], Iterator[str]]
    sign: Callable[[SigningKey, bytes, bytes], bytes]
    is_received: Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class LoopbackUrl:
    """A loopback address that may be called; `addresses` are those that were judged, in order."""

    addresses: tuple[str, ...]
    port: int
    authority: str
    target: str


_LOOPBACK_ONLY = Guard.for_load()


def place_of(url: str, guard: Guard = _LOOPBACK_ONLY) -> LoopbackUrl | None:
    """Where an address leads, or None if it is not http on loopback."""
    try:
        parts, route = urlsplit(url), guard.route(url)
    except (SafetyRefusal, UsageError, OSError):
        return None
    origin = route.origin
    if origin.scheme != "http":
        return None
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return LoopbackUrl(route.addresses, origin.port, origin.authority, quote(target, safe=_SAFE))


@dataclass(slots=True)
class Deliveries:
    """What became of a tenant's webhooks; `waiting` counts those that are not settled yet."""

    waiting: int = 0
    attempts: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def note(self, event: Mapping[str, Any], url: str, attempt: int, outcome: str) -> None:
        """Remember one attempt: `received`, `answered 500`, `no answer` or `not sent`."""
        data = event["data"]
        self.attempts.append(
            {
                "event_type": data["event_type"],
                "verification_id": data["payload"]["id"],
                "url": url,
                "attempt": attempt,
                "outcome": outcome,
            }
        )


@dataclass(slots=True)
class Courier:
    """Takes events to their addresses in the background; one key pair for the whole process."""

    key: SigningKey = field(default_factory=SigningKey.generate)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))

    @property
    def public_key(self) -> str:
        """What receivers check signatures with, in base64."""
        return base64.b64encode(bytes(self.key.verify_key)).decode()

    def take(
        self,
        event: dict[str, Any],
        urls: tuple[str, str | None],
        manner: DeliveryPolicy,
        deliveries: Deliveries,
    ) -> None:
        """Accept an event without waiting for anybody; beyond the bound it is noted as not sent."""
        if len(self._tasks) >= MOST_WAITING:
            deliveries.note(event, urls[0], 0, "not sent")
            return
        deliveries.waiting += 1
        task = asyncio.get_running_loop().create_task(
            self._deliver(event, urls, manner, deliveries)
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(
        self,
        event: dict[str, Any],
        urls: tuple[str, str | None],
        manner: DeliveryPolicy,
        deliveries: Deliveries,
    ) -> None:
        try:
            for attempt, url in enumerate(manner.addresses(*urls), 1):
                if attempt > 1:
                    await asyncio.sleep(FIRST_PAUSE_SECS * 2 ** (attempt - 2))
                event["meta"] = {"attempt": attempt, "delivered_to": url}
                async with self._at_once:
                    status = await self._post(url, msgspec.json.encode(event), manner)
                deliveries.note(event, url, attempt, _outcome(status, manner))
                if status and manner.is_received(status):
                    return
        finally:
            deliveries.waiting -= 1

    async def _post(self, url: str, body: bytes, manner: DeliveryPolicy) -> int | None:
        """The status of the answer, 0 if none came in time, None if the address is not for us."""
        place = place_of(url)
        if place is None:
            return None
        stamp = b"%d" % int(time.time())
        signature = base64.b64encode(manner.sign(self.key, stamp, body))
        head = (
            f"POST {place.target} HTTP/1.1\r\nHost: {place.authority}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Connection: close\r\ntelnyx-timestamp: {stamp.decode()}\r\n"
            f"telnyx-signature-ed25519: {signature.decode()}\r\n\r\n"
        )
        try:
            async with asyncio.timeout(ANSWER_WITHIN_SECS):
                return await _exchange(place, head.encode() + body)
        except (OSError, TimeoutError, ValueError):
            return 0


async def _exchange(place: LoopbackUrl, request: bytes) -> int:
    """Send a request and read the status of the answer; ValueError if that is no HTTP."""
    reader, writer = await _connected(place)
    try:
        writer.write(request)
        await writer.drain()
        return int((await reader.readline()).split()[1:2][0])
    except IndexError as cause:
        raise ValueError("no status line") from cause
    finally:
        writer.close()


async def _connected(place: LoopbackUrl) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the first address that takes one; raises OSError of the last."""
    *others, last = place.addresses
    for address in others:
        with suppress(OSError):
            return await asyncio.open_connection(address, place.port)
    return await asyncio.open_connection(last, place.port)


def _outcome(status: int | None, manner: DeliveryPolicy) -> str:
    if status is None:
        return "not sent"
    if status == 0:
        return "no answer"
    return "received" if manner.is_received(status) else f"answered {status}"
