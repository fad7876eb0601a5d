"""How the load generator itself fares: a result means little if its own process was the limit."""

import os
import time

from locust import __version__ as locust_version

from verify_harness.load.engine.tally import Tally


class Generator:
    """Watches this process's CPU and how late it starts what it has planned."""

    def __init__(self) -> None:
        self._lag = Tally()
        self._began = self._cpu_at_begin = 0.0

    def begin(self) -> None:
        """Start to count CPU time."""
        self._began = time.perf_counter()
        self._cpu_at_begin = time.process_time()

    def note_lag(self, seconds: float) -> None:
        """Count by how much a start was late because this process was busy."""
        self._lag.add(seconds)

    def health(self) -> dict[str, int | float | str | None]:
        """The share of one CPU, and the lag in milliseconds."""
        elapsed_s = max(time.perf_counter() - self._began, 1e-6)
        lag = self._lag.histogram()
        return {
            "cpu_percent": round(100 * (time.process_time() - self._cpu_at_begin) / elapsed_s, 1),
            "process": f"locust {locust_version}",
            "pid": os.getpid(),
            "lag_p99_ms": round(lag.get_value_at_percentile(99) / 1000, 3),
            "lag_max_ms": round(lag.get_max_value() / 1000, 3),
        }
