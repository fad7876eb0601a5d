"""A run that proves the suite: the sandbox's faults, one after the other."""

from pathlib import Path

import msgspec

from verify_harness import journal
from verify_harness.client import Client
from verify_harness.errors import UsageError
from verify_harness.journal.embedded import Fault
from verify_harness.journal.records import FaultJudged, RunStarted
from verify_harness.proof import coordinator
from verify_harness.proof.plan import ProofPlan
from verify_harness.run.life import TOOL, Run
from verify_harness.run.plan import PROOF, RunPlan
from verify_harness.run.steps import contract_environment, contract_task
from verify_harness.spec import contract
from verify_harness.targets import announced_faults

SEQUENCES = "test_sequences_go_as_the_model_says"
"""The check whose only judge is the reference model."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which faults are proved, and how."""

    ids: tuple[str, ...] = ()
    area: str | None = None
    sample: int | None = None
    matrix: bool = False
    """Whether every check runs for every fault, instead of stopping at the first alarm."""
    model_only: bool = False
    """Whether only random sequences look for the faults, with the reference model as the judge."""

    @property
    def is_whole(self) -> bool:
        """Whether the clean sandbox is checked, too."""
        return not (self.ids or self.area or self.model_only)


def prove_faults(run: Run, wanted: Wanted) -> None:
    """Prove the wanted faults that the run's journal does not judge yet."""
    if not run.target.offers("faults"):
        raise UsageError(f"{run.target.url} has no faults to turn on.", hint="leave --target out")
    plan = run.plan
    with Client(run.guard, run_id=run.id, ca_file=plan.ca_file, proxy=plan.proxy) as client:
        announced = announced_faults(client, run.target)
    faults = msgspec.convert(announced, tuple[Fault, ...])
    chosen = coordinator.choose(
        faults, ids=wanted.ids, area=wanted.area, sample=wanted.sample, seed=run.plan.seed
    )
    judged = coordinator.judged(run.directory)
    beyond = coordinator.beyond_sequences() if wanted.model_only and not wanted.ids else {}
    left = tuple(fault for fault in chosen if fault.id not in {*judged, *beyond})
    proof = ProofPlan(
        left, clean=wanted.is_whole, matrix=wanted.matrix, repeats_with=run.plan.repeats_with
    )
    task = contract_task(run)
    if wanted.model_only:
        suite = msgspec.structs.replace(task.suite, only=(SEQUENCES,), level="deep")
        task = msgspec.structs.replace(task, suite=suite)
    coordinator.prove(task, proof, run.directory, contract_environment(run))


def resume(plan: RunPlan, directory: Path) -> RunPlan:
    """The plan of a proof that goes on in the directory of an earlier one; nothing changes there.

    Raises UsageError where that directory holds anything but a proof with the same seed, document
    and dialect, by the same release.
    """
    entries = list(journal.read(directory))
    began = [entry for entry in entries if isinstance(entry, RunStarted)]
    judged = any(isinstance(entry, FaultJudged) for entry in entries)
    is_proof = began[-1].command == PROOF if began else judged
    if not is_proof:
        raise UsageError(f"{directory} holds no proof to resume.", hint="leave --resume out")
    if began:
        _require_same(began[-1], plan, directory)
    return msgspec.structs.replace(plan, output=directory, resumes=True)


def _require_same(started: RunStarted, plan: RunPlan, directory: Path) -> None:
    """Raise UsageError where a plan would go on with something else than the proof that began."""
    digest = contract(plan.spec, chosen=False).sha256
    for what, before, now, hint in (
        ("release", started.tool, TOOL, "prove anew"),
        ("seed", str(started.seed), str(plan.seed), f"--seed {started.seed}"),
        ("dialect", started.dialect, plan.dialect, f"--dialect {started.dialect}"),
        ("OpenAPI document", started.spec_sha256, digest, "name that document with --spec"),
    ):
        if before != now:
            raise UsageError(
                f"the proof in {directory} has another {what}: {before}, not {now}.", hint=hint
            )
