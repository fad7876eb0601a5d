"""Processes that spend at once and are killed anywhere: the ledger is never too low."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Barrier, Thread

import pytest

from verify_harness.safety.ledger import Ledger

SPENDER = Path(__file__).with_name("spender.py")
PROCESSES = 4


class Server:
    """Counts the names that it is sent, one a line, once so many processes have come."""

    def __init__(self, processes: int = 1) -> None:
        self._come = Barrier(processes)
        self.seen: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._readers: list[Thread] = []
        Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            reader = Thread(target=self._read, args=(connection,), daemon=True)
            reader.start()  # before `close` may see it, which joins it
            self._readers.append(reader)

    def _read(self, connection: socket.socket) -> None:
        # a process that is killed may reset its connection
        with suppress(ConnectionError), connection, connection.makefile("r") as lines:
            self._come.wait(30)
            connection.sendall(b"\n")
            for line in lines:
                if line.endswith("\n"):
                    self.seen.append(line.strip())

    def wait_for(self, pid: int) -> None:
        """Wait until a process has sent something."""
        ends = time.monotonic() + 30
        while not any(name.startswith(f"{pid}-") for name in self.seen[-500:]):
            assert time.monotonic() < ends
            time.sleep(0.002)

    def close(self) -> None:
        self._listener.close()
        for reader in self._readers:
            reader.join(10)


def spender(path: Path, server: Server, budget: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, str(SPENDER), str(path), str(server.port), budget]
    return subprocess.Popen(command)


@contextmanager
def spending(path: Path, server: Server, budget: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    children = [spender(path, server, budget) for _ in range(PROCESSES)]
    try:
        yield children
    finally:
        for child in children:
            child.kill()
            child.wait()
        server.close()


def charged(path: Path) -> set[str]:
    ledger = Ledger(path)
    names = {charge.id for charge, _ in ledger.charges()}
    ledger.close()
    return names


def test_a_budget_that_processes_share_is_kept_to_the_cent(tmp_path: Path) -> None:
    path, server = tmp_path / "ledger", Server(PROCESSES)
    with spending(path, server, "1.00") as children:
        assert [child.wait(60) for child in children] == [0] * PROCESSES
    assert len(server.seen) == 100
    assert charged(path) == set(server.seen)


@pytest.mark.parametrize(
    "kills", [20, pytest.param(200, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_a_process_that_is_killed_leaves_the_ledger_too_high_at_most(
    tmp_path: Path, kills: int
) -> None:
    path, server, chance = tmp_path / "ledger", Server(), random.Random(kills)
    with spending(path, server, "1000000") as children:
        for number in range(kills):
            victim = children[number % PROCESSES]
            server.wait_for(victim.pid)
            time.sleep(chance.uniform(0.0, 0.02))
            os.kill(victim.pid, signal.SIGKILL)
            victim.wait()
            children[number % PROCESSES] = spender(path, server, "1000000")
    assert set(server.seen) <= charged(path)
    assert len(server.seen) == len(set(server.seen))
