"""Stops sending requests to a target that no longer responds.

A request without a response is a failure of the target as long as the target responds to others. If
it responds to none, the circuit breaker opens: checks and clean-up would not get a response either.
Timeouts are counted by kind of request, since a service may hang on malformed JSON and answer
everything else.
"""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from verify_harness.exchange import Exchange, Purpose, Request

MAX_HANGS_PER_KIND = 2
"""Consecutive timeouts of one kind of request after which no more of that kind are sent."""
MAX_HANGS = 100
"""Timeouts of one process, of any kind, that open the circuit breaker."""
RESPONSE_TIMEOUT_SECS = 30.0
"""Response timeout until the first one expires."""
SHORTENED_TIMEOUT_SECS, SLOWEST_RESPONSE_FACTOR = 3.0, 10
"""Response timeout from then on: the longer of this and so many times the slowest response."""
MAX_OUTAGE_SECS = 10.0
"""How long the target may be unreachable; enough for a service that restarts."""
PROBE_INTERVAL_SECS = 0.5

GIVEN_UP = "the target stopped answering"
CANNOT_PAY = "the account cannot pay: a request was answered 402"

Kind = tuple[str | None, Purpose, str, str]
"""The operation, the purpose, the method and the form of the body."""


@dataclass
class CircuitBreaker:
    """The responses of a target to one process; `probe` asks whether it responds at all."""

    probe: Callable[[], bool]
    is_open: bool = False
    reason: str = GIVEN_UP
    """Why nothing more is sent, once it is open."""
    _slowest_secs: float = 0.0
    _hangs: int = 0
    _hung: Counter[Kind] = field(default_factory=Counter)

    def refusal(self, request: Request, operation_id: str | None, purpose: Purpose) -> str | None:
        """Why a request is not to be sent; None if it is."""
        if self.is_open:
            return self.reason
        if self._hung and self._hung[_kind(request, operation_id, purpose)] >= MAX_HANGS_PER_KIND:
            return f"{operation_id} left {MAX_HANGS_PER_KIND} such requests waiting; no more go out"
        return None

    def record(self, exchange: Exchange) -> None:
        """Count a response or a timeout; a 402 opens the breaker, since all that follows costs."""
        if exchange.status == HTTPStatus.PAYMENT_REQUIRED:
            self.is_open, self.reason = True, CANNOT_PAY
        if exchange.failure is None:
            if self._hung:
                self._hung.pop(_kind_of(exchange), None)
            self._slowest_secs = max(self._slowest_secs, exchange.elapsed_ms / 1000)
        elif exchange.timed_out:
            self._hung[_kind_of(exchange)] += 1
            self._hangs += 1
            self.is_open = self.is_open or self._hangs >= MAX_HANGS

    @property
    def wait_secs(self) -> float:
        """Timeout of the next request."""
        if not self._hangs:
            return RESPONSE_TIMEOUT_SECS
        return min(
            RESPONSE_TIMEOUT_SECS,
            max(SHORTENED_TIMEOUT_SECS, SLOWEST_RESPONSE_FACTOR * self._slowest_secs),
        )

    def target_responds(self) -> bool:
        """Probe until the target responds or the outage lasts too long; then open the breaker."""
        ends = time.monotonic() + MAX_OUTAGE_SECS
        while not self.is_open:
            if self.probe():
                return True
            self.is_open = time.monotonic() > ends
            time.sleep(PROBE_INTERVAL_SECS)
        return False


def _kind_of(exchange: Exchange) -> Kind:
    return _kind(exchange.request, exchange.operation_id, exchange.purpose)


def _kind(request: Request, operation_id: str | None, purpose: Purpose) -> Kind:
    return (operation_id, purpose, request.method, _form(request))


def _form(request: Request) -> str:
    """Media type and encoding of a body, and whether it is valid JSON; empty without a body."""
    if request.body is None:
        return ""
    headers = {name.lower(): value for name, value in request.headers}
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    form = f"{media_type} {headers.get('content-encoding', '')}".rstrip()
    return form if _is_json(request.body) else f"broken {form}"


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body.decode(), parse_constant=_no_json)
    except (ValueError, RecursionError):
        return False
    return True


def _no_json(constant: str) -> None:
    """Reject NaN and infinities, which Python accepts and JSON does not."""
    raise ValueError(constant)
