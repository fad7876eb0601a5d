"""Several generating processes as one: a common start and end, and nobody lost unseen.

Runs in locust's master process. The workers say at once by `load-hello` what they are set to do,
`load-ready` after their set-up and `load-done` at their end; the master gives each its shard when
all are there, lets all begin at the same moment, and writes the lines that they send.
"""

import logging
import os
import signal
import time
from contextlib import closing
from typing import Any, TextIO

import gevent
from locust.env import Environment
from locust.runners import STATE_MISSING, MasterRunner

from verify_harness.exitcodes import ExitCode, worst
from verify_harness.journal import Journal
from verify_harness.journal.records import LoadInvalid, Note
from verify_harness.load.engine.journal_relay import LINE
from verify_harness.load.engine.locust_statistics import trim
from verify_harness.load.process_settings import LoadSettings

HELLO, READY, DONE = "load-hello", "load-ready", "load-done"
"""From a worker."""
REFUSED, SHARD, BEGIN, END = "load-refused", "load-shard", "load-begin", "load-end"
"""From the master."""

CLOCK = "sent_at"
"""In a worker's `load-ready`: the time of day on its machine, in seconds since 1970."""

_CLOCKS_APART_SECS = 0.5
"""A worker's clock that differs by more is worth a note: its lines and logs bear its times."""
_WATCH_SECS = 0.5
_FAREWELL_SECS = 8.0
"""How long an interrupted master waits for the workers' last lines."""

_log = logging.getLogger(__name__)


class Conductor:
    """Keeps an eye on the workers of one run."""

    def __init__(
        self, runner: MasterRunner, settings: LoadSettings, wanted: dict[str, str]
    ) -> None:
        """`wanted` is the fingerprint that every worker must show."""
        self._runner = runner
        self._environment: Environment = runner.environment
        self._settings = settings
        self._wanted = wanted
        self._shards: dict[str, int] = {}
        self._parts: dict[str, TextIO] = {}
        self._ready: set[str] = set()
        self._done: dict[str, ExitCode] = {}
        self._lost: set[str] = set()
        self._has_begun = False
        listeners = (
            (HELLO, self._on_hello),
            (READY, self._on_ready),
            (LINE, self._on_line),
            (DONE, self._on_done),
        )
        for message, listener in listeners:
            self._runner.register_message(message, listener)
        runner.environment.events.test_start.add_listener(self._share_out)  # type: ignore[no-untyped-call]  # locust's
        runner.environment.events.quitting.add_listener(self._end)  # type: ignore[no-untyped-call]  # locust's
        gevent.spawn(self._watch)

    def _on_hello(self, msg: Any, **_more: Any) -> None:
        differing = [name for name, value in self._wanted.items() if msg.data.get(name) != value]
        if differing:
            self._refuse(msg.node_id, f"its {', '.join(differing)} differs from the master's")
        elif self._shards and msg.node_id not in self._shards:
            self._refuse(msg.node_id, "the load has all its workers already")

    def _refuse(self, client_id: str, reason: str) -> None:
        _log.warning("worker %s is refused: %s", client_id, reason)
        self._runner.send_message(REFUSED, {"reason": reason}, client_id)
        if client_id in self._shards:
            self._lose(client_id)

    def _share_out(self, **_event: Any) -> None:
        """Give a shard to each of the workers that are there, in no order that matters."""
        count = self._settings.processes
        found = [client.id for client in self._runner.clients.ready]
        self._shards = {client_id: index for index, client_id in enumerate(found[:count])}
        for client_id, index in self._shards.items():
            self._runner.send_message(SHARD, {"index": index, "count": count}, client_id)
        for client_id in found[count:]:
            self._refuse(client_id, "the load has all its workers already")

    def _on_ready(self, msg: Any, **_more: Any) -> None:
        self._ready.add(msg.node_id)
        self._tell_clock(self._shards[msg.node_id] + 1, msg.data[CLOCK] - time.time())
        self._go_on()

    def _tell_clock(self, number: int, ahead_secs: float) -> None:
        """Say how far a worker's clock is off, less the way of its message.

        The load keeps no time by it: all begin at a message and count from there.
        """
        where = "ahead of" if ahead_secs > 0 else "behind"
        told = f"the clock of load process {number} is {abs(ahead_secs):.3f} s {where} the master's"
        _log.info("%s", told)
        if abs(ahead_secs) > _CLOCKS_APART_SECS:
            with closing(Journal(self._settings.journal)) as journal:
                journal.write(Note(told))

    def _on_line(self, msg: Any, **_more: Any) -> None:
        """Write a line of a worker's journal into its part; each is flushed, as everywhere."""
        if msg.node_id not in self._parts:
            own = self._settings.journal
            place = own.with_stem(f"{own.stem}-{self._shards[msg.node_id] + 1}")
            self._parts[msg.node_id] = place.open("a", encoding="utf-8")
        self._parts[msg.node_id].write(msg.data)
        self._parts[msg.node_id].flush()

    def _on_done(self, msg: Any, **_more: Any) -> None:
        if msg.node_id in self._shards:
            self._done[msg.node_id] = ExitCode(msg.data["exit_code"])
            self._go_on()

    def _go_on(self) -> None:
        """Begin when every worker is ready, or will never be; end when none is at work."""
        count = self._settings.processes
        if self._is_over():
            self._environment.process_exit_code = worst(*self._done.values())
            gevent.spawn(self._runner.quit)  # beside this: it waits for messages still to come
        elif len(self._ready | self._done.keys() | self._lost) >= count and not self._has_begun:
            self._has_begun = True
            self._runner.send_message(BEGIN)

    def _is_over(self) -> bool:
        return len(self._done.keys() | self._lost) >= self._settings.processes

    def _watch(self) -> None:
        """Look for workers without a heartbeat, and for the end of who started this process."""
        parent = self._settings.parent_pid
        while parent is None or os.getppid() == parent:
            gevent.sleep(_WATCH_SECS)
            trim(self._runner.stats)
            for client in tuple(self._runner.clients.all):
                silent = client.state == STATE_MISSING or client.heartbeat <= 0
                if silent and client.id in self._shards.keys() - self._lost - self._done.keys():
                    self._lose(client.id)
        os.kill(os.getpid(), signal.SIGTERM)

    def _lose(self, client_id: str) -> None:
        number = self._shards[client_id] + 1
        reason = f"load process {number} of {self._settings.processes} was lost"
        _log.error("%s", reason)
        with closing(Journal(self._settings.journal)) as journal:
            journal.write(LoadInvalid(reason, lost_process=number))
        self._lost.add(client_id)
        self._go_on()

    def _end(self, **_event: Any) -> None:
        """Where the run is cut short, let the workers end theirs and take their last lines."""
        if not self._shards or self._is_over():
            return
        self._runner.send_message(END)
        deadline = time.monotonic() + _FAREWELL_SECS
        while not self._is_over() and time.monotonic() < deadline:
            gevent.sleep(_WATCH_SECS / 10)
