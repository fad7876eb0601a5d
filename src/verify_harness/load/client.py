"""The lean client: requests of the load process at a fraction of the usual cost.

Prepared bytes, kept connections without any select, answers parsed in C, no cookies, no redirects.
A request is sent once, except a GET whose kept connection turns out to have been closed before the
first byte of an answer. Every request fires locust's `events.request`.
"""

import socket
import ssl
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import gevent
from gevent import ssl as gevent_ssl
from locust.event import EventHook

from verify_harness.errors import TargetUnreachable
from verify_harness.load.answer import Answer, failure_of
from verify_harness.load.connection import ClosedUnanswered, Connection, Limits, NoAnswer, Place
from verify_harness.load.settings import LoadSettings
from verify_harness.load.steps import Step
from verify_harness.load.templates import Body, Templates

_WATCH_SECS = 0.05
"""How often requests under way are looked at; time-outs are late by this much at most."""
_TRUSTED_IDLE_SECS = 0.5
"""A connection idle for less is used without looking whether it is still open."""


class RequestFailed(Exception):
    """What locust's statistics show of a failed request: a sentence, never the request."""


class LeanClient:
    """The process's connections to the target; safe to use from many greenlets."""

    def __init__(
        self, settings: LoadSettings, request_event: EventHook, limits: Limits | None = None
    ) -> None:
        """Resolve the target once; raises TargetUnreachable where its name is unknown."""
        self._url = settings.target_url
        self._templates = Templates(settings)
        self._fire: Callable[..., None] = request_event.fire
        self._limits = limits or Limits()
        self._place = _place(settings)
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()
        self._opened = 0
        self._reconnects = 0
        self._watch = gevent.spawn(self._end_late_requests)

    def send(self, step: Step, arguments: tuple[str, ...] = (), body: Body | None = None) -> Answer:
        """Send a request of the load; locust's statistics see it under the step's name."""
        answer = self.send_aside(step, arguments, body)
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

    def send_aside(
        self, step: Step, arguments: tuple[str, ...] = (), body: Body | None = None
    ) -> Answer:
        """Send a request that no statistics count; never raises for what the target does."""
        request = self._templates.render(step, arguments, body)
        sent = time.perf_counter()
        try:
            status, content, raw = self._exchange(request, sent, is_repeatable=step.is_repeatable)
        except NoAnswer as error:
            return Answer(None, b"", str(error), sent, time.perf_counter())
        return Answer(status, content, failure_of(status), sent, time.perf_counter(), raw)

    @property
    def health(self) -> dict[str, int]:
        """How many connections were opened, and how many of them replaced one that was lost."""
        return {"connections": self._opened, "reconnects": self._reconnects}

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
            is_kept = connection.is_reusable
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
            if now - connection.heard < _TRUSTED_IDLE_SECS or connection.is_still_open():
                return connection
            connection.close()
            self._reconnects += 1
        return None

    def _new(self) -> Connection:
        self._opened += 1
        return Connection(self._place, self._limits)

    def _end_late_requests(self) -> None:
        while True:
            gevent.sleep(_WATCH_SECS)
            now = time.perf_counter()
            for connection in tuple(self._busy):
                connection.expire_if_late(now)


def _place(settings: LoadSettings) -> Place:
    """The target's first address, and one TLS context for all connections, which verifies."""
    parts = urlsplit(settings.target_url)
    host = parts.hostname or ""
    is_tls = parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise TargetUnreachable(settings.target_url, str(error)) from None
    family, _, _, _, address = found[0]
    return Place(int(family), address, host, _tls_context() if is_tls else None)


def _tls_context() -> ssl.SSLContext:
    """A context that verifies certificate and name; SSL_CERT_FILE may name other authorities."""
    context: ssl.SSLContext = gevent_ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    return context
