"""The sandbox as a child of a run: on a free port, without the user's keys, gone with it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from verify_harness import subprocesses
from verify_harness.errors import NoVerdict


@contextmanager
def sandbox(dialect: str, seed: int, faults_from: Path | None = None) -> Iterator[str]:
    """Serve the embedded sandbox for a while; yields its base URL.

    Raises NoVerdict if it does not start.
    """
    arguments = ["--quiet", "--port", "0", "--dialect", dialect, "--seed", str(seed)]
    arguments += ["--faults-from", str(faults_from.absolute())] if faults_from else []
    child = subprocesses.spawn(
        [sys.executable, "-P", "-m", "verify_harness", "sandbox", *arguments],
        subprocesses.clean_environment(),
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the run, which then stops the sandbox itself
    )
    try:
        yield _url(child)
    finally:
        subprocesses.stop(child)


def _url(child: subprocess.Popen[bytes]) -> str:
    """The first word of the first line that the sandbox prints."""
    line = child.stdout.readline().decode() if child.stdout else ""
    if not line.strip():
        raise NoVerdict(f"the embedded sandbox did not start (exit status {child.wait()}).")
    return line.split()[0]
