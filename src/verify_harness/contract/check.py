"""The check that is running: whose keys it has, what it sent, what it found.

Exactly one check runs at a time in a process; fixtures of wider scope reach it through `current()`,
because hypothesis refuses fixtures of the function's own scope, rightly.
"""

import hashlib
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn, TypeVar

import pytest

from verify_harness import numbers
from verify_harness.catalogue import Catalogue
from verify_harness.client import Client
from verify_harness.contract.digest import Digest
from verify_harness.contract.patience import Patience
from verify_harness.errors import HarnessError
from verify_harness.exchange import Exchange, Request, as_json
from verify_harness.journal import Journal
from verify_harness.redact import Redactor
from verify_harness.spec.coverage import Coverage
from verify_harness.targets import (
    KEY_VARIABLE,
    SECOND_KEY_VARIABLE,
    Levers,
    Target,
    Tenant,
)

_WEBHOOKS_SETTLE_WITHIN_SECS = 3.0
_NUMBERS_PER_CHECK = 997
"""How far apart the number series of two checks start; prime, so that they rarely overlap."""


Kept = TypeVar("Kept")


class Blocked(Exception):
    """A set-up step failed: the check cannot judge its own requirement."""

    def __init__(self, by: str, message: str) -> None:
        super().__init__(message)
        self.by = by


class NotObservable(Exception):
    """The target lacks a lever that this check needs."""


class NoAnswer(Exception):
    """No HTTP answer came; `blames` is the requirement of the set-up step that got none."""

    def __init__(self, message: str, blames: str | None = None) -> None:
        super().__init__(message)
        self.blames = blames


@dataclass(frozen=True)
class Finding:
    """What a check found broken, with the redacted exchange that showed it."""

    requirement: str
    message: str
    blocked_by: str | None
    exchange: Mapping[str, Any] | None


@dataclass
class Check:
    """The state of one running check; everything it writes to the journal goes through here."""

    id: str
    seed: int
    target: Target
    client: Client
    journal: Journal | None
    request_id: str
    catalogue: Catalogue
    replay: str
    patience: Patience
    faults: tuple[str, ...] = ()
    stop_at: str | None = None
    """In a proof, the requirement whose first finding ends the check."""
    coverage: Coverage | None = None
    """Where to count what of the spec was exercised; it belongs to the process."""
    found: list["Finding"] = field(default_factory=list)
    tenants: tuple[Tenant, ...] = ()
    clean_up: list[Callable[[], object]] = field(default_factory=list)
    last: Exchange | None = None
    complete: bool = False
    """Whether it came to its end, so that what it does not accuse is kept."""
    _conclusion: tuple[str, str] | None = None
    _sequence: int = 0
    requests: int = 0
    _numbers_given: int = 0
    _reported: set[tuple[str, str]] = field(default_factory=set)
    _reached: dict[str, bool] = field(default_factory=dict)
    _memory: dict[str, Any] = field(default_factory=dict)
    _unanswered: NoAnswer | None = None
    """Why nothing more is sent: hypothesis would repeat a request that nobody answers."""

    def __post_init__(self) -> None:
        """Mint this check's own tenants where the target can; else use the run's."""
        self.generated = Digest(self.target.origin)
        self.random = random.Random(self.seed)
        self.levers = Levers(self.client, self.target)
        minted = self.target.offers("tenants")
        self.tenants = self.levers.mint(self.seed, self.faults) if minted else self.target.tenants
        if minted:
            self.clean_up.append(lambda: self.levers.drop(self.tenants[0]))
        names = (KEY_VARIABLE, SECOND_KEY_VARIABLE)
        keys = zip(self.tenants, names, strict=False)
        self.redactor = Redactor({tenant.key: f"${name}" for tenant, name in keys})

    def write(self, kind: str, **fields: Any) -> int:
        """Write a line of this check to the journal; returns its sequence number."""
        self._sequence += 1
        if self.journal is not None:
            self.journal.write(
                kind, redactor=self.redactor, check=self.id, seq=self._sequence, **fields
            )
        return self._sequence

    def send(self, request: Request, operation_id: str | None, purpose: str) -> Exchange:
        """Send one request and journal the exchange.

        Raises NoAnswer on a network fault, and from then on without sending.
        """
        self._ask_patience(request, operation_id, purpose)
        request = self._signed(request)
        exchange = self._keep(self._exchanged(request), operation_id, purpose)
        if purpose == "generated":
            self.generated.add(request)
        return exchange

    def _exchanged(self, request: Request) -> Exchange:
        return self.client.send(request, within_secs=self.patience.wait_secs)

    def send_together(
        self, requests: Sequence[Request], operation_id: str | None
    ) -> list[Exchange]:
        """Send requests at once, each on a connection of its own; the answers in their order."""
        self._ask_patience(requests[0], operation_id, "race")
        signed = [self._signed(request) for request in requests]
        clients = [self.client.another() for _ in signed]
        with ThreadPoolExecutor(len(signed)) as pool:
            exchanges = list(pool.map(Client.send_and_close, clients, signed))
        return [self._keep(exchange, operation_id, "race") for exchange in exchanges]

    def _signed(self, request: Request) -> Request:
        self.requests += 1
        named = ("X-Request-Id", f"{self.request_id}-{self.requests}")
        return replace(request, headers=(*request.headers, named, *self._meant_tenant))

    def _keep(self, exchange: Exchange, operation_id: str | None, purpose: str) -> Exchange:
        """Journal an exchange; raises NoAnswer if it is none."""
        exchange = replace(exchange, operation_id=operation_id, purpose=purpose)
        sequence = self.write("exchange", **as_json(exchange))
        self.last = replace(exchange, sequence=sequence)
        self.patience.learn(exchange)
        if exchange.failure is not None:
            request = exchange.request
            told = f"{request.method} {request.url}: {exchange.failure}"
            self._stop(NoAnswer(self.redactor.text(told)))
        if self.patience.is_over:
            self._stop(NoAnswer(self.patience.reason))
        if self.coverage is not None:
            self.coverage.observe(exchange.request, exchange.status, self.target.url)
        return self.last

    def _ask_patience(self, request: Request, operation_id: str | None, purpose: str) -> None:
        """Raise NoAnswer where a request would wait in vain once more."""
        if self._unanswered is not None:
            self._stop(self._unanswered)
        if (reason := self.patience.why_not(request, operation_id, purpose)) is not None:
            self._stop(NoAnswer(reason))

    def _stop(self, error: NoAnswer) -> NoReturn:
        """Raise from one place only: hypothesis tells failures apart by where they come from."""
        self._unanswered = error
        raise error

    def forgive(self) -> None:
        """Send again: the check is over, and what it made has to be removed."""
        self._unanswered = None

    @property
    def _meant_tenant(self) -> tuple[tuple[str, str], ...]:
        """On a sandbox, whose faults a request without a good key is to meet."""
        minted = self.tenants[0].id
        return (("X-Sandbox-Tenant", minted),) if minted else ()

    def report(self, requirement: str, message: str, *, blocked_by: str | None = None) -> None:
        """Record that a requirement is broken; the check goes on.

        A rule of our own choosing is only observed on a target that does not announce it.
        """
        entry = self.catalogue[requirement]
        if entry.basis == "chosen" and "chosen" not in self.target.announces:
            self.observe(requirement, message)
            return
        exchange = self.redactor.tree(as_json(self.last)) if self.last else None
        self.found.append(Finding(requirement, message, blocked_by, exchange))
        self.write(
            "finding",
            requirement=requirement,
            severity=entry.severity,
            message=message,
            exchange=self.last.sequence if self.last else None,
            blocked_by=blocked_by,
            replay=self.replay.format(requirement=requirement),
        )

    def conclude(self, status: str, reason: str) -> None:
        """Say that the check could not judge: `skip` or `error`, and why; an error stays."""
        if self._conclusion is None or status == "error":
            self._conclusion = (status, reason)

    def finish(self, duration_s: float) -> None:
        """Journal the outcome: a finding outweighs an error, an error outweighs a skip."""
        status, reason = self._conclusion or ("pass", None)
        self.write(
            "check-finished",
            status="fail" if self.found else status,
            reason=reason,
            complete=self.complete,
            duration_s=duration_s,
            requests_sha256=self.generated.sha256,
        )

    def observe(self, key: str, value: str, operation_id: str | None = None) -> None:
        """Record which side of a documented conflict was seen."""
        self.write("observation", key=key, value=value, operation_id=operation_id)

    def report_once(self, requirement: str, message: str) -> None:
        """Report a generated request's findings, but each kind only once in a check."""
        kind = (requirement, message.partition(":")[0])
        if kind not in self._reported:
            self._reported.add(kind)
            self.report(requirement, message)
            if requirement == self.stop_at:
                pytest.skip("caught; the rest of the requests would prove nothing more")

    def reach(self, operation_id: str, exchange: Exchange) -> None:
        """Remember whether this operation ever answered 2xx in this check."""
        self._reached[operation_id] = self._reached.get(operation_id, False) or exchange.succeeded

    def settle(self) -> None:
        """Judge what only the whole check can show: every operation has to reach a 2xx."""
        for operation_id, reached in self._reached.items():
            if not reached:
                self.report("VFY-SPEC-007", f"{operation_id} never answered 2xx")

    def remembered(self, name: str, make: Callable[[], Kept]) -> Kept:
        """What `make` gave the first time, for set-up that all examples of a check share."""
        if name not in self._memory:
            self._memory[name] = make()
        kept: Kept = self._memory[name]
        return kept

    def advance_clock(self, secs: float) -> None:
        """Move the clock of this check's tenants forward."""
        self.levers.advance(self._tenant(0), secs)

    def limit(self, *, requests_per_minute: int | None) -> None:
        """Allow the key of this check's first tenant only so many requests a minute."""
        self.levers.limit(self._tenant(0), requests_per_minute=requests_per_minute)

    def limit_numbers(self, triggers: int | None) -> None:
        """Allow only so many triggers for one number in ten minutes."""
        self.levers.limit(self._tenant(0), triggers_per_number=triggers)

    def webhooks(self) -> list[dict[str, Any]]:
        """Every attempt to deliver a webhook, once all are settled or patience is over."""
        patience = time.monotonic() + _WEBHOOKS_SETTLE_WITHIN_SECS
        while True:
            attempts, waiting = self.levers.webhooks(self._tenant(0))
            if not waiting or time.monotonic() > patience:
                return attempts
            time.sleep(0.02)

    def revoke_key(self) -> None:
        """Take the key of this check's first tenant back."""
        self.levers.revoke_key(self._tenant(0))

    def messages(self, tenant: int = 0) -> list[dict[str, Any]]:
        """All that was sent for a tenant so far; raises NotObservable without an outbox."""
        if not self.target.offers("outbox"):
            raise NotObservable("outbox")
        return self.levers.outbox(self._tenant(tenant))

    def messages_to(self, number: str) -> list[dict[str, Any]]:
        """What was sent to one number."""
        return [message for message in self.messages() if message["to"] == number]

    def sent_nothing(self) -> bool:
        """Whether nothing was sent for either tenant; True where nobody can see."""
        if not self.target.offers("outbox"):
            return True
        return not any(self.messages(index) for index in range(len(self.tenants)))

    def _tenant(self, index: int) -> Tenant:
        return self.tenants[index]

    @property
    def tag(self) -> str:
        """A word that names what this check makes, in this run and in no other."""
        return f"{self.seed:08x} {self.request_id}"

    def number(self) -> str:
        """The next reserved number of this check's own series."""
        self._numbers_given += 1
        return numbers.nth(self.seed * _NUMBERS_PER_CHECK + self._numbers_given)

    def number_in(self, country: str) -> str:
        """A reserved number of a country (ISO 3166-1 alpha-2)."""
        area = self.random.choice(numbers.in_country(country))
        return area.number(self.random.randrange(area.size))


_running: list[Check] = []


def current() -> Check:
    """The check that is running in this process."""
    return _running[-1]


@contextmanager
def running(check: Check) -> Iterator[Check]:
    """Make a check the current one, and clean up after it."""
    _running.append(check)
    try:
        yield check
    finally:
        for step in reversed(check.clean_up):
            _clean_up(check, step)
        _running.pop()


def _clean_up(check: Check, step: Callable[[], object]) -> None:
    """Do one step; a target that is gone by now must not take the other checks with it."""
    check.forgive()
    try:
        step()
    except (NoAnswer, HarnessError) as error:
        if check.journal is not None:
            check.journal.write("note", message=f"{check.id} left something behind: {error}")


def seed_for(run_seed: int, check_id: str) -> int:
    """The seed of one check, so that its requests do not depend on what ran before it."""
    digest = hashlib.sha256(f"{run_seed}:{check_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big")
