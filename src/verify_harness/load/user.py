"""The locust user: one per process, which runs the open-loop engine instead of a task per user."""

import logging
import os
import signal
import time
from typing import Any

import gevent
from locust import User, task
from locust.env import Environment
from locust.exception import StopUser

from verify_harness.errors import HarnessError
from verify_harness.exitcodes import ExitCode
from verify_harness.journal import Journal
from verify_harness.load.engine import Engine
from verify_harness.load.plan import Plan
from verify_harness.load.settings import LoadSettings
from verify_harness.load.wire import open_wire
from verify_harness.redact import Redactor

_PARENT_WATCH_SECS = 0.5

_log = logging.getLogger(__name__)


class OpenLoopUser(User):
    """Requests go to the settings' target only: locust's own `--host` has no effect on them."""

    abstract = True
    fixed_count = 1
    settings: LoadSettings
    plan: Plan

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._engine: Engine | None = None
        environment.events.quitting.add_listener(self._close)  # type: ignore[no-untyped-call]  # locust's
        if self.settings.parent_pid is not None:
            gevent.spawn(_end_with, self.settings.parent_pid)

    @task
    def inject(self) -> None:
        """Run the whole load, then end the process; an interruption ends it by `_close` too."""
        self.environment.process_exit_code = self._load()
        gevent.spawn(self.environment.runner.quit)
        raise StopUser

    def _load(self) -> ExitCode:
        """Whether the load can be judged; what it showed stands in the journal."""
        try:
            self._engine = self._new_engine()
            self._engine.run(self._engine.prepare(), time.perf_counter())
        except HarnessError as error:
            _log.error("%s: %s", error.label, error)
            return error.exit_code
        except Exception:  # noqa: BLE001 - locust would log it and run the task again, for ever
            _log.exception("the load process failed")
            return ExitCode.HARNESS_BUG
        return ExitCode.HARNESS_BUG if self._engine.has_crashed else ExitCode.PASS

    def _new_engine(self) -> Engine:
        journal = Journal(
            self.settings.journal, Redactor({self.settings.api_key: "$TELNYX_API_KEY"})
        )
        client = self.plan.profile.client
        wire = open_wire(client, self.settings, self.environment.events.request)
        return Engine(self.settings, self.plan, wire, journal)

    def _close(self, **_event: Any) -> None:
        if self._engine is not None:
            self._engine.close()


def _end_with(parent_pid: int) -> None:
    """End this process in good order when the one that started it is gone."""
    while os.getppid() == parent_pid:
        gevent.sleep(_PARENT_WATCH_SECS)
    os.kill(os.getpid(), signal.SIGTERM)
