"""How long a run waits for a target that does not answer: for one operation, and altogether.

A request without an answer is the target's failure as long as other requests are answered. Where
none is, nothing more is sent: neither the other checks nor the clean-up would get an answer. What
a target leaves waiting for one kind of request tells nothing about the others: some services hang
on a body that is no JSON and are well otherwise.
"""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from verify_harness.exchange import Exchange, Request

OPERATION_PATIENCE = 2
"""How many requests of one kind in a row may wait in vain before no more of them are sent."""
HANGS_AT_MOST = 100
"""How many requests of one process may, before it gives the target up."""
ANSWERS_WITHIN_SECS = 30.0
"""How long the target may take for one answer, until it has left a request waiting."""
AFTERWARDS_SECS, TIMES_SLOWEST = 3.0, 10
"""What it may take from then on: this, or so many times its slowest answer if that is longer."""
RETURNS_WITHIN_SECS = 10.0
"""How long a target may be away before it is given up; enough for a service that restarts."""
LOOKS_EVERY_SECS = 0.5

GIVEN_UP = "the target stopped answering"
CANNOT_PAY = "the account cannot pay: a request was answered 402"

Kind = tuple[str | None, str, str, str]
"""The operation, the purpose, the method and the form of the body."""


@dataclass
class Patience:
    """What one process knows about its target's answers; `looks` tells whether it is there."""

    looks: Callable[[], bool]
    is_over: bool = False
    reason: str = GIVEN_UP
    """Why nothing more is sent, once patience is over."""
    _slowest_secs: float = 0.0
    _hangs: int = 0
    _hung: Counter[Kind] = field(default_factory=Counter)

    def why_not(self, request: Request, operation_id: str | None, purpose: str) -> str | None:
        """Why no such request of this operation is worth sending any more; None while it is."""
        if self.is_over:
            return self.reason
        if self._hung and self._hung[_kind(request, operation_id, purpose)] >= OPERATION_PATIENCE:
            return f"{operation_id} left {OPERATION_PATIENCE} such requests waiting; no more go out"
        return None

    def learn(self, exchange: Exchange) -> None:
        """Take note of an answer, or of none; one that cannot be paid for is the last."""
        if exchange.status == HTTPStatus.PAYMENT_REQUIRED:
            self.is_over, self.reason = True, CANNOT_PAY
        if exchange.failure is None:
            if self._hung:
                self._hung.pop(_kind_of(exchange), None)
            self._slowest_secs = max(self._slowest_secs, exchange.elapsed_ms / 1000)
        elif exchange.timed_out:
            self._hung[_kind_of(exchange)] += 1
            self._hangs += 1
            self.is_over = self.is_over or self._hangs >= HANGS_AT_MOST

    @property
    def wait_secs(self) -> float:
        """How long to wait for the next answer."""
        if not self._hangs:
            return ANSWERS_WITHIN_SECS
        return min(ANSWERS_WITHIN_SECS, max(AFTERWARDS_SECS, TIMES_SLOWEST * self._slowest_secs))

    def target_is_there(self) -> bool:
        """Whether the target answers anything, or will in a moment; if not, patience is over."""
        ends = time.monotonic() + RETURNS_WITHIN_SECS
        while not self.is_over:
            if self.looks():
                return True
            self.is_over = time.monotonic() > ends
            time.sleep(LOOKS_EVERY_SECS)
        return False


def _kind_of(exchange: Exchange) -> Kind:
    return _kind(exchange.request, exchange.operation_id, exchange.purpose)


def _kind(request: Request, operation_id: str | None, purpose: str) -> Kind:
    return (operation_id, purpose, request.method, _form(request))


def _form(request: Request) -> str:
    """What a body says it is, and whether it is JSON that any server can read; empty for none."""
    if request.body is None:
        return ""
    headers = {name.lower(): value for name, value in request.headers}
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    told = f"{media_type} {headers.get('content-encoding', '')}".rstrip()
    return told if _is_json(request.body) else f"broken {told}"


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body.decode(), parse_constant=_no_json)
    except (ValueError, RecursionError):
        return False
    return True


def _no_json(constant: str) -> None:
    """Refuse NaN and the infinities, which Python reads and hardly anybody else."""
    raise ValueError(constant)
