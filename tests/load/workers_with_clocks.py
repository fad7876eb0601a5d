"""A program: a master hears two workers, one with a clock of its own (prints the notes as JSON)."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import gevent
from locust.env import Environment

from verify_harness import journal
from verify_harness.journal.records import Note
from verify_harness.load.engine.master import CLOCK, READY, Conductor
from verify_harness.load.process_settings import LoadSettings

HOST, WORKERS = "127.0.0.1", 2


def main(port: int) -> None:
    """Share the load out, let both say that they are ready, and read what the master wrote."""
    with TemporaryDirectory() as place:
        environment = Environment()
        master = environment.create_master_runner(HOST, port)
        Conductor(master, _settings(Path(place)), wanted={})
        workers = [Environment().create_worker_runner(HOST, port) for _ in range(WORKERS)]
        _wait_until(lambda: len(master.clients.ready) == WORKERS)
        environment.events.test_start.fire(environment=environment)  # type: ignore[no-untyped-call]  # locust's
        for worker, ahead_secs in zip(workers, (0.0, -90.0), strict=True):
            worker.send_message(READY, {CLOCK: time.time() + ahead_secs})
        _wait_until(lambda: journal.part(Path(place), "load").exists())
        notes = [entry.message for entry in journal.read(Path(place)) if isinstance(entry, Note)]
    json.dump(notes, sys.stdout)
    sys.stdout.flush()
    os._exit(0)  # runners would wait for each other


def _settings(place: Path) -> LoadSettings:
    return LoadSettings(
        target_url=f"http://{HOST}:1/v2",
        api_key="KEY_for_tests",
        profile="smoke",
        seed=0,
        journal=journal.part(place, "load"),
        processes=WORKERS,
    )


def _wait_until(is_so: Callable[[], bool]) -> None:
    with gevent.Timeout(20):
        while not is_so():
            gevent.sleep(0.05)


if __name__ == "__main__":
    main(int(sys.argv[1]))
