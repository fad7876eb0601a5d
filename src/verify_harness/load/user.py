"""The locust user: one per process, which runs the open-loop engine instead of a task per user."""

import logging
import os
import signal
import time
from typing import Any

import gevent
from gevent.event import AsyncResult
from locust import User, task
from locust.env import Environment
from locust.exception import StopUser
from locust.runners import WorkerRunner

from verify_harness.errors import HarnessError
from verify_harness.exitcodes import ExitCode
from verify_harness.journal import Journal
from verify_harness.load.conductor import BEGIN, DONE, READY
from verify_harness.load.engine import Engine, Shard
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
        self._runner: Any = environment.runner  # which kind decides what it can do
        self._begin: AsyncResult[float] = AsyncResult()
        self._is_worker = isinstance(environment.runner, WorkerRunner)
        if isinstance(environment.runner, WorkerRunner):
            environment.runner.register_message(
                BEGIN, lambda msg, **_: self._begin.set(msg.data["at"])
            )
        environment.events.quitting.add_listener(self._close)  # type: ignore[no-untyped-call]  # locust's
        parent = os.getppid() if self._is_worker else self.settings.parent_pid
        if parent is not None:
            gevent.spawn(_end_with, parent)

    @task
    def inject(self) -> None:
        """Run the whole load, then end the process; an interruption ends it by `_close` too."""
        exit_code = self._load()
        if self._is_worker:
            self._close()
            self._runner.send_message(DONE, {"exit_code": int(exit_code)})
        else:
            self.environment.process_exit_code = exit_code
            gevent.spawn(self._runner.quit)
        raise StopUser

    def _load(self) -> ExitCode:
        """Whether the load can be judged; what it showed stands in the journal."""
        try:
            self._engine = self._new_engine()
            profile_id = self._engine.prepare()
            self._engine.run(profile_id, self._common_start())
        except HarnessError as error:
            _log.error("%s: %s", error.label, error)
            return error.exit_code
        except Exception:  # noqa: BLE001 - locust would log it and run the task again, for ever
            _log.exception("the load process failed")
            return ExitCode.HARNESS_BUG
        return ExitCode.HARNESS_BUG if self._engine.has_crashed else ExitCode.PASS

    def _common_start(self) -> float:
        """When the load begins, on perf_counter; the same moment in all workers."""
        if not self._is_worker:
            return time.perf_counter()
        self._runner.send_message(READY)
        begin_at: float = self._begin.get()
        return time.perf_counter() + begin_at - time.time()

    def _new_engine(self) -> Engine:
        shard = Shard(self._runner.worker_index, self.settings.processes)
        path = self.settings.journal
        if self._is_worker:
            path = path.with_stem(f"{path.stem}-{shard.index + 1}")
        journal = Journal(path, Redactor({self.settings.api_key: "$TELNYX_API_KEY"}))
        client = self.plan.profile.client
        wire = open_wire(client, self.settings, self.environment.events.request)
        return Engine(self.settings, self.plan, wire, journal, shard)

    def _close(self, **_event: Any) -> None:
        if self._engine is not None:
            self._engine.close()


def _end_with(parent_pid: int) -> None:
    """End this process in good order when the one that started it is gone."""
    while os.getppid() == parent_pid:
        gevent.sleep(_PARENT_WATCH_SECS)
    os.kill(os.getpid(), signal.SIGTERM)
