"""Faults of rate limits."""

from dataclasses import replace

from verify_harness.sandbox import limits
from verify_harness.sandbox.exchange import Request
from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.limits import Allowance, Limiter
from verify_harness.sandbox.records import Channel
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.wire import Headers, Wire


@fault(
    "rate-limit-not-kept",
    breaks="VFY-RATE-001",
    harm="One customer's burst takes the service away from all the others.",
)
def rate_limit_not_kept(rules: Rules) -> Rules:
    def allowance_for(limiter: Limiter, now: float) -> Allowance | None:
        allowance = rules.allowance_for(limiter, now)
        return allowance and allowance._replace(exceeded=False)

    return replace(rules, allowance_for=allowance_for)


@fault(
    "rate-limit-one-too-many",
    breaks="VFY-RATE-001",
    harm="The limit that was agreed is not the one that is kept.",
)
def rate_limit_one_too_many(rules: Rules) -> Rules:
    def allowance_for(limiter: Limiter, now: float) -> Allowance | None:
        left = limiter.per_minute is not None and limiter.used == limiter.per_minute
        fresh = left and now < limiter.window_ends and limiter.window_ends not in excused
        allowance = rules.allowance_for(limiter, now)
        if fresh and allowance:
            excused.add(limiter.window_ends)
            return allowance._replace(exceeded=False)
        return allowance

    excused: set[float] = set()
    return replace(rules, allowance_for=allowance_for)


@fault(
    "wait-told-too-short",
    breaks="VFY-RATE-002",
    harm="Clients that wait as told come back too early, again and again.",
)
def wait_told_too_short(wire: Wire) -> Wire:
    def retry_headers(_secs: int) -> Headers:
        return wire.retry_headers(1)

    return replace(wire, retry_headers=retry_headers)


@fault(
    "wait-not-told",
    breaks="VFY-RATE-002",
    harm="Clients guess when to come back, and all guess alike.",
)
def wait_not_told(wire: Wire) -> Wire:
    def retry_headers(_secs: int) -> Headers:
        return []

    return replace(wire, retry_headers=retry_headers)


@fault(
    "refused-requests-prolong-the-wait",
    breaks="VFY-RATE-002",
    harm="A client that asks once too often waits longer than it was told.",
)
def refused_requests_prolong_the_wait(rules: Rules) -> Rules:
    def allowance_for(limiter: Limiter, now: float) -> Allowance | None:
        allowance = rules.allowance_for(limiter, now)
        if allowance and allowance.exceeded:
            limiter.window_ends = now + 2 * limits.WINDOW_SECS
        return allowance

    return replace(rules, allowance_for=allowance_for)


@fault(
    "remaining-never-falls",
    breaks="VFY-RATE-003",
    harm="Clients that pace themselves by the header run into the limit.",
)
def remaining_never_falls(wire: Wire) -> Wire:
    def limit_headers(allowance: Allowance) -> Headers:
        return wire.limit_headers(allowance._replace(remaining=allowance.limit))

    return replace(wire, limit_headers=limit_headers)


@fault(
    "limit-headers-missing",
    breaks="VFY-RATE-003",
    harm="Nobody sees the limit before it is reached.",
)
def limit_headers_missing(wire: Wire) -> Wire:
    def limit_headers(_allowance: Allowance) -> Headers:
        return []

    return replace(wire, limit_headers=limit_headers)


@fault(
    "limit-shared-between-keys",
    breaks="VFY-RATE-004",
    harm="A busy customer locks out a quiet one.",
)
def limit_shared_between_keys(rules: Rules) -> Rules:
    def allowance_for(limiter: Limiter, now: float) -> Allowance | None:
        neighbour = limiter.neighbour
        busy = neighbour is not None and neighbour.used == neighbour.per_minute
        allowance = rules.allowance_for(limiter, now)
        return allowance._replace(exceeded=True) if allowance and busy else allowance

    return replace(rules, allowance_for=allowance_for)


@fault(
    "number-limit-per-channel",
    breaks="VFY-RATE-005",
    harm="Whoever was sent enough messages is called instead.",
)
def number_limit_per_channel(rules: Rules) -> Rules:
    def number_key(number: str, channel: Channel) -> str:
        return f"{number} {channel}"

    return replace(rules, number_key=number_key)


@fault(
    "number-limit-for-all-numbers",
    breaks="VFY-RATE-005",
    harm="One number that is flooded keeps everybody else's codes back.",
)
def number_limit_for_all_numbers(rules: Rules) -> Rules:
    def number_key(_number: str, _channel: Channel) -> str:
        return "everybody"

    return replace(rules, number_key=number_key)


@fault(
    "limit-per-sender-address",
    breaks="VFY-RATE-006",
    harm="Whoever makes up a sender for each request has no limit at all.",
)
def limit_per_sender_address(rules: Rules) -> Rules:
    def limiter_for(limiter: Limiter, request: Request) -> Limiter:
        sender = request.header(b"x-forwarded-for")
        if sender is None:
            return rules.limiter_for(limiter, request)
        return senders.setdefault(sender, Limiter(limiter.per_minute))

    senders: dict[bytes, Limiter] = {}
    return replace(rules, limiter_for=limiter_for)


@fault(
    "limit-per-address",
    breaks="VFY-RATE-006",
    harm="A parameter that nobody reads makes every request a first one.",
)
def limit_per_address(rules: Rules) -> Rules:
    def limiter_for(limiter: Limiter, request: Request) -> Limiter:
        if not request.query:
            return rules.limiter_for(limiter, request)
        return queries.setdefault(request.query, Limiter(limiter.per_minute))

    queries: dict[str, Limiter] = {}
    return replace(rules, limiter_for=limiter_for)
