"""Runs the contract suite: pytest with our plugin, in processes of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

from verify_harness import children, content
from verify_harness.errors import HarnessError, NoVerdict, UsageError
from verify_harness.run import Run

LOG = "pytest.log"
_NOTHING_COLLECTED = 5
_JUDGED = (0, 1)
_INTERRUPTED = 2


class SuiteCrashed(HarnessError):
    """pytest itself failed, which no target can cause."""


def verify(
    run: Run, *, checks: tuple[Path, ...] = (), fail_fast: bool = False, only: str | None = None
) -> None:
    """Check the contract at the run's level; verdicts go to the journal parts of its directory.

    Raises UsageError if nothing was selected or a check is broken, SuiteCrashed if pytest failed.
    """
    run.judges_all = run.level != "smoke" and not run.selected and only is None
    log = run.directory / LOG
    flags = [
        *(["-n", str(run.jobs)] if run.jobs > 1 else []),
        *(["-x"] if fail_fast else []),
        *(["--only-check", only] if only else []),
        *([] if run.options.quiet else ["--progress"]),
    ]
    with log.open("wb") as output:
        child = start(run, (content.contracts(), *checks), flags, output)
        try:
            status = child.wait()
        except BaseException:
            children.stop(child)
            raise
    judge_exit(run, status, log)


def start(
    run: Run, folders: tuple[Path, ...], flags: list[str], output: BinaryIO
) -> "subprocess.Popen[bytes]":
    """Start pytest with our plugin on the checks in these folders."""
    return children.spawn(
        [*_pytest(run), *flags, *map(str, folders)],
        run.environment,
        stdout=output,
        stdin=subprocess.DEVNULL,
    )


def judge_exit(run: Run, status: int, log: Path) -> None:
    """Raise what pytest's exit status means, unless it means that checks were judged."""
    if status == _NOTHING_COLLECTED:
        raise UsageError(
            f"nothing to check: no check matches {' '.join(run.selected) or run.level}.",
            hint="name a requirement (VFY-CODE-004), an area (CODE) or an operationId",
        )
    if status not in _JUDGED:
        raise _explained(status, log)


def _pytest(run: Run) -> list[str]:
    options = run.options
    given = {"--spec": options.spec, "--ca-file": options.ca_file, "--proxy": options.proxy}
    return [
        *(sys.executable, "-m", "pytest", "-q", "-c", os.devnull),
        *("--rootdir", str(content.contracts()), "--import-mode=importlib"),
        *("-p", "no:locust", "-p", "no:cacheprovider", "-W", "ignore"),
        "--tb=native",  # the others parse the sources anew for every failure, half of its time
        *("--target", run.target.url, "--level", run.level),
        *("--run-seed", str(options.seed), "--run-id", run.id),
        *("--journal", str(run.directory), "--replay", run.replay),
        *(part for name, value in given.items() if value for part in (name, str(value))),
        *(part for host in options.allow_remote for part in ("--allow-remote", host)),
        *(part for name in run.selected for part in ("--select", name)),
    ]


def _explained(status: int, log: Path) -> HarnessError:
    """What pytest's exit status means for a user; its last words are in the log."""
    text = log.read_text(encoding="utf-8", errors="replace")
    last = next((line for line in reversed(text.splitlines()) if line.strip()), "no output")
    if status == _INTERRUPTED and "error" not in text.lower():
        return NoVerdict("the contract checks were interrupted.")
    return SuiteCrashed(f"the contract suite could not run: {last.strip()}.", hint=f"see {log}")
