"""Finds out what answers at a URL: a sandbox with levers, any other service, or nothing."""

import json
import time
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import msgspec

from verify_harness import access_tokens, control_token
from verify_harness.client import Client
from verify_harness.errors import (
    BasePathWrong,
    CredentialsRefused,
    IntermediaryAnswered,
    NoVerdict,
    TargetUnreachable,
)
from verify_harness.exchange import Exchange, Request
from verify_harness.journal import embedded
from verify_harness.keys import KEY_VARIABLE, Keys
from verify_harness.safety.addresses import base_url, is_loopback
from verify_harness.targets.target import Target

_FREE_READ = "/verify_profiles/templates"
_ANNOUNCEMENT_SCHEMA = Path(__file__).parents[1] / "sandbox" / "announcement.schema.json"


def resolve(client: Client, url: str, keys: Keys, *, token: str = "") -> Target:
    """Find out what answers at `url` and whether our key is good; raises NoVerdict where it cannot.

    Raises UsageError for what is no base URL. A target is believed to be a sandbox only on loopback
    and only if its announcement is valid; `token` opens its levers, else the one that it left for
    programs of this user.
    """
    url = base_url(url)
    announcement = _announcement(client, url)
    if announcement is not None:
        base = announcement["base_path"]
        if urlsplit(url).path not in {"", base}:
            raise BasePathWrong(url)
        return Target(
            url=url if urlsplit(url).path else url + base,
            kind="sandbox",
            levers=frozenset(announcement["levers"]),
            announces=frozenset(announcement["announces"]),
            dialect=announcement["dialect"],
            webhook_public_key=announcement["webhook_public_key"],
            control_token=token or control_token.known(urlsplit(url).port or 80),
        )
    if not keys.exist:
        raise NoVerdict(f"no API key for {url}.", hint=f"set {KEY_VARIABLE} or use --api-key-file")
    target = Target(url=url).with_keys(access_tokens.fresh(client, keys, url))
    return replace(target, clock_ahead_secs=_probe_key(client, target))


def is_there(client: Client, target: Target) -> bool:
    """Whether anything is answered at all: a free read, or an address that nobody serves."""
    read = Request("GET", f"{target.url}{_FREE_READ}", _authorization(target))
    return any(
        client.send(request).failure is None for request in (read, Request("GET", f"{target.url}/"))
    )


def announced_faults(client: Client, target: Target) -> list[embedded.Fault]:
    """The faults that a sandbox can switch on; none for any other target."""
    announcement = _announcement(client, target.url)
    return msgspec.convert(announcement["faults"], list[embedded.Fault]) if announcement else []


def _announcement(client: Client, url: str) -> dict[str, Any] | None:
    parts = urlsplit(url)
    if not is_loopback(parts.hostname or ""):
        return None
    exchange = client.send(Request("GET", f"{parts.scheme}://{parts.netloc}/_sandbox/"))
    _require_answer(exchange, url)
    body = exchange.json
    return body if exchange.succeeded and _announcement_validator().is_valid(body) else None


@cache
def _announcement_validator() -> Any:
    return jsonschema_rs.validator_for(json.loads(_ANNOUNCEMENT_SCHEMA.read_text()))


def _probe_key(client: Client, target: Target) -> float:
    """One free read: is anybody there, and does it know our key?

    Returns the seconds that its clock is before ours.
    """
    exchange = client.send(Request("GET", f"{target.url}{_FREE_READ}", _authorization(target)))
    if exchange.timed_out and is_there(client, target):
        return 0.0  # that operation hangs: a check will say so
    _require_answer(exchange, target.url)
    if exchange.is_from_intermediary:
        raise IntermediaryAnswered(target.url, exchange.status)
    if exchange.status == 401:
        raise CredentialsRefused(target.url)
    if exchange.status == 404 and _is_elsewhere(client, target):
        raise BasePathWrong(target.url)
    return _clock_ahead_secs(exchange)


def _clock_ahead_secs(exchange: Exchange) -> float:
    """By the Date of an answer, which has whole seconds; 0 where it cannot be read."""
    try:
        told = parsedate_to_datetime(exchange.header("date") or "")
    except ValueError:
        return 0.0
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp() - time.time()


def _is_elsewhere(client: Client, target: Target) -> bool:
    """Whether the address of the list of profiles is unknown, too: no such API is served here."""
    url = f"{target.url}/verify_profiles"
    return client.send(Request("GET", url, _authorization(target))).status == 404


def _authorization(target: Target) -> tuple[tuple[str, str], ...]:
    """The header with the first key of the run; none on a target that mints keys."""
    return tuple(("Authorization", f"Bearer {tenant.key}") for tenant in target.tenants[:1])


def _require_answer(exchange: Exchange, url: str) -> None:
    if exchange.failure is not None:
        raise TargetUnreachable(url, exchange.failure)
