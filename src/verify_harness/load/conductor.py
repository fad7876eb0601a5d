"""Several generating processes as one: a common start and end, and nobody lost unseen.

Runs in locust's master process. The workers say `load-ready` after their set-up and `load-done` at
their end; the master answers the first with the moment at which all begin.
"""

import logging
import os
import signal
import time
from contextlib import closing
from typing import Any

import gevent
from locust.env import Environment
from locust.runners import STATE_MISSING, MasterRunner

from verify_harness.exitcodes import ExitCode, worst
from verify_harness.journal import Journal
from verify_harness.load.settings import LoadSettings

READY, BEGIN, DONE = "load-ready", "load-begin", "load-done"

_WATCH_SECS = 0.5
_HEAD_START_SECS = 0.5
"""From the last `load-ready` to the common start: longer than a message takes."""

_log = logging.getLogger(__name__)


class Conductor:
    """Keeps an eye on the workers of one run."""

    def __init__(
        self, runner: MasterRunner, environment: Environment, settings: LoadSettings
    ) -> None:
        self._runner = runner
        self._environment = environment
        self._settings = settings
        self._ready: set[str] = set()
        self._done: dict[str, ExitCode] = {}
        self._lost: set[str] = set()
        self._has_begun = False
        runner.register_message(READY, self._on_ready)
        runner.register_message(DONE, self._on_done)
        gevent.spawn(self._watch)

    def _on_ready(self, msg: Any, **_more: Any) -> None:
        self._ready.add(msg.node_id)
        self._go_on()

    def _on_done(self, msg: Any, **_more: Any) -> None:
        self._done[msg.node_id] = ExitCode(msg.data["exit_code"])
        self._go_on()

    def _go_on(self) -> None:
        """Begin when every worker is ready, or will never be; end when none is at work."""
        count = self._settings.processes
        if len(self._done.keys() | self._lost) >= count:
            self._environment.process_exit_code = worst(*self._done.values())
            self._runner.quit()
        elif len(self._ready | self._done.keys() | self._lost) >= count and not self._has_begun:
            self._has_begun = True
            self._runner.send_message(BEGIN, {"at": time.time() + _HEAD_START_SECS})

    def _watch(self) -> None:
        """Look for workers without a heartbeat, and for the end of who started this process."""
        parent = self._settings.parent_pid
        while parent is None or os.getppid() == parent:
            gevent.sleep(_WATCH_SECS)
            for client in tuple(self._runner.clients.all):
                silent = client.state == STATE_MISSING or client.heartbeat <= 0
                if silent and client.id not in self._lost | self._done.keys():
                    self._lose(client.id)
        os.kill(os.getpid(), signal.SIGTERM)

    def _lose(self, client_id: str) -> None:
        number = self._runner.worker_indexes[client_id] + 1
        reason = f"load process {number} of {self._settings.processes} was lost"
        _log.error("%s", reason)
        with closing(Journal(self._settings.journal)) as journal:
            journal.write("load-invalid", reason=reason)
        self._lost.add(client_id)
        self._go_on()


def conduct(environment: Environment, settings: LoadSettings) -> None:
    """Watch over the workers if this process is their master."""
    if isinstance(environment.runner, MasterRunner):
        Conductor(environment.runner, environment, settings)
