"""Checks without a pytest session and without a server."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from verify_harness.catalogue import load
from verify_harness.client import Client
from verify_harness.contract.circuit_breaker import CircuitBreaker
from verify_harness.contract.context import CheckContext, CheckEnvironment, open_check
from verify_harness.journal import Journal
from verify_harness.safety.guard import Guard
from verify_harness.targets import Target, Tenant

NOWHERE = "http://127.0.0.1:9"


def environment(
    url: str = NOWHERE, *, breaker: CircuitBreaker | None = None, client: Client | None = None
) -> CheckEnvironment:
    return CheckEnvironment(
        target=Target(url, tenants=(Tenant("KEY_of_a_test"),)),
        client=client or Client(Guard.for_contract(), run_id="r"),
        catalogue=dict(load()),
        breaker=breaker or CircuitBreaker(lambda: True),
        run_id="r",
        run_seed=1,
    )


@contextmanager
def opened(
    shared: CheckEnvironment | None = None,
    *,
    journal: Path | None = None,
    stop_at: str | None = None,
) -> Iterator[CheckContext]:
    with ExitStack() as stack:
        writer = stack.enter_context(closing(Journal(journal))) if journal else None
        yield stack.enter_context(
            open_check(shared or environment(), "a check", journal=writer, stop_at=stop_at)
        )
