"""Proof, seen from the command line: which faults, how many workers, and what survived.

A suite that nobody has seen fail proves nothing: every fault of the sandbox is a defect that a real
service could have, and some check has to be alarmed by it.
"""

import difflib
import json
import random
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from verify_harness import children, content, journal
from verify_harness.contract import runner
from verify_harness.contract.task import Task
from verify_harness.errors import ContentError, UsageError

PLAN = "proof-plan.json"
CLAIMS = "proof-claims"
JUDGED = "fault-judged"
"""The kind of journal line that says what became of a fault."""
_SURVIVORS = "survivors.toml"
_POLL_SECS = 0.2
_SAY_EVERY_SECS = 10.0

Fault = dict[str, Any]


@dataclass(frozen=True)
class ProofPlan:
    """What to prove, and how."""

    faults: tuple[Fault, ...]
    clean: bool
    """Whether the clean sandbox is checked too; it has to be silent."""
    matrix: bool = False
    """Whether every check runs for every fault, instead of stopping at the first alarm."""


def choose(
    faults: Iterable[Fault], *, ids: Sequence[str], area: str | None, sample: int | None, seed: int
) -> tuple[Fault, ...]:
    """The faults that were asked for, in the sandbox's order; all of them unless narrowed.

    Raises UsageError for an id or an area that the sandbox does not have.
    """
    known = {fault["id"]: fault for fault in faults}
    if unknown := [name for name in ids if name not in known]:
        raise UsageError(
            f"the sandbox has no fault {unknown[0]!r}.", hint=_nearest(unknown[0], known)
        )
    chosen = [fault for name, fault in known.items() if not ids or name in ids]
    if area:
        chosen = [fault for fault in chosen if fault["area"].lower() == area.lower()]
        if not chosen:
            areas = ", ".join(sorted({fault["area"] for fault in known.values()}))
            raise UsageError(f"no fault is about {area!r}.", hint=f"areas: {areas}")
    if sample is not None and sample < len(chosen):
        kept = {fault["id"] for fault in random.Random(seed).sample(chosen, sample)}
        chosen = [fault for fault in chosen if fault["id"] in kept]
    return tuple(chosen)


def survivors(path: Path | None = None) -> dict[str, str]:
    """The known survivors and why each is tolerated; raises ContentError for one without reason."""
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
    """Run the suite against every fault of the plan; results go to the journal of the directory.

    Raises what `runner.judge_exit` raises where a worker could not work.
    """
    claims = directory / CLAIMS
    shutil.rmtree(claims, ignore_errors=True)  # left behind where a proof was killed
    claims.mkdir()
    path = directory / PLAN
    path.write_text(_as_json(plan, claims.absolute()), encoding="utf-8")
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


def judged(directory: Path) -> frozenset[str]:
    """The faults that the journal of a run in this directory has judged already."""
    lines = journal.read(directory)
    return frozenset(line["fault"]["id"] for line in lines if line["kind"] == JUDGED)


def _wait(
    workers: "list[subprocess.Popen[bytes]]", claims: Path, total: int, *, is_quiet: bool
) -> None:
    """Wait for all workers, saying now and then how far they are."""
    started = said_at = time.monotonic()
    moving = sys.stderr.isatty()
    while any(worker.poll() is None for worker in workers):
        time.sleep(_POLL_SECS)
        now = time.monotonic()
        if not is_quiet and (moving or now - said_at >= _SAY_EVERY_SECS):
            said_at = now
            claimed = len(list(claims.iterdir()))
            text = f"proof: {claimed}/{total} faults, {now - started:.0f} s"
            sys.stderr.write(f"\r\x1b[K{text}" if moving else f"{text}\n")
            sys.stderr.flush()
    if moving and not is_quiet:
        sys.stderr.write("\n")


def _as_json(plan: ProofPlan, claims: Path) -> str:
    known = survivors()
    faults = [{**fault, "survives": known.get(fault["id"])} for fault in plan.faults]
    return json.dumps(
        {"faults": faults, "clean": plan.clean, "matrix": plan.matrix, "claims": str(claims)}
    )


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean {near[0]}?" if near else "verify-harness sandbox --help"
