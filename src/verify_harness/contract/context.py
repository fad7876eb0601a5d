"""The running check: its identity, its tenants, and its requests.

One check runs at a time in a process, reached by `current()`: hypothesis rejects fixtures of
function scope, so fixtures of wider scope need another way to it.
"""

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn, TypeVar

from verify_harness import phone_numbers, tracing
from verify_harness.catalogue import Requirement
from verify_harness.client import Client
from verify_harness.contract.check_exceptions import NoAnswer
from verify_harness.contract.check_journal import CheckJournal
from verify_harness.contract.circuit_breaker import CircuitBreaker
from verify_harness.contract.digest import Digest
from verify_harness.contract.findings import Findings
from verify_harness.contract.levers import CheckLevers
from verify_harness.contract.passive_oracle import PassiveOracle
from verify_harness.errors import HarnessError
from verify_harness.exchange import Exchange, Purpose, Request
from verify_harness.journal import Journal
from verify_harness.keys import KEY_VARIABLE, SECOND_KEY_VARIABLE
from verify_harness.spec import Spec
from verify_harness.spec.coverage import Coverage
from verify_harness.targets import Levers, Target, Tenant

_NUMBERS_PER_CHECK = 997
"""Distance between the number series of two checks; prime, so that they rarely overlap."""

Value = TypeVar("Value")


@dataclass(frozen=True)
class CheckEnvironment:
    """What all checks of one process share."""

    target: Target
    client: Client
    catalogue: dict[str, Requirement]
    breaker: CircuitBreaker
    run_id: str
    run_seed: int
    max_examples: int = 12
    """Random cases for each operation that requests are generated for."""
    coverage: Coverage | None = None
    spec: Spec | None = None
    """What answers are held against beside a check; None where only the check judges."""


@dataclass
class CheckContext:
    """One running check."""

    id: str
    seed: int
    tenants: tuple[Tenant, ...]
    environment: CheckEnvironment
    journal: CheckJournal
    findings: Findings
    levers: CheckLevers
    requirements: tuple[str, ...] = ()
    """Those that it asks for, by id."""
    faults: tuple[str, ...] = ()
    """The faults of its tenants."""
    kept: Journal | None = None
    """Where its exchanges and findings are written; None in a proof."""
    oracle: PassiveOracle | None = None
    """The model that follows it; None on a target whose tenants may have more than it knows."""
    clean_up: list[Callable[[], object]] = field(default_factory=list)
    """Steps that run after the check, the last one first."""
    requests: int = 0
    judged_by_model: int = 0
    """How many answers were held against the reference model."""
    _numbers_given: int = 0
    _memory: dict[str, Any] = field(default_factory=dict)
    _unanswered: NoAnswer | None = None
    """Why nothing more is sent: hypothesis would repeat a request that got no response."""

    def __post_init__(self) -> None:
        """Derive what follows from the seed and the target."""
        self.random = random.Random(self.seed)
        self.generated = Digest(self.target.origin)
        self._trace = tracing.trace_id(self.environment.run_id, f"{self.id} {self.seed}")

    @property
    def target(self) -> Target:
        """The target under test."""
        return self.environment.target

    @property
    def last(self) -> Exchange | None:
        """The last exchange; None before the first."""
        return self.findings.last_exchange

    @property
    def tag(self) -> str:
        """A text unique to this check in this run, to name the objects that it creates."""
        return f"{self.seed:08x} {self.environment.run_id}"

    def number(self) -> str:
        """The next reserved number of this check's own series."""
        self._numbers_given += 1
        return phone_numbers.nth(self.seed * _NUMBERS_PER_CHECK + self._numbers_given)

    def number_in(self, country: str) -> str:
        """A reserved number of a country (ISO 3166-1 alpha-2)."""
        area = self.random.choice(phone_numbers.in_country(country))
        return area.number(self.random.randrange(area.size))

    def remembered(self, name: str, make: Callable[[], Value]) -> Value:
        """The value that `make` returned the first time; all examples of a check share it."""
        if name not in self._memory:
            self._memory[name] = make()
        value: Value = self._memory[name]
        return value

    def send(self, request: Request, operation_id: str | None, purpose: Purpose) -> Exchange:
        """Send one request and journal the exchange.

        Raises NoAnswer on a network failure, and from then on without sending.
        """
        self._raise_if_futile(request, operation_id, purpose)
        request = self._signed(request)
        environment = self.environment
        exchange = environment.client.send(request, within_secs=environment.breaker.wait_secs)
        recorded = self._record(exchange, operation_id, purpose)
        if purpose is Purpose.GENERATED:
            self.generated.add(request)
        return recorded

    def send_together(
        self, requests: Sequence[Request], operation_id: str | None
    ) -> list[Exchange]:
        """Send requests at once, each on its own connection; exchanges in the order given."""
        self._raise_if_futile(requests[0], operation_id, Purpose.RACE)
        signed = [self._signed(request) for request in requests]
        clients = [self.environment.client.another() for _ in signed]
        with ThreadPoolExecutor(len(signed)) as pool:
            exchanges = list(pool.map(Client.send_and_close, clients, signed))
        return [self._record(exchange, operation_id, Purpose.RACE) for exchange in exchanges]

    def run_clean_up(self) -> None:
        """Run the clean-up steps; one that fails is noted and does not stop the others."""
        for step in reversed(self.clean_up):
            self._unanswered = None
            try:
                step()
            except (NoAnswer, HarnessError) as error:
                self.journal.left_behind(error)

    def _signed(self, request: Request) -> Request:
        """The request with its id, its trace and, on a sandbox, the tenant that it belongs to.

        The tenant's faults then also apply to requests without a valid key.
        """
        self.requests += 1
        tenant = self.tenants[0].id
        added = {"X-Request-Id": f"{self.environment.run_id}-{self.seed:08x}-{self.requests}"}
        added |= {"traceparent": tracing.traceparent(self._trace, self.requests)}
        added |= {"baggage": tracing.baggage(self.requirements)} if self.requirements else {}
        added |= {"X-Sandbox-Tenant": tenant} if tenant else {}
        return replace(request, headers=(*request.headers, *added.items()))

    def _record(self, exchange: Exchange, operation_id: str | None, purpose: Purpose) -> Exchange:
        """Journal an exchange; raises NoAnswer if it has no response."""
        exchange = replace(exchange, operation_id=operation_id, purpose=purpose)
        exchange = self.journal.exchange(exchange)
        self.findings.last_exchange = exchange
        for oddity in exchange.oddities:
            self.findings.observe("http", oddity, operation_id)
        self.environment.breaker.record(exchange)
        if self.oracle is not None:
            self.judged_by_model += self.oracle.follow(exchange)
        if exchange.failure is not None:
            request = exchange.request
            message = f"{request.method} {request.url}: {exchange.failure}"
            self._stop(NoAnswer(self.journal.redactor.text(message)))
        if self.environment.breaker.is_open:
            self._stop(NoAnswer(self.environment.breaker.reason))
        if self.environment.coverage is not None:
            self.environment.coverage.observe(exchange.request, exchange.status, self.target.url)
        return exchange

    def _raise_if_futile(
        self, request: Request, operation_id: str | None, purpose: Purpose
    ) -> None:
        """Raise NoAnswer for a request that would not get a response either."""
        if self._unanswered is not None:
            self._stop(self._unanswered)
        reason = self.environment.breaker.refusal(request, operation_id, purpose)
        if reason is not None:
            self._stop(NoAnswer(reason))

    def _stop(self, error: NoAnswer) -> NoReturn:
        """Raise from one place only: hypothesis identifies a failure by where it was raised."""
        self._unanswered = error
        raise error


_running: list[CheckContext] = []


def current() -> CheckContext:
    """The check that is running in this process."""
    return _running[-1]


@contextmanager
def open_check(
    environment: CheckEnvironment,
    check_id: str,
    *,
    journal: Journal | None,
    requirements: Sequence[str] = (),
    faults: Sequence[str] = (),
    stop_at: str | None = None,
    seed: int | None = None,
    follows: bool = True,
) -> Iterator[CheckContext]:
    """Make a check the current one, and clean up after it.

    The check gets a pair of tenants of its own where the target can mint them (with these faults),
    else the tenants of the run. Its seed follows from the run's unless one is given. Raises
    HarnessError if minting fails.
    """
    target = environment.target
    seed = seed_for(environment.run_seed, check_id) if seed is None else seed
    levers = Levers(environment.client, target)
    minted = target.offers("tenants")
    tenants = levers.mint(seed, faults) if minted else target.tenants
    check_journal = CheckJournal(journal, check_id, _secrets(tenants))
    spec = environment.spec if minted and follows else None
    oracle = PassiveOracle(target, spec, tenants) if spec else None
    check = CheckContext(
        id=check_id,
        seed=seed,
        tenants=tenants,
        environment=environment,
        journal=check_journal,
        findings=Findings(
            check_journal,
            environment.catalogue,
            target,
            stop_at=stop_at,
        ),
        levers=CheckLevers(levers, target, tenants, check_journal, oracle),
        requirements=tuple(requirements),
        faults=tuple(faults),
        kept=journal,
        oracle=oracle,
        clean_up=[lambda: levers.drop(tenants[0])] if minted else [],
    )
    _running.append(check)
    try:
        yield check
    finally:
        check.run_clean_up()
        _running.pop()


@contextmanager
def on_fresh_tenants(check: CheckContext, name: str, *, kept: bool) -> Iterator[CheckContext]:
    """Make another pair of tenants current, as the same check; `name` decides their seed.

    Exchanges are journalled only where they are `kept`; findings become those of the check. Without
    a target that mints tenants, the check's own are current.
    """
    if not check.target.offers("tenants"):
        yield check
        return
    with open_check(
        check.environment,
        check.id,
        journal=check.kept if kept else None,
        requirements=check.requirements,
        faults=check.faults,
        seed=seed_for(check.environment.run_seed, f"{check.id}#{name}"),
        follows=False,
    ) as fresh:
        yield fresh
    check.journal.counted(fresh.journal)
    check.requests += fresh.requests
    check.judged_by_model += fresh.judged_by_model
    check.findings.reported.extend(fresh.findings.reported)


def _secrets(tenants: tuple[Tenant, ...]) -> dict[str, str]:
    """The variable that replaces each tenant's key in the journal."""
    names = (KEY_VARIABLE, SECOND_KEY_VARIABLE)
    return {tenant.key: f"${name}" for tenant, name in zip(tenants, names, strict=False)}


def seed_for(run_seed: int, check_id: str) -> int:
    """The seed of one check, so that its requests do not depend on other checks."""
    digest = hashlib.sha256(f"{run_seed}:{check_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big")
