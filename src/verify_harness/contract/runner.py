"""Runs the contract suite: pytest with our plugin, in processes of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from verify_harness import bundled, subprocesses
from verify_harness.clean_output import clean_output, clean_stderr
from verify_harness.contract.task import Task, write_task
from verify_harness.errors import CannotWrite, HarnessError, UsageError
from verify_harness.keys import secrets_in
from verify_harness.safety.redaction import Redactor

LOG = "pytest.log"
_TASK = ".contract-task-{part}.json"
_NOTHING_COLLECTED = 5
_JUDGED = (0, 1)
_PROBE_BYTES = 64 * 1024


class SuiteCrashed(HarnessError):
    """pytest itself failed, which no target can cause."""


def verify(task: Task, directory: Path, environment: Mapping[str, str]) -> None:
    """Run the checks of a task; verdicts go to the journal parts of the run directory.

    Raises UsageError if nothing was selected or a check of the user's own cannot be used,
    SuiteCrashed if pytest failed, CannotWrite if the disk is full.
    """
    log = directory / LOG
    redactor = Redactor(secrets_in(environment))
    try:
        with clean_output(log, redactor) as output, clean_stderr(redactor) as errors:
            child = start(task, directory, environment, output, errors)
            try:
                status = child.wait()
            except BaseException:
                subprocesses.stop(child)
                raise
        judge_exit(task, directory, status, log)
    finally:
        clear(directory)


def start(
    task: Task,
    directory: Path,
    environment: Mapping[str, str],
    output: BinaryIO,
    errors: BinaryIO,
    *,
    part: str = "checks",
    flags: tuple[str, ...] = (),
) -> "subprocess.Popen[bytes]":
    """Start pytest with our plugin on the bundled checks and those of the task."""
    path = write_task(task, directory / _TASK.format(part=part)).absolute()
    folders = (bundled.contracts(), *task.suite.checks)
    workers, plugins = (
        ([], ()) if task.suite.jobs == 1 else (["-n", str(task.suite.jobs), *_STEAL], _XDIST)
    )
    return subprocesses.spawn(
        [*_PYTEST, *workers, "--task", str(path), "--part", part, *flags, *map(str, folders)],
        {**environment, **_plugins(task, plugins)},
        stdout=output,
        stderr=errors,
        stdin=subprocess.DEVNULL,
    )


_PYTEST = (
    *(sys.executable, "-P", "-m", "pytest", "-q", "-c", os.devnull),
    *("--rootdir", str(bundled.contracts()), "--import-mode=importlib"),
    *("-p", "no:locust", "-p", "no:cacheprovider", "-W", "ignore"),
    *("-p", "no:unraisableexception"),  # it collects garbage five times, for warnings nobody sees
    "--tb=native",  # the others parse the sources anew for every failure, half of its time
    "--assert=plain",  # failed assertions are told by us, without the values that pytest shortens
)


_PLUGINS = ("verify_harness.contract.plugin", "_hypothesis_pytestplugin")
_XDIST = ("xdist.plugin",)
_STEAL = ("--dist", "worksteal")  # the slow generated cases stand together, in one process's share


def _plugins(task: Task, more: tuple[str, ...]) -> dict[str, str]:
    """The environment in which pytest loads our plugins alone.

    Plugins that happen to be installed may reorder or repeat checks, and each costs time. Checks of
    the user's own may need theirs.
    """
    if task.suite.checks:
        return {"PYTEST_PLUGINS": _PLUGINS[0]}
    return {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_PLUGINS": ",".join((*_PLUGINS, *more)),
    }


def judge_exit(task: Task, directory: Path, status: int, log: Path) -> None:
    """Raise what pytest's exit status means, unless it means that checks were judged."""
    if (problem := _problem(task)) is not None:
        raise UsageError(problem, hint="see --checks")
    if status == _NOTHING_COLLECTED:
        raise _nothing_selected(task)
    if status not in _JUDGED:
        _require_room(directory)
        raise _explained(log)


def clear(directory: Path) -> None:
    """Remove the files by which the processes of a suite talk to each other."""
    for pattern in (_TASK.format(part="*"), ".stop", ".time", ".problems"):
        for path in directory.glob(pattern):
            path.unlink()


def _problem(task: Task) -> str | None:
    """The first thing wrong with checks of the user's own."""
    path = task.problems_file
    if path is None or not path.is_file():
        return None
    return str(json.loads(path.read_text(encoding="utf-8").splitlines()[0]))


def _nothing_selected(task: Task) -> UsageError:
    suite = task.suite
    if suite.only:
        return UsageError(
            f"no check is named {suite.only[0]!r}.",
            hint="a name is like verifications/test_check_code.py::test_a_code_works_once",
        )
    return UsageError(
        f"no check matches {' '.join(suite.selected) or suite.level}.",
        hint="name a requirement (VFY-CODE-004), an area (CODE) or an operation (ListProfiles)",
    )


def _require_room(directory: Path) -> None:
    """Raise CannotWrite where the run directory takes no more bytes."""
    probe = directory / ".room"
    try:
        probe.write_bytes(b"\0" * _PROBE_BYTES)
    except OSError as error:
        raise CannotWrite(directory, error) from None
    finally:
        probe.unlink(missing_ok=True)


def _explained(log: Path) -> HarnessError:
    """What happened, by the last words of the log."""
    text = log.read_text(encoding="utf-8", errors="replace")
    last = next((line for line in reversed(text.splitlines()) if line.strip()), "no output")
    return SuiteCrashed(f"the contract suite could not run: {last.strip()}.", hint=f"see {log}")
