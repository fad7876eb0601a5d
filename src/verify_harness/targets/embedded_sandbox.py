"""The sandbox as a child of a run: on a free port, without the user's keys, gone with it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from verify_harness import control_token, subprocesses
from verify_harness.clean_output import clean_output
from verify_harness.errors import HarnessError, UsageError
from verify_harness.exitcodes import ExitCode
from verify_harness.safety.redaction import Redactor

LOG = "sandbox.log"
"""What the sandbox printed, if it printed anything, in the run directory."""

_LONGEST = 200


class SandboxDied(HarnessError):
    """The embedded sandbox ended before the run did, which no check can cause rightly."""

    def __init__(self, status: int, last_words: str, log: Path) -> None:
        super().__init__(
            f"the embedded sandbox ended by itself (exit status {status}): {last_words[:_LONGEST]}",
            hint=f"see {log}",
        )


class Embedded(NamedTuple):
    """A sandbox of our own: its base URL, and the token that opens its levers."""

    url: str
    control_token: str


@contextmanager
def sandbox(
    dialect: str, seed: int, directory: Path, faults_from: Path | None = None
) -> Iterator[Embedded]:
    """Serve the embedded sandbox for a while.

    Its stderr goes to a log in `directory`, if there is any. Raises UsageError where it refuses the
    faults, and SandboxDied if it does not start, or is gone before its time: whatever its death
    made of the run is no finding.
    """
    log, token = directory / LOG, control_token.new()
    try:
        with clean_output(log, Redactor()) as errors:
            child = _started(dialect, seed, faults_from, token, errors)
            with _stopped_at_the_end(child):
                if url := _url(child):
                    yield Embedded(url, token)
                if child.poll() is None:
                    return
        raise _death(child.returncode, log)
    finally:
        if log.exists() and not log.stat().st_size:
            log.unlink()


@contextmanager
def _stopped_at_the_end(child: subprocess.Popen[bytes]) -> Iterator[None]:
    """Stop the sandbox; where it is dead already, that is why something was raised."""
    try:
        yield
    except Exception:
        if child.poll() is None:
            raise
    finally:
        subprocesses.stop(child)
        if child.stdout is not None:
            child.stdout.close()


def _started(
    dialect: str, seed: int, faults_from: Path | None, token: str, errors: BinaryIO
) -> subprocess.Popen[bytes]:
    arguments = ["--quiet", "--port", "0", "--dialect", dialect, "--seed", str(seed)]
    arguments += ["--faults-from", str(faults_from.absolute())] if faults_from else []
    return subprocesses.spawn(
        [sys.executable, "-P", "-m", "verify_harness", "sandbox", *arguments],
        {**subprocesses.clean_environment(), control_token.VARIABLE: token},
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        stderr=errors,
        start_new_session=True,  # Ctrl-C is for the run, which then stops the sandbox itself
    )


def _url(child: subprocess.Popen[bytes]) -> str:
    """The first word of the first line that the sandbox prints; empty where it ended instead."""
    line = child.stdout.readline().decode() if child.stdout else ""
    if not line.strip():
        child.wait()
        return ""
    return line.split()[0]


def _death(status: int, log: Path) -> HarnessError:
    """What became of a sandbox, by its exit status and its last words."""
    said = [line.strip() for line in log.read_text(encoding="utf-8").splitlines() if line.strip()]
    mistakes = [line.removeprefix("error: ") for line in said if line.startswith("error: ")]
    if status == ExitCode.USAGE and mistakes:
        return UsageError(mistakes[-1])
    return SandboxDied(status, said[-1] if said else "it said nothing", log)
