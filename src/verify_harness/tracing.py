"""Trace context of our requests (W3C, "Trace Context" level 1, and "Baggage").

A server's trace of a request is found by what a report says of it, and the server sees which
requirement asked. Nothing is exported from here. Ids follow from the run and from what was done, so
that they need not be stored; two runs never share one.
"""

from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import quote

HEADERS = frozenset({"traceparent", "baggage"})
"""In lower case."""
RUN_HEADERS = HEADERS | {"x-request-id", "x-sandbox-tenant"}
"""What tells requests of one run from those of another; no part of what a check means to send."""

BAGGAGE_MEMBER = "verify-harness.requirement"


def trace_id(run_id: str, done: str) -> str:
    """The trace of one journey, or of one check: 32 hexadecimal digits."""
    return sha256(f"{run_id} {done}".encode()).hexdigest()[:32]


def traceparent(trace: str, request: int) -> str:
    """The header of request number `request`, from 1, of a trace."""
    return f"00-{trace}-{request:016x}-01"


def baggage(requirements: Iterable[str]) -> str:
    """The header that names the requirements a check asks for."""
    return f"{BAGGAGE_MEMBER}={quote(' '.join(requirements))}"
