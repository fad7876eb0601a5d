"""A lock on a run directory: one process at a time writes there, and others learn which one.

The system gives the lock back when its process ends, however it ends; the file says who has it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from verify_harness.errors import DirectoryInUse

FILE = ".lock"


class Owner(msgspec.Struct, frozen=True):
    """Who writes into a directory, and since when."""

    pid: int
    command: str
    since: str
    """UTC, such as 2026-11-21T20:16:00Z."""

    def __str__(self) -> str:
        return f"process {self.pid} (verify-harness {self.command}, since {self.since})"


@contextmanager
def locked(directory: Path, command: str) -> Iterator[None]:
    """Have a directory for oneself; raises DirectoryInUse naming who has it, or OSError."""
    path = directory / FILE
    descriptor = _acquired(path)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, msgspec.json.encode(_me(command)))
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def refuse_if_in_use(directory: Path) -> None:
    """Raise DirectoryInUse while some process writes into a directory."""
    try:
        descriptor = os.open(directory / FILE, os.O_RDWR)
    except OSError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DirectoryInUse(directory, _owner(descriptor)) from None
    finally:
        os.close(descriptor)


def _acquired(path: Path) -> int:
    """The locked file; another try where its owner removed it in between."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = _owner(descriptor)
            os.close(descriptor)
            raise DirectoryInUse(path.parent, owner) from None
        if _is_still(path, descriptor):
            return descriptor
        os.close(descriptor)


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _owner(descriptor: int) -> str:
    try:
        return str(msgspec.json.decode(os.pread(descriptor, 4096, 0), type=Owner))
    except msgspec.DecodeError:  # it has only just begun
        return "another process"


def _me(command: str) -> Owner:
    return Owner(os.getpid(), command, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
