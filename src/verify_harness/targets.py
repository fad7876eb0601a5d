"""What is tested: a base URL, the keys for it, and the levers it offers (design §4)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs

from verify_harness.client import Client
from verify_harness.errors import CredentialsRefused, NoVerdict, TargetUnreachable
from verify_harness.exchange import Exchange, Request
from verify_harness.safety.addresses import base_url, is_loopback

KEY_VARIABLE = "TELNYX_API_KEY"
SECOND_KEY_VARIABLE = "VERIFY_HARNESS_SECOND_API_KEY"
SECOND_KEY_LEVER = "second-key"
_FREE_READ = "/verify_profiles/templates"
_ANNOUNCEMENT_SCHEMA = Path(__file__).parent / "sandbox" / "announcement.schema.json"


@dataclass(frozen=True, slots=True)
class Tenant:
    """One account of the target: its key, and its id where the target mints tenants."""

    key: str = field(repr=False)
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A system under test; `levers` is empty unless it announced itself as a sandbox."""

    url: str
    kind: str = "url"
    levers: frozenset[str] = frozenset()
    announces: frozenset[str] = frozenset()
    dialect: str = "documented"
    tenants: tuple[Tenant, ...] = ()
    webhook_public_key: str = ""
    """What its webhooks are signed with, in base64; empty where nobody said."""

    @property
    def origin(self) -> str:
        """Scheme and authority, without a path."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def says_documented(self) -> bool:
        """Whether the target announced that it takes the documented side of every conflict."""
        return "chosen" in self.announces and self.dialect == "documented"

    def offers(self, lever: str) -> bool:
        """Whether checks that need this lever can run here."""
        if lever == SECOND_KEY_LEVER:
            return "tenants" in self.levers or len(self.tenants) > 1
        return lever in self.levers

    def as_json(self) -> dict[str, Any]:
        """The target as the journal holds it."""
        return {"url": self.url, "kind": self.kind, "levers": sorted(self.levers)}


def resolve(client: Client, url: str, environment: Mapping[str, str]) -> Target:
    """Find out what answers at `url` and whether our key is good; raises NoVerdict where it cannot.

    Raises UsageError for what is no base URL. A target is believed to be a sandbox only on loopback
    and only if its announcement is valid.
    """
    url = base_url(url)
    announcement = _announcement(client, url)
    if announcement is not None:
        base = announcement["base_path"]
        return Target(
            url=url if urlsplit(url).path else url + base,
            kind="sandbox",
            levers=frozenset(announcement["levers"]),
            announces=frozenset(announcement["announces"]),
            dialect=announcement["dialect"],
            webhook_public_key=announcement["webhook_public_key"],
        )
    names = (KEY_VARIABLE, SECOND_KEY_VARIABLE)
    keys = [value for name in names if (value := environment.get(name, "").strip())]
    if not keys:
        raise NoVerdict(
            f"{url} offers no tenants and no key is set.", hint=f"put a key into {KEY_VARIABLE}"
        )
    target = Target(url=url, tenants=tuple(Tenant(key) for key in keys))
    _probe_key(client, target)
    return target


def is_there(client: Client, target: Target) -> bool:
    """Whether anything is answered at all: a free read, or an address that nobody serves."""
    read = Request("GET", f"{target.url}{_FREE_READ}", _authorization(target))
    return any(
        client.send(request).failure is None for request in (read, Request("GET", f"{target.url}/"))
    )


def announced_faults(client: Client, target: Target) -> list[dict[str, Any]]:
    """The faults that a sandbox can switch on; none for any other target."""
    announcement = _announcement(client, target.url)
    return list(announcement["faults"]) if announcement else []


class Levers:
    """The sandbox's control surface, as far as one check needs it."""

    def __init__(self, client: Client, target: Target) -> None:
        self._client = client
        self._base = f"{target.origin}/_sandbox"

    def mint(self, seed: int, faults: Sequence[str] = ()) -> tuple[Tenant, Tenant]:
        """A fresh pair of tenants whose ids, keys and codes follow from the seed."""
        body = {"seed": seed} | ({"faults": list(faults)} if faults else {})
        pair = self._call("POST", "/tenants", body)["tenants"]
        first, second = (Tenant(key=item["key"], id=item["id"]) for item in pair)
        return first, second

    def drop(self, tenant: Tenant) -> None:
        """Forget a pair and all it made."""
        self._call("DELETE", f"/tenants/{tenant.id}")

    def outbox(self, tenant: Tenant) -> list[dict[str, Any]]:
        """What was sent for this tenant so far, oldest first."""
        messages: list[dict[str, Any]] = self._call("GET", f"/tenants/{tenant.id}/outbox")[
            "messages"
        ]
        return messages

    def advance(self, tenant: Tenant, secs: float) -> None:
        """Move the tenant's clock forward."""
        self._call("POST", f"/tenants/{tenant.id}/clock", {"advance_secs": secs})

    def limit(self, tenant: Tenant, **limits: int | None) -> None:
        """Set `requests_per_minute` or `triggers_per_number`; None takes a limit away."""
        self._call("PUT", f"/tenants/{tenant.id}/limits", limits)

    def webhooks(self, tenant: Tenant) -> tuple[list[dict[str, Any]], int]:
        """Every attempt to deliver a webhook so far, and how many webhooks are not settled yet."""
        answer = self._call("GET", f"/tenants/{tenant.id}/webhooks")
        return answer["webhooks"], answer["waiting"]

    def revoke_key(self, tenant: Tenant) -> None:
        """Take a tenant's key back."""
        self._call("POST", f"/tenants/{tenant.id}/revoke-key")

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = (("Content-Type", "application/json"),) if body is not None else ()
        content = json.dumps(body).encode() if body is not None else None
        exchange = self._client.send(Request(method, self._base + path, headers, content))
        if not exchange.succeeded:
            cause = exchange.failure or f"status {exchange.status}"
            raise NoVerdict(f"the sandbox refused {method} {path}: {cause}.")
        return exchange.json


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


def _probe_key(client: Client, target: Target) -> None:
    """One free read: is anybody there, and does it know our key?"""
    exchange = client.send(Request("GET", f"{target.url}{_FREE_READ}", _authorization(target)))
    if exchange.timed_out and is_there(client, target):
        return  # that operation hangs: a check will say so
    _require_answer(exchange, target.url)
    if exchange.status == 401:
        raise CredentialsRefused(target.url)


def _authorization(target: Target) -> tuple[tuple[str, str], ...]:
    """The header with the first key of the run; none on a target that mints keys."""
    return tuple(("Authorization", f"Bearer {tenant.key}") for tenant in target.tenants[:1])


def _require_answer(exchange: Exchange, url: str) -> None:
    if exchange.failure is not None:
        raise TargetUnreachable(url, exchange.failure)
