"""What is tested: a base URL, the keys for it, and the levers it offers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import msgspec

from verify_harness.client import Client
from verify_harness.errors import BasePathWrong, CredentialsRefused, NoVerdict, TargetUnreachable
from verify_harness.exchange import Exchange, Request
from verify_harness.journal import embedded
from verify_harness.keys import KEY_VARIABLE, Keys
from verify_harness.safety.addresses import base_url, is_loopback

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

    @property
    def recorded(self) -> embedded.Target:
        """The target as the journal holds it."""
        return embedded.Target(self.url, self.kind, tuple(sorted(self.levers)))


def resolve(client: Client, url: str, keys: Keys) -> Target:
    """Find out what answers at `url` and whether our key is good; raises NoVerdict where it cannot.

    Raises UsageError for what is no base URL. A target is believed to be a sandbox only on loopback
    and only if its announcement is valid.
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
        )
    if not keys.first:
        raise NoVerdict(f"no API key for {url}.", hint=f"set {KEY_VARIABLE} or use --api-key-file")
    target = Target(url=url, tenants=tuple(map(Tenant, keys.environment.values())))
    _probe_key(client, target)
    return target


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


class Levers:
    """The control interface of a sandbox; every call raises NoVerdict if it is refused."""

    def __init__(self, client: Client, target: Target) -> None:
        self._client = client
        self._base = f"{target.origin}/_sandbox"

    def mint(self, seed: int, faults: Sequence[str] = ()) -> tuple[Tenant, Tenant]:
        """Create a pair of tenants whose ids, keys and codes follow from the seed."""
        body = {"seed": seed} | ({"faults": list(faults)} if faults else {})
        pair = self._call("POST", "/tenants", body)["tenants"]
        first, second = (Tenant(key=item["key"], id=item["id"]) for item in pair)
        return first, second

    def drop(self, tenant: Tenant) -> None:
        """Delete a pair of tenants and their objects."""
        self.call(tenant, "DELETE")

    def call(
        self, tenant: Tenant, method: str, path: str = "", body: dict[str, Any] | None = None
    ) -> Any:
        """Send a request about one tenant; returns the response as JSON."""
        return self._call(method, f"/tenants/{tenant.id}{path}", body)

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
    if exchange.status == 404 and _is_elsewhere(client, target):
        raise BasePathWrong(target.url)


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
