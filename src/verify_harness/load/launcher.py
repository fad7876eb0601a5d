"""Runs locust as a process of its own: gevent never patches ours (ARCHITECTURE.md#processes).

This module imports neither locust nor gevent. The verdict comes from the journal that the process
writes, not from locust's exit status: one failed sample is no failed run.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from verify_harness import bundled, journal
from verify_harness.clean_output import clean_output
from verify_harness.errors import NoVerdict
from verify_harness.journal.reader import Follower
from verify_harness.journal.records import LoadAborted, LoadFinished
from verify_harness.keys import KEY_VARIABLE
from verify_harness.load.abort_monitor import AbortMonitor
from verify_harness.load.process_settings import LoadSettings
from verify_harness.load.profile import Profile
from verify_harness.load.roles import Master, Worker
from verify_harness.safety.guard import Guard
from verify_harness.safety.permission import LOOPBACK_ONLY, NO_CEILING, Ceiling, Permission
from verify_harness.safety.redaction import Redactor
from verify_harness.subprocesses import clean_environment

LOG = "locust.log"
HTML = "locust.html"
_PART = "load"

STARTUP_SECS = 30.0
"""Python's and locust's start, the set-up, and the writing of locust.html."""
_TAIL_SECS = 30.0
"""From the last journey's end to the load process's."""
_LOOK_SECS = 1.0
"""How often the journal is looked into for a limit that aborts."""
_GRACE_SECS = 15.0
"""How long an interrupted load process may take to write its last lines."""
_LONGEST_CAUSE = 300
_ERROR = re.compile(r"^error: |/ERROR/")
_LOG_PREFIX = re.compile(r"^\[[^]]*\] \S+: ")


@dataclass(frozen=True, slots=True)
class LoadRun:
    """A load run to be made; its lines go to the journal part `load` of `directory`."""

    target_url: str
    """With the base path, such as http://127.0.0.1:8080/v2."""
    api_key: str = field(repr=False)
    profile: Profile
    seed: int
    run_id: str
    directory: Path
    duration_s: float | None = None
    """Cuts the profile's schedule short; None means all of it."""
    rate_per_s: float | None = None
    """Journeys start evenly at this rate for `duration_s` instead of as the profile plans."""
    drain_secs: float = 60.0
    """How long journeys may go on after the last start."""
    processes: int = 1
    """How many generating processes of this machine share the journeys."""
    role: Master | Worker | None = None
    """What this machine does where many make the load together; None means that it is alone."""
    spec: Path | None = None
    """The OpenAPI document to hold the answers of some journeys against; None is ours."""
    has_chosen_rules: bool = False
    """Whether the target announces our own bounds on top of the documented ones."""
    ca_file: str | None = None
    """Certificates to trust instead of the system's."""
    permission: Permission = LOOPBACK_ONLY
    """What may be called off loopback."""
    ceiling: Ceiling = NO_CEILING
    """What all processes of the load together may trigger."""
    look: Callable[[Iterable[Path]], None] | None = None
    """Called each second with the parts of the journal that there are by then."""


class LoadDied(NoVerdict):
    """The load process ended before it had written its result."""

    def __init__(self, cause: str, log: Path) -> None:
        super().__init__(f"the load run did not finish: {cause}.", hint=f"see {log}")


def run_load(run: LoadRun) -> None:
    """Make a load run and return when it is over.

    Raises SafetyRefusal for what may not be called, LoadDied when there is no whole result. On an
    interruption the process is asked to write what it has, and the interruption is raised again.
    """
    Guard.for_load(permission=run.permission, ceiling=run.ceiling).check(run.target_url)
    directory = run.directory.resolve()
    directory.mkdir(parents=True, exist_ok=True)
    log = directory / LOG
    part = journal.part(directory, _PART)
    redactor = Redactor({run.api_key: f"${KEY_VARIABLE}"})
    with (
        clean_output(log, redactor) as output,
        _start(run, directory, part, output.fileno()) as child,
    ):
        monitor = AbortMonitor(run.profile.slo, lambda: _parts(part))

        def look() -> str | None:
            if run.look is not None:
                run.look(_parts(part))
            return monitor.breach()

        exit_status, breach = _wait(child, _limit_secs(run), log, look)
    if breach is not None:
        with closing(journal.Journal(journal.part(directory, "watch"))) as told:
            told.write(LoadAborted(breach))
    if exit_status != 0 or not _has_result(run, part):
        raise LoadDied(_cause(log, exit_status), log)


def _has_result(run: LoadRun, part: Path) -> bool:
    """Whether the load's end was written; what a worker made is with its master."""
    return isinstance(run.role, Worker) or any(map(_is_finished, _parts(part)))


def _parts(part: Path) -> Iterator[Path]:
    """What the generating processes wrote: one file, or one each."""
    return part.parent.glob(f"{part.stem}*{part.suffix}")


def _start(run: LoadRun, directory: Path, part: Path, output: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-P",
        "-m",
        "locust",
        "-f",
        str(bundled.loadtests() / "locustfile.py"),
    ]
    command += ["--headless", "--only-summary", "--exit-code-on-error", "0", *_role(run)]
    if not isinstance(run.role, Worker):
        users = str(_generating(run))
        command += ["--users", users, "--spawn-rate", users, "--html", str(directory / HTML)]
    return subprocess.Popen(
        command,
        env=_environment(run, part),
        cwd=directory,  # locust reads a pyproject.toml or locust.conf where it stands
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,  # the terminal's Ctrl-C reaches us, and we pass it on once
    )


def _role(run: LoadRun) -> list[str]:
    """Locust's options for whom this process works with."""
    if run.role is not None:
        return run.role.arguments()
    if run.processes == 1:
        return []
    port = str(_free_port())
    place = ["--master-bind-host", "127.0.0.1", "--master-bind-port", port, "--master-port", port]
    return ["--processes", str(run.processes), *place]


def _generating(run: LoadRun) -> int:
    """How many processes share the journeys, on however many machines."""
    return run.role.workers if isinstance(run.role, Master) else run.processes


def _free_port() -> int:
    """A port of this machine for the processes to find each other; locust's own may be in use."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(run: LoadRun, part: Path) -> dict[str, str]:
    settings = LoadSettings(
        target_url=run.target_url,
        api_key=run.api_key,
        profile=str(run.profile.path),
        seed=run.seed,
        journal=part,
        run_id=run.run_id,
        duration_s=run.duration_s,
        parent_pid=os.getpid(),
        rate_per_s=run.rate_per_s,
        drain_secs=run.drain_secs,
        processes=_generating(run),
        is_remote=isinstance(run.role, Worker),
        spec=run.spec.resolve() if run.spec else None,
        has_chosen_rules=run.has_chosen_rules,
        ca_file=str(Path(run.ca_file).resolve()) if run.ca_file else None,
        permission=run.permission,
        ceiling=run.ceiling,
    )
    return {**clean_environment(), **settings.to_environment()}


def _limit_secs(run: LoadRun) -> float:
    planned_s = run.profile.duration_s if run.duration_s is None else run.duration_s
    wait_secs = run.role.wait_secs if run.role else 0.0
    return STARTUP_SECS + wait_secs + planned_s + run.drain_secs + _TAIL_SECS


def _wait(
    child: subprocess.Popen[bytes], limit_secs: float, log: Path, look: Callable[[], str | None]
) -> tuple[int, str | None]:
    """The exit status, and why the load was aborted if it was; the process is gone afterwards."""
    try:
        breach = _wait_or_breach(child, limit_secs, look)
        if breach is not None:
            _interrupt(child)
            return 0, breach
        return child.wait(timeout=0), None
    except subprocess.TimeoutExpired:
        raise LoadDied(f"it took longer than {limit_secs:.0f} s", log) from None
    except BaseException:
        _interrupt(child)
        raise
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)


def _wait_or_breach(
    child: subprocess.Popen[bytes], limit_secs: float, look: Callable[[], str | None]
) -> str | None:
    """Wait for the process's end, for its time to be over, or for a limit that aborts."""
    deadline = time.monotonic() + limit_secs
    while time.monotonic() < deadline:
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=_LOOK_SECS)
            look()
            return None
        if breach := look():
            return breach
    return None


def _interrupt(child: subprocess.Popen[bytes]) -> None:
    child.send_signal(signal.SIGINT)
    try:
        child.wait(timeout=_GRACE_SECS)
    except subprocess.TimeoutExpired:
        child.kill()


def _is_finished(part: Path) -> bool:
    return part.is_file() and any(isinstance(entry, LoadFinished) for entry in Follower(part).new())


def _cause(log: Path, exit_status: int) -> str:
    """How the process ended, and the last error it logged, if any."""
    lines = log.read_text(errors="replace").splitlines()
    errors = [_LOG_PREFIX.sub("", line) for line in lines if _ERROR.search(line)]
    said = f": {errors[-1].strip().rstrip('.')[:_LONGEST_CAUSE]}" if errors else ""
    return f"locust ended with exit status {exit_status}{said}"
