"""Runs a proof: chooses faults, starts workers, waits for them.

Each fault is a defect that a real service could have; at least one check has to find it.
"""

import difflib
import random
import shutil
import subprocess
import time
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from verify_harness import children, content, journal
from verify_harness.contract import runner
from verify_harness.contract.progress import ProgressLine
from verify_harness.contract.task import Task
from verify_harness.errors import ContentError, UsageError
from verify_harness.proof.plan import CLAIMS, PlannedFault, ProofPlan

PLAN = "proof-plan.json"
JUDGED = "fault-judged"
"""The kind of the journal record of a proved fault."""
_SURVIVORS = "survivors.toml"
_POLL_SECS = 0.2


def choose(
    faults: Iterable[PlannedFault],
    *,
    ids: Sequence[str],
    area: str | None,
    sample: int | None,
    seed: int,
) -> tuple[PlannedFault, ...]:
    """The selected faults in the sandbox's order; all of them without ids, area and sample.

    Raises UsageError for an id or an area that the sandbox does not have.
    """
    known = {fault.id: fault for fault in faults}
    if unknown := [name for name in ids if name not in known]:
        raise UsageError(
            f"the sandbox has no fault {unknown[0]!r}.", hint=_nearest(unknown[0], known)
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


def survivors(path: Path | None = None) -> dict[str, str]:
    """The reason of each known survivor by fault id; raises ContentError if one is missing."""
    path = path or content.specs() / _SURVIVORS
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"the list of survivors {path} cannot be read: {error}.") from None
    for name, entry in table.items():
        if not isinstance(entry, dict) or not str(entry.get("reason", "")).strip():
            raise ContentError(f"{path.name}: {name} has no reason.")
    return {name: str(entry["reason"]) for name, entry in table.items()}


def prove(task: Task, plan: ProofPlan, directory: Path, environment: Mapping[str, str]) -> None:
    """Run the suite, and the task's further checks, against every fault of the plan.

    Results go to the run's journal. Raises what `runner.judge_exit` raises if a worker failed.
    """
    claims = directory / CLAIMS
    shutil.rmtree(claims, ignore_errors=True)  # left behind by a proof that was killed
    claims.mkdir()
    path = directory / PLAN
    _with_survivors(plan).write(path)
    total = len(plan.faults) + plan.clean
    jobs = min(task.suite.jobs, total)
    task = msgspec.structs.replace(task, suite=msgspec.structs.replace(task.suite, jobs=1))
    with ExitStack() as stack:
        logs = [directory / f"pytest-{index}.log" for index in range(jobs)]
        outputs = [stack.enter_context(log.open("wb")) for log in logs]
        workers = [
            runner.start(
                task,
                directory,
                environment,
                output,
                part=f"proof-{index}",
                flags=("--prove", str(path.absolute())),
            )
            for index, output in enumerate(outputs)
        ]
        for worker in workers:
            stack.callback(children.stop, worker)
        _wait(workers, claims, total, is_quiet=not task.shows_progress)
        for worker, log in zip(workers, logs, strict=True):
            runner.judge_exit(task, directory, worker.wait(), log)
    runner.clear(directory)
    shutil.rmtree(claims)
    path.unlink()


def _with_survivors(plan: ProofPlan) -> ProofPlan:
    reasons = survivors()
    faults = (msgspec.structs.replace(each, survives=reasons.get(each.id)) for each in plan.faults)
    return msgspec.structs.replace(plan, faults=tuple(faults))


def judged(directory: Path) -> frozenset[str]:
    """The ids of the faults that the journal in this directory already has a result for."""
    lines = journal.read(directory)
    return frozenset(line["fault"]["id"] for line in lines if line["kind"] == JUDGED)


def _wait(
    workers: "list[subprocess.Popen[bytes]]", claims: Path, total: int, *, is_quiet: bool
) -> None:
    """Wait for all workers and print the progress."""
    line = None if is_quiet else ProgressLine()
    while any(worker.poll() is None for worker in workers):
        time.sleep(_POLL_SECS)
        if line is not None:
            line.update(f"proof: {len(list(claims.iterdir()))}/{total} faults")
    if line is not None:
        line.close()


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean {near[0]}?" if near else "verify-harness sandbox --help"
