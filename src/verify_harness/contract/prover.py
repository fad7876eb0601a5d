"""Proof, seen from the command line: which faults, how many workers, and what survived.

A suite that nobody has seen fail proves nothing: every fault of the sandbox is a defect that a real
service could have, and some check has to be alarmed by it.
"""

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from verify_harness import children, content, journal, toml_files
from verify_harness.contract import runner
from verify_harness.errors import UsageError
from verify_harness.journal.embedded import Fault
from verify_harness.journal.records import FaultJudged
from verify_harness.run import Run
from verify_harness.suggest import did_you_mean
from verify_harness.toml_files import Text

PLAN = "proof-plan.json"
CLAIMS = "proof-claims"
_SURVIVORS = "survivors.toml"
_POLL_SECS = 0.2
_SAY_EVERY_SECS = 10.0


@dataclass(frozen=True)
class ProofPlan:
    """What to prove, and how."""

    faults: tuple[Fault, ...]
    clean: bool
    """Whether the clean sandbox is checked too; it has to be silent."""
    matrix: bool = False
    """Whether every check runs for every fault, instead of stopping at the first alarm."""
    checks: tuple[Path, ...] = ()


class Work(msgspec.Struct, frozen=True):
    """What the command line tells the workers."""

    faults: tuple[Fault, ...]
    clean: bool
    matrix: bool
    claims: str
    """The folder in which each piece of work is claimed."""


def choose(
    faults: Iterable[Fault], *, ids: Sequence[str], area: str | None, sample: int | None, seed: int
) -> tuple[Fault, ...]:
    """The faults that were asked for, in the sandbox's order; all of them unless narrowed.

    Raises UsageError for an id or an area that the sandbox does not have.
    """
    known = {fault.id: fault for fault in faults}
    if unknown := [name for name in ids if name not in known]:
        raise UsageError(
            f"the sandbox has no fault {unknown[0]!r}.",
            hint=did_you_mean(unknown[0], known) or "verify-harness sandbox --list-faults",
        )
    chosen = [fault for name, fault in known.items() if not ids or name in ids]
    if area:
        chosen = [fault for fault in chosen if fault.area.lower() == area.lower()]
        if not chosen:
            areas = ", ".join(sorted({fault.area for fault in known.values()}))
            raise UsageError(f"no fault is about {area!r}.", hint=f"areas: {areas}")
    if sample is not None and sample < len(chosen):
        kept = {fault.id for fault in random.Random(seed).sample(chosen, sample)}
        chosen = [fault for fault in chosen if fault.id in kept]
    return tuple(chosen)


class _Survivor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Text


def survivors(path: Path | None = None) -> dict[str, str]:
    """The known survivors and why each is tolerated; raises ContentError for one without reason."""
    entries = toml_files.read_tables(path or content.specs() / _SURVIVORS, _Survivor)
    return {name: entry.reason for name, entry in entries.items()}


def prove(run: Run, plan: ProofPlan) -> None:
    """Run the suite against every fault of the plan; results go to the run's journal.

    Raises what `runner.judge_exit` raises where a worker could not work.
    """
    claims = run.directory / CLAIMS
    shutil.rmtree(claims, ignore_errors=True)  # left behind where a proof was killed
    claims.mkdir()
    path = run.directory / PLAN
    path.write_bytes(msgspec.json.encode(_work(plan, claims)))
    run.judges_all = plan.clean
    folders = (content.contracts(), *plan.checks)
    total = len(plan.faults) + plan.clean
    with ExitStack() as stack:
        logs = [run.directory / f"pytest-{index}.log" for index in range(min(run.jobs, total))]
        outputs = [stack.enter_context(log.open("wb")) for log in logs]
        workers = [
            _worker(run, folders, path, index, output) for index, output in enumerate(outputs)
        ]
        for worker in workers:
            stack.callback(children.stop, worker)
        _wait(workers, run, total)
        for worker, log in zip(workers, logs, strict=True):
            runner.judge_exit(run, worker.wait(), log)
    shutil.rmtree(claims)
    path.unlink()


def judged(directory: Path) -> frozenset[str]:
    """The faults that the journal of a run in this directory has judged already."""
    entries = journal.read(directory)
    return frozenset(entry.fault.id for entry in entries if isinstance(entry, FaultJudged))


def _worker(
    run: Run, folders: tuple[Path, ...], plan: Path, index: int, output: BinaryIO
) -> "subprocess.Popen[bytes]":
    return runner.start(run, folders, ["--prove", str(plan), "--part", f"proof-{index}"], output)


def _wait(workers: "list[subprocess.Popen[bytes]]", run: Run, total: int) -> None:
    """Wait for all workers, saying now and then how far they are."""
    started = said_at = time.monotonic()
    moving = sys.stderr.isatty()
    while any(worker.poll() is None for worker in workers):
        time.sleep(_POLL_SECS)
        now = time.monotonic()
        if not run.options.quiet and (moving or now - said_at >= _SAY_EVERY_SECS):
            said_at = now
            claimed = len(list((run.directory / CLAIMS).iterdir()))
            text = f"proof: {claimed}/{total} faults, {now - started:.0f} s"
            sys.stderr.write(f"\r\x1b[K{text}" if moving else f"{text}\n")
            sys.stderr.flush()
    if moving and not run.options.quiet:
        sys.stderr.write("\n")


def _work(plan: ProofPlan, claims: Path) -> Work:
    known = survivors()
    faults = tuple(
        msgspec.structs.replace(fault, survives=known.get(fault.id)) for fault in plan.faults
    )
    return Work(faults=faults, clean=plan.clean, matrix=plan.matrix, claims=str(claims))
