"""One process's part of a load run: alone the whole of it, as a worker the shard its master gives.

Locust starts, stops and moves users between workers as it sees fit; the part is begun once whatever
happens to them.
"""

import logging
import os
import signal
import time
from typing import Any

import gevent
from gevent.event import Event
from locust.env import Environment
from locust.runners import WorkerRunner

from verify_harness.errors import HarnessError
from verify_harness.exitcodes import ExitCode
from verify_harness.journal import Journal
from verify_harness.load.client.lean_client import LeanClient
from verify_harness.load.client.trigger_gate import TriggerGate
from verify_harness.load.engine.fingerprint import fingerprint
from verify_harness.load.engine.journal_relay import Courier
from verify_harness.load.engine.locust_statistics import Statistics
from verify_harness.load.engine.master import BEGIN, CLOCK, DONE, END, HELLO, READY, REFUSED, SHARD
from verify_harness.load.engine.open_loop import Engine, Shard
from verify_harness.load.load_plan import Plan
from verify_harness.load.process_settings import LoadSettings
from verify_harness.safety.redaction import Redactor

_WATCH_SECS = 0.5
_MASTER_SILENT_SECS = 10.0
"""A master that was not heard of for so long is gone; it answers a heartbeat each second."""

_log = logging.getLogger(__name__)


class Share:
    """What this process does, from the first word to its master to its last journal line."""

    def __init__(self, settings: LoadSettings, plan: Plan, environment: Environment) -> None:
        self._settings = settings
        self._plan = plan
        self._environment = environment
        self._runner: Any = environment.runner  # which kind decides what it can do
        self._statistics = Statistics(environment)
        self._engine: Engine | None = None
        self._work: gevent.Greenlet | None = None
        self._may_begin, self._is_over = Event(), Event()
        self._is_worker = isinstance(environment.runner, WorkerRunner)
        environment.events.quitting.add_listener(self._close)  # type: ignore[no-untyped-call]  # locust's
        if self._is_worker:
            self._join_master()
        forked = self._is_worker and not settings.is_remote
        parent = os.getppid() if forked else settings.parent_pid
        if parent is not None:
            gevent.spawn(_end_with, parent)

    def take_part(self) -> None:
        """Begin if nobody else decides when, and return when all is over."""
        if not self._is_worker:
            self._begin(Shard())
        self._is_over.wait()

    def _begin(self, shard: Shard) -> None:
        if self._work is None:
            self._work = gevent.spawn(self._run, shard)

    def _run(self, shard: Shard) -> None:
        """Make the whole share, then end the process or leave that to the master."""
        exit_code = self._load(shard)
        self._statistics.flush()
        if self._is_worker:
            self._part(exit_code)
        else:
            self._environment.process_exit_code = exit_code
            gevent.spawn(self._runner.quit)
        self._is_over.set()

    def _load(self, shard: Shard) -> ExitCode:
        """Whether the load can be judged; what it showed stands in the journal."""
        try:
            self._engine = self._new_engine(shard)
            verify_profile = self._engine.prepare()
            self._wait_for_the_others()
            self._engine.run(verify_profile, time.perf_counter())
        except HarnessError as error:
            _log.error("%s: %s", error.label, error)
            return error.exit_code
        except Exception:  # noqa: BLE001 - whatever it is, the run must end and say so
            _log.exception("the load process failed")
            return ExitCode.HARNESS_BUG
        if self._engine.has_crashed:
            return ExitCode.HARNESS_BUG
        if told := self._engine.ceiling_reached:  # also where the profile is not judged
            _log.error("%s", told)
        return ExitCode.NO_VERDICT if told else ExitCode.PASS

    def _new_engine(self, shard: Shard) -> Engine:
        redactor = Redactor({self._settings.api_key: "$TELNYX_API_KEY"})
        place = Courier(self._runner.send_message) if self._is_worker else self._settings.journal
        ceiling = self._settings.ceiling.tightened(self._plan.profile.ceiling)
        gate = TriggerGate(ceiling.share(shard.index, shard.count))
        client = LeanClient(self._settings, self._environment.events.request, gate=gate)
        return Engine(self._settings, self._plan, client, Journal(place, redactor), shard)

    def _wait_for_the_others(self) -> None:
        if self._is_worker:
            self._runner.send_message(READY, {CLOCK: time.time()})
            self._may_begin.wait()

    def _part(self, exit_code: ExitCode) -> None:
        """Send the last lines, and say that there are no more."""
        self._close()
        self._runner.send_message(DONE, {"exit_code": int(exit_code)})
        self._tell_parent(exit_code)

    def _close(self, **_event: Any) -> None:
        self._statistics.flush()
        if self._engine is not None:
            self._engine.close()

    def _tell_parent(self, exit_code: ExitCode) -> None:
        """End with this exit code; that of a forked worker is its master's affair."""
        if self._settings.is_remote:
            self._environment.process_exit_code = exit_code

    def _join_master(self) -> None:
        """Listen to the master and say hello; until the share is made, there is no verdict."""
        self._tell_parent(ExitCode.NO_VERDICT)
        listeners = (
            (REFUSED, self._on_refused),
            (SHARD, lambda msg, **_: self._begin(Shard(**msg.data))),
            (BEGIN, lambda **_: self._may_begin.set()),
            (END, lambda **_: gevent.spawn(self._end_early)),
        )
        for message, listener in listeners:
            self._runner.register_message(message, listener)
        self._runner.send_message(HELLO, fingerprint(self._settings, self._plan))
        gevent.spawn(self._watch_master, time.time())

    def _on_refused(self, msg: Any, **_more: Any) -> None:
        _log.error("the master refused this worker: %s", msg.data["reason"])
        gevent.spawn(self._runner.quit)

    def _end_early(self) -> None:
        _log.error("the master ended the load early")
        if self._work is not None:
            self._work.kill()
        self._part(ExitCode.NO_VERDICT)

    def _watch_master(self, connected_at: float) -> None:
        while time.time() - (self._runner.last_heartbeat_timestamp or connected_at) < (
            _MASTER_SILENT_SECS
        ):
            gevent.sleep(_WATCH_SECS)
        _log.error("the master is gone: nothing came from it for %g s", _MASTER_SILENT_SECS)
        self._runner.client.socket.linger = 0  # what is left to say, nobody will take
        os.kill(os.getpid(), signal.SIGTERM)


def _end_with(parent_pid: int) -> None:
    """End this process in good order when the one that started it is gone."""
    while os.getppid() == parent_pid:
        gevent.sleep(_WATCH_SECS)
    os.kill(os.getpid(), signal.SIGTERM)
