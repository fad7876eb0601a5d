"""Serving the sandbox from one process until it is told to stop."""

import asyncio
import ctypes
import gc
import resource
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.net import SocketHolder  # type: ignore[attr-defined]  # re-exported without saying
from granian.server.embed import Server

from verify_harness.listening import BACKLOG, listen, url_of
from verify_harness.sandbox.application import Application
from verify_harness.sandbox.service_rate import LimitedApplication, Queue
from verify_harness.sandbox.tenants import DEFAULT_REQUESTS_PER_MINUTE, TenantOptions, Tenants

HEAD_MS = 10_000
"""How long a request's head may take, the wait for it on a kept connection included.

Clients look whether a connection was closed before they use it again.
"""
MOST_CONNECTIONS = 12_000
"""How many connections are open at most; others wait in the backlog."""
_OTHER_FILES = 128
"""Open files that are no connections of clients."""
_M_MMAP_THRESHOLD = -3
_MAPPED_FROM_BYTES = 131_072
"""glibc's own first value (mallopt(3))."""
FAREWELL_SECS = 0.25
"""Granian's own threads outlive `serve()` a little and abort if the interpreter ends first."""

Served = Application | LimitedApplication


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """How to serve; port 0 is any free one, `rate_limit` is per minute and tenant, None is off."""

    port: int = 0
    bind: str = "127.0.0.1"
    dialect: str = "documented"
    sides: Mapping[str, str] | None = None
    """Which sides of documented conflicts to take, instead of those of the dialect."""
    faults: Sequence[str] = ()
    seed: int | None = None
    rate_limit: int | None = DEFAULT_REQUESTS_PER_MINUTE
    keys: Sequence[str] = ()
    """Up to two API keys that are known from the start, each of a tenant of one pair."""
    strict: bool = False
    """Whether fields that the API does not have are refused instead of ignored."""
    guards_retries: bool = False
    """Whether a failed trigger says that a repeat might send twice."""
    outcome_numbers: bool = False
    """Whether certain numbers decide what becomes of a trigger."""
    capacity: float | None = None
    """Requests a second that are served at most; None is as many as can be."""
    control_token: str | None = None
    """What opens the levers under `/_sandbox/`; None leaves them open to this machine."""


def serve(options: SandboxOptions, on_ready: Callable[[str], None] = lambda _url: None) -> None:
    """Serve until SIGINT or SIGTERM; `on_ready` gets the URL once requests are answered.

    Raises PortInUse, or UsageError for an unknown fault, dialect or address, before serving.
    """
    defaults = TenantOptions(
        options.seed,
        options.faults,
        options.dialect,
        options.sides,
        options.rate_limit,
        options.strict,
        options.guards_retries,
        options.outcome_numbers,
    )
    tenants = Tenants(defaults)
    if options.keys:
        tenants.mint(replace(defaults, keys=options.keys))
    _calm_the_collector()
    _give_freed_tables_back()
    with listen(options.bind, options.port) as listener:
        listener.setblocking(False)
        uvloop.run(_serve(_application(tenants, options), listener, on_ready))


def _application(tenants: Tenants, options: SandboxOptions) -> Served:
    """The sandbox itself, which a queue stands before only where one was asked for."""
    application = Application(tenants, control_token=options.control_token)
    if options.capacity is None:
        return application
    return LimitedApplication(application, Queue(options.capacity))


def _calm_the_collector() -> None:
    """Look for garbage cycles seldom.

    We make next to none, and a full look costs a trigger as much again as the trigger itself once
    many verifications are kept (bench/sandbox.py).
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def _give_freed_tables_back() -> None:
    """Hold glibc to mapping large blocks by themselves, so that a freed one leaves the process.

    Otherwise it maps ever larger ones only: the tables of the records, made anew now and then,
    would stay behind as holes in the heap (+7 % over a million verifications, else none;
    bench/sandbox_memory.py).
    """
    if sys.platform != "linux":
        return
    allocator = ctypes.CDLL(None)
    if hasattr(allocator, "mallopt"):  # not musl
        allocator.mallopt(_M_MMAP_THRESHOLD, _MAPPED_FROM_BYTES)


async def _serve(
    application: Served, listener: socket.socket, on_ready: Callable[[str], None]
) -> None:
    server = _Server(listener, application)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    server.on_startup(lambda: on_ready(url_of(listener)))
    await server.serve()
    await asyncio.sleep(FAREWELL_SECS)


def _connections_allowed() -> int:
    """As many connections as we want and the system lets us open, by its limit of open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    allowed = wanted if soft == resource.RLIM_INFINITY else min(wanted, soft)
    return max(allowed // 4, allowed - _OTHER_FILES)


class _Server(Server):
    """Granian in this process, on a socket of ours: its own would share a busy port."""

    def __init__(self, listener: socket.socket, application: Served) -> None:
        super().__init__(
            application,
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=HEAD_MS),
            websockets=False,
            log_enabled=False,
            backlog=BACKLOG,
            backpressure=_connections_allowed(),
        )
        self._listener = listener

    def _init_shared_socket(self) -> None:
        descriptor = self._listener.dup().detach()  # granian closes what it is given
        self._sfd = descriptor  # type: ignore[assignment]  # declared as None only
        self._shd = SocketHolder(descriptor, False, BACKLOG)  # type: ignore[assignment,call-arg]  # same
