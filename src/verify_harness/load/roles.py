"""A load run on many machines: who is the master, who a worker, and how locust is told.

Master and workers talk by locust's own protocol, which knows neither keys nor encryption; what they
say beyond it is in `engine/master.py` and `engine/worker.py`. No API key crosses it: each machine
brings its own.
"""

from dataclasses import dataclass

DEFAULT_PORT = 5557
"""Locust's."""
WAIT_SECS = 300.0
"""How long a master waits for its workers, and a worker for its master and the others."""


@dataclass(frozen=True, slots=True)
class Master:
    """The process that gathers what the workers count; it sends no load itself."""

    workers: int
    bind_host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    wait_secs: float = WAIT_SECS

    def arguments(self) -> list[str]:
        """Locust's options."""
        place = ["--master-bind-host", self.bind_host, "--master-bind-port", str(self.port)]
        wait = ["--expect-workers-max-wait", str(round(self.wait_secs))]
        return ["--master", *place, "--expect-workers", str(self.workers), *wait]


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that makes the share of the load which the master gives it."""

    master_host: str = "127.0.0.1"
    master_port: int = DEFAULT_PORT
    wait_secs: float = WAIT_SECS

    def arguments(self) -> list[str]:
        """Locust's options."""
        return [
            "--worker",
            "--master-host",
            self.master_host,
            "--master-port",
            str(self.master_port),
        ]
