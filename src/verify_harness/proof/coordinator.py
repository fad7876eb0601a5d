"""Runs a proof: chooses faults, starts workers, waits for them.

Each fault is a defect that a real service could have; at least one check has to find it.
"""

import random
import shutil
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from verify_harness import bundled, journal, subprocesses, toml_files
from verify_harness.clean_output import clean_output, clean_stderr
from verify_harness.contract import runner
from verify_harness.contract.progress import ProgressLine
from verify_harness.contract.task import Task
from verify_harness.errors import UsageError
from verify_harness.journal.embedded import Fault
from verify_harness.journal.records import FaultJudged
from verify_harness.keys import secrets_in
from verify_harness.proof.plan import CLAIMS, ProofPlan, finished
from verify_harness.safety.redaction import Redactor
from verify_harness.suggest import did_you_mean
from verify_harness.toml_files import Text

PLAN = "proof-plan.json"
_SURVIVORS = "survivors.toml"
BEYOND_SEQUENCES = "beyond_sequences.toml"
"""The faults that show in no sequence of sound calls, each with the reason."""
_POLL_SECS = 0.2


def choose(
    faults: Iterable[Fault],
    *,
    ids: Sequence[str],
    area: str | None,
    sample: int | None,
    seed: int,
) -> tuple[Fault, ...]:
    """The selected faults in the sandbox's order; all of them without ids, area and sample.

    Raises UsageError for an id or an area that the sandbox does not have.
    """
    known = {fault.id: fault for fault in faults}
    if unknown := [name for name in ids if name not in known]:
        raise UsageError(
            f"the sandbox has no fault {unknown[0]!r}.",
            hint=did_you_mean(unknown[0], known) or "verify-harness sandbox --help",
        )
    chosen = [fault for name, fault in known.items() if not ids or name in ids]
    if area:
        chosen = [fault for fault in chosen if fault.area.lower() == area.lower()]
        if not chosen:
            areas = ", ".join(sorted({fault.area for fault in known.values()}))
            raise UsageError(f"no fault is about {area!r}.", hint=f"areas: {areas}")
    if sample is not None and sample < len(chosen):
        sampled = set(random.Random(seed).sample(chosen, sample))
        chosen = [fault for fault in chosen if fault in sampled]
    return tuple(chosen)


class _Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Text


def survivors(path: Path | None = None) -> dict[str, str]:
    """The reason of each known survivor by fault id; raises ContentError if one is missing."""
    return reasons(path or bundled.specs() / _SURVIVORS)


def beyond_sequences() -> dict[str, str]:
    """The reason of each fault that shows in no sequence, by fault id."""
    return reasons(bundled.specs() / BEYOND_SEQUENCES)


def reasons(path: Path) -> dict[str, str]:
    """The reasons of a file by fault id; raises ContentError if one is missing."""
    entries = toml_files.read_tables(path, _Reason)
    return {name: entry.reason for name, entry in entries.items()}


def prove(task: Task, plan: ProofPlan, directory: Path, environment: Mapping[str, str]) -> None:
    """Run the suite, and the task's further checks, against every fault of the plan.

    Results go to the run's journal. Raises what `runner.judge_exit` raises if a worker failed.
    """
    try:
        _prove(task, plan, directory, environment)
    finally:
        runner.clear(directory)
        shutil.rmtree(directory / CLAIMS, ignore_errors=True)
        (directory / PLAN).unlink(missing_ok=True)


def _prove(task: Task, plan: ProofPlan, directory: Path, environment: Mapping[str, str]) -> None:
    claims, path = directory / CLAIMS, directory / PLAN
    shutil.rmtree(claims, ignore_errors=True)  # left behind by a proof that was killed
    claims.mkdir()
    _with_survivors(plan).write(path)
    jobs = min(task.suite.jobs, len(plan.faults) + plan.clean)
    task = msgspec.structs.replace(task, suite=msgspec.structs.replace(task.suite, jobs=1))
    with ExitStack() as stack:
        logs = [directory / f"pytest-{index}.log" for index in range(jobs)]
        redactor = Redactor(secrets_in(environment))
        outputs = [stack.enter_context(clean_output(log, redactor)) for log in logs]
        errors = stack.enter_context(clean_stderr(redactor))
        workers = [
            runner.start(
                task,
                directory,
                environment,
                output,
                errors,
                part=f"proof-{index}",
                flags=("--prove", str(path.absolute())),
            )
            for index, output in enumerate(outputs)
        ]
        for worker in workers:
            stack.callback(subprocesses.stop, worker)
        line = None
        if task.shows_progress:
            line = ProgressLine("proof", "faults", columns=task.progress_columns)
        _wait(workers, claims, len(plan.faults), line)
        statuses = [worker.wait() for worker in workers]
    for status, log in zip(statuses, logs, strict=True):
        runner.judge_exit(task, directory, status, log)


def _with_survivors(plan: ProofPlan) -> ProofPlan:
    known = survivors()
    faults = (msgspec.structs.replace(each, survives=known.get(each.id)) for each in plan.faults)
    return msgspec.structs.replace(plan, faults=tuple(faults))


def judged(directory: Path) -> frozenset[str]:
    """The ids of the faults that the journal in this directory already has a result for."""
    entries = journal.read(directory)
    return frozenset(entry.fault.id for entry in entries if isinstance(entry, FaultJudged))


def _wait(
    workers: "list[subprocess.Popen[bytes]]", claims: Path, total: int, line: ProgressLine | None
) -> None:
    """Wait for all workers and print the progress."""
    while any(worker.poll() is None for worker in workers):
        time.sleep(_POLL_SECS)
        if line is not None:
            line.update(finished(claims), total)
    if line is not None:
        line.close(finished(claims), total)
