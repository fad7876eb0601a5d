"""Tenants: pairs of accounts that share nothing, each with its own rules, store, wire and clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from secrets import randbits

from verify_harness.sandbox.clock import Clock
from verify_harness.sandbox.dialects import imitated, rules_of
from verify_harness.sandbox.faults import Fault, broken, faults_named
from verify_harness.sandbox.identity import Streams, draw_key, draw_uuid, streams
from verify_harness.sandbox.limits import Limiter
from verify_harness.sandbox.outbox import Outbox
from verify_harness.sandbox.records import Records
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.special_numbers import by_chance, by_number
from verify_harness.sandbox.store import Store, store_of
from verify_harness.sandbox.templates import stock_templates
from verify_harness.sandbox.webhooks import Courier, Deliveries
from verify_harness.sandbox.wire import GUARDED_WIRE, WIRE, Wire

DEFAULT_REQUESTS_PER_MINUTE = 1_000_000


@dataclass(slots=True)
class Tenant:
    """One account; `rules`, `store` and `wire` are the clean ones with its faults applied."""

    id: str
    key: str
    streams: Streams
    clean_rules: Rules
    records: Records
    neighbours: tuple[Records, ...]
    limiter: Limiter
    courier: Courier
    strict: bool = False
    guards_retries: bool = False
    outcome_numbers: bool = False
    faults: tuple[Fault, ...] = ()
    revoked: bool = False
    """Whether the key was taken back; the account stays."""
    clock: Clock = field(default_factory=Clock)
    outbox: Outbox = field(default_factory=Outbox)
    deliveries: Deliveries = field(default_factory=Deliveries)
    rules: Rules = field(init=False)
    store: Store = field(init=False)
    wire: Wire = field(init=False)

    def __post_init__(self) -> None:
        self.apply(self.faults)

    def apply(self, faults: tuple[Fault, ...]) -> None:
        """Start again from the clean parts and break those that the faults name."""
        self.faults = faults
        outcome_of = by_number if self.outcome_numbers else by_chance
        rules = replace(self.clean_rules, refuses_undeclared=self.strict, outcome_of=outcome_of)
        self.rules = broken(rules, faults)
        self.store = broken(store_of(self.records, self.neighbours), faults)
        self.wire = broken(GUARDED_WIRE if self.guards_retries else WIRE, faults)

    def knows(self, token: str | None) -> bool:
        """Whether a token opens this account."""
        return self.rules.is_known_key(token, None if self.revoked else self.key)

    def new_id(self) -> str:
        """The next id of this tenant's objects."""
        return draw_uuid(self.streams.ids)

    def new_event_id(self) -> str:
        """The next id of a webhook; from a stream of its own, so that it shifts no other."""
        return draw_uuid(self.streams.events)


@dataclass(frozen=True, slots=True)
class TenantOptions:
    """What a new pair of tenants should be like."""

    seed: int | None = None
    faults: Sequence[str] = ()
    dialect: str = "documented"
    sides: Mapping[str, str] | None = None
    """Which sides of conflicts to take instead of those of the dialect."""
    requests_per_minute: int | None = DEFAULT_REQUESTS_PER_MINUTE
    strict: bool = False
    """Whether fields that the API does not have are refused instead of ignored (D23)."""
    guards_retries: bool = False
    """Whether a failed trigger says that a repeat might send twice (D27)."""
    outcome_numbers: bool = False
    """Whether the numbers of `special_numbers.OUTCOMES` decide what becomes of a trigger."""
    keys: Sequence[str] = ()
    """Keys to use instead of drawn ones, at most two."""


@dataclass(slots=True)
class Tenants:
    """All tenants of a process."""

    defaults: TenantOptions
    courier: Courier = field(default_factory=Courier)
    _by_key: dict[str, Tenant] = field(default_factory=dict)
    _by_id: dict[str, Tenant] = field(default_factory=dict)
    _pairs: dict[str, tuple[Tenant, Tenant]] = field(default_factory=dict)
    _nobody: Tenant = field(init=False)
    """Answers requests that name no tenant; it has no key and holds nothing."""

    def __post_init__(self) -> None:
        faults = faults_named(self.defaults.faults)
        drawn = streams(0, 0)
        self._nobody = _tenant("nobody", "", drawn, self.defaults, faults, self.courier)
        self._nobody.revoked = True

    def mint(self, wish: TenantOptions) -> tuple[Tenant, Tenant]:
        """A fresh pair; UsageError for an unknown fault or dialect."""
        faults = faults_named(wish.faults)
        seed = randbits(64) if wish.seed is None else wish.seed
        keys = [*wish.keys, None, None]
        drawn = [streams(seed, place) for place in (0, 1)]
        first, second = (
            _tenant(
                self._free_id(own.keys),
                key or draw_key(own.keys),
                own,
                wish,
                faults,
                self.courier,
            )
            for own, key in zip(drawn, keys, strict=False)
        )
        first.neighbours, second.neighbours = (second.records,), (first.records,)
        first.limiter.neighbour, second.limiter.neighbour = second.limiter, first.limiter
        second.records.place = 1
        for tenant in (first, second):
            tenant.apply(faults)
            self._by_id[tenant.id] = tenant
            self._pairs[tenant.id] = (first, second)
            self._by_key[tenant.key] = tenant
        return first, second

    def _free_id(self, random: Random) -> str:
        """An id nobody has: the same seed may be minted again while its first pair lives."""
        drawn = draw_uuid(random)
        while drawn in self._by_id:
            drawn = draw_uuid(random)
        return drawn

    def __iter__(self) -> Iterator[Tenant]:
        """Every tenant that is known, in the order in which they were made."""
        return iter(tuple(self._by_id.values()))

    def get(self, tenant_id: str) -> Tenant | None:
        """A tenant by its id, for the control surface."""
        return self._by_id.get(tenant_id)

    def drop(self, tenant_id: str) -> None:
        """Forget a tenant and its pair."""
        for tenant in self._pairs[tenant_id]:
            del self._by_id[tenant.id], self._pairs[tenant.id], self._by_key[tenant.key]

    def owner_of_key(self, token: str | None) -> Tenant | None:
        """The tenant a key was given to, revoked or not."""
        return None if token is None else self._by_key.get(token)

    def meant_by(self, ids: Sequence[str]) -> Tenant:
        """The tenant that a request without a good key says it is about, or else nobody."""
        return self._by_id.get(ids[0], self._nobody) if ids else self._nobody


def _tenant(
    tenant_id: str,
    key: str,
    own: Streams,
    wish: TenantOptions,
    faults: tuple[Fault, ...],
    courier: Courier,
) -> Tenant:
    records = Records(templates=stock_templates())
    limiter = Limiter(wish.requests_per_minute)
    return Tenant(
        tenant_id,
        key,
        own,
        rules_of(wish.dialect) if wish.sides is None else imitated(wish.sides),
        records,
        (),
        limiter,
        courier,
        strict=wish.strict,
        guards_retries=wish.guards_retries,
        outcome_numbers=wish.outcome_numbers,
        faults=faults,
    )
