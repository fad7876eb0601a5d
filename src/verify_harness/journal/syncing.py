"""Brings what the processes of a run write to the disk each second.

One thread of the leading process does it for all parts: a process that measures load, or checks,
does not wait for the disk.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from verify_harness.journal.files import parts

INTERVAL_SECS = 1.0


@contextmanager
def synced(directory: Path, interval_secs: float = INTERVAL_SECS) -> Iterator[None]:
    """Sync the journal's parts that grew, each second and at the end.

    Raises OSError at the end where the last sync of a part failed.
    """
    syncing, is_over = _Syncing(directory), Event()
    thread = Thread(target=_sync_until, args=(syncing, is_over, interval_secs), daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
    syncing.sync()


def _sync_until(syncing: "_Syncing", is_over: Event, interval_secs: float) -> None:
    while not is_over.wait(interval_secs):
        with suppress(OSError):  # the writer meets it, too, and so does the sync at the end
            syncing.sync()


class _Syncing:
    """Knows how far each part was synced."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._synced_bytes: dict[Path, int] = {}

    def sync(self) -> None:
        for path in parts(self._directory):
            size = path.stat().st_size
            if size != self._synced_bytes.get(path):
                _sync_file(path)
                self._synced_bytes[path] = size


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
