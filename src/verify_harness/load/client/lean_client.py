"""The lean client: requests of the load process at a fraction of the usual cost.

Prepared bytes, kept connections without any select, answers parsed in C, no cookies, no redirects.
A kept connection is looked at before each use, and replaced if it was closed or holds bytes. A
request is sent once, except a GET whose kept connection turns out to have been closed before the
first byte of an answer. Every request fires locust's `events.request`.
"""

import ssl
import time
from collections import Counter
from collections.abc import Callable, Mapping

import gevent
from gevent import ssl as gevent_ssl
from locust.event import EventHook

from verify_harness.errors import TargetUnreachable
from verify_harness.load.client.answer import Answer, failure_of
from verify_harness.load.client.api_steps import Step
from verify_harness.load.client.connection import (
    ClosedUnanswered,
    Connection,
    Limits,
    NoAnswer,
    Place,
)
from verify_harness.load.client.request_templates import Body, Templates
from verify_harness.load.client.trigger_gate import TriggerGate
from verify_harness.load.process_settings import LoadSettings
from verify_harness.safety.guard import Guard
from verify_harness.transport.keep_alive import KeepAlive
from verify_harness.transport.oddities import UNASKED
from verify_harness.transport.tls import trust_authorities

_WATCH_SECS = 0.05
"""How often requests under way are looked at; time-outs are late by this much at most."""
_ODDITIES = 20
"""How many different oddities are counted, so that no target can fill the memory."""


class RequestFailed(Exception):
    """What locust's statistics show of a failed request: a sentence, never the request."""


class LeanClient:
    """The process's connections to the target; safe to use from many greenlets."""

    def __init__(
        self,
        settings: LoadSettings,
        request_event: EventHook,
        limits: Limits | None = None,
        guard: Guard | None = None,
        gate: TriggerGate | None = None,
    ) -> None:
        """Resolve the target once; raises TargetUnreachable where its name is unknown.

        Raises SafetyRefusal where the guard, by default the one for load, refuses the target.
        """
        self._url = settings.target_url
        self._templates = Templates(settings)
        self._fire: Callable[..., None] = request_event.fire
        self._limits = limits or Limits()
        self._place = _place(settings, guard or settings.guard)
        self._gate = gate or TriggerGate(settings.ceiling)
        self._keep_alive = KeepAlive()
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()
        self._opened = 0
        self._reconnects = 0
        self._tls_handshakes = 0
        self._oddities: Counter[str] = Counter()
        self._watch = gevent.spawn(self._end_late_requests)

    def send(
        self,
        step: Step,
        arguments: tuple[str, ...] = (),
        body: Body | None = None,
        trace: str = "",
    ) -> Answer:
        """Send a request of the load; locust's statistics see it under the step's name."""
        answer = self.send_unrecorded(step, arguments, body, trace)
        problem = "HTTP 429" if answer.status == 429 else answer.failure
        self._fire(
            request_type=step.method,
            name=step.name,
            response_time=(answer.finished - answer.sent) * 1000,
            response_length=len(answer.content),
            response=None,
            context={},
            exception=None if problem is None else RequestFailed(problem),
            start_time=time.time(),
            url=self._url,
        )
        return answer

    def send_unrecorded(
        self,
        step: Step,
        arguments: tuple[str, ...] = (),
        body: Body | None = None,
        trace: str = "",
    ) -> Answer:
        """Send a request that no statistics count; never raises for what the target does.

        Raises TriggerWithheld instead of sending a trigger that would exceed the ceiling.
        """
        if step.is_trigger:
            self._gate.pass_one()
        request = self._templates.render(step, arguments, body, trace)
        sent = time.perf_counter()
        try:
            status, content, raw = self._exchange(request, sent, is_repeatable=step.is_repeatable)
        except NoAnswer as error:
            return Answer(None, b"", str(error), sent, time.perf_counter())
        return Answer(status, content, failure_of(status), sent, time.perf_counter(), raw)

    @property
    def health(self) -> dict[str, int]:
        """How many connections were opened, how many replaced a lost one, and what TLS cost."""
        tls = {"tls_handshakes": self._tls_handshakes} if self._place.tls else {}
        return {"connections": self._opened, "reconnects": self._reconnects, **tls}

    @property
    def withheld(self) -> int:
        """How many triggers the ceiling held back."""
        return self._gate.withheld

    @property
    def oddities(self) -> Mapping[str, int]:
        """What was wrong with answers that could be read, and how often."""
        return self._oddities

    def close(self) -> None:
        """Close what is idle; what is under way ends with its greenlet."""
        self._watch.kill(block=False)
        while self._idle:
            self._idle.pop().close()

    def _exchange(
        self, request: bytes, sent: float, *, is_repeatable: bool
    ) -> tuple[int, bytes, bytes]:
        kept = self._kept(sent)
        if kept is not None:
            try:
                return self._over(kept, request, sent)
            except ClosedUnanswered:
                self._reconnects += 1
                self._keep_alive.lost(kept.answers, time.perf_counter() - sent)
                if not is_repeatable:
                    raise
        return self._over(self._new(), request, sent)

    def _over(
        self, connection: Connection, request: bytes, sent: float
    ) -> tuple[int, bytes, bytes]:
        """Use a connection, and keep it if it may be used again."""
        connection.since = connection.heard = sent
        self._busy.add(connection)
        is_kept = False
        try:
            result = connection.exchange(request)
            self._keep_alive.answered(connection.answers)
            is_kept = connection.is_reusable and self._keep_alive.may_keep
            if connection.oddity is not None:
                self._note(connection.oddity)
        finally:  # whatever ends this, also the greenlet's own end
            self._busy.discard(connection)
            if is_kept:
                self._idle.append(connection)
            else:
                connection.close()
        return result

    def _kept(self, now: float) -> Connection | None:
        """An idle connection, the one used last; those that were closed meanwhile are replaced."""
        while self._idle:
            connection = self._idle.pop()
            state = connection.state()
            if state == "usable":
                return connection
            connection.close()
            self._reconnects += 1
            if state == "surplus":
                self._note(UNASKED)
            else:
                self._keep_alive.lost(connection.answers, now - connection.heard)
        return None

    def _note(self, oddity: str) -> None:
        if oddity in self._oddities or len(self._oddities) < _ODDITIES:
            self._oddities[oddity] += 1

    def _new(self) -> Connection:
        self._opened += 1
        connection = Connection(self._place, self._limits)
        self._tls_handshakes += self._place.tls is not None
        return connection

    def _end_late_requests(self) -> None:
        while True:
            gevent.sleep(_WATCH_SECS)
            now = time.perf_counter()
            for connection in tuple(self._busy):
                connection.expire_if_late(now)


def _place(settings: LoadSettings, guard: Guard) -> Place:
    """The target's judged addresses, and one TLS context for all connections, which verifies."""
    try:
        route = guard.route(settings.target_url)
    except OSError as error:
        raise TargetUnreachable(settings.target_url, str(error)) from None
    origin = route.origin
    tls = _tls_context(settings.ca_file) if origin.scheme == "https" else None
    return Place(route.addresses, origin.port, origin.host, tls)


def _tls_context(ca_file: str | None) -> ssl.SSLContext:
    """A context that verifies certificate and name, by the system's authorities or by the file's.

    Raises UsageError where the file cannot be read.
    """
    context: ssl.SSLContext = gevent_ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust_authorities(context, ca_file)
    return context
