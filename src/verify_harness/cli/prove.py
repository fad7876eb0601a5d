"""`verify-harness prove`: does the suite catch what it says it catches?"""

from pathlib import Path

import click

from verify_harness.cli.contract import jobs_option
from verify_harness.cli.run import run_command
from verify_harness.client import Client
from verify_harness.contract import prover
from verify_harness.errors import UsageError
from verify_harness.run import Run
from verify_harness.safety.guard import Guard
from verify_harness.targets import announced_faults


@click.command
@click.option("--fault", "ids", metavar="ID", multiple=True, help="Only this fault.")
@click.option("--area", metavar="NAME", help="Only the faults of one area, such as code.")
@click.option("--sample", metavar="K", type=click.IntRange(1), help="Only K faults, by the seed.")
@click.option("--matrix", is_flag=True, help="Run every check for every fault: who catches what.")
@click.option("--resume", metavar="DIR", type=click.Path(path_type=Path), help="Go on with a run.")
@click.option("--checks", metavar="DIR", multiple=True, help="Further checks of your own.")
@click.option(
    "--faults-from", metavar="DIR", type=click.Path(path_type=Path), help="Faults of your own."
)
@jobs_option
@run_command(resumes=prover.JUDGED)
def prove(
    run: Run,
    ids: tuple[str, ...],
    area: str | None,
    sample: int | None,
    matrix: bool,
    checks: tuple[str, ...],
    jobs: int,
) -> None:
    """Switch each fault of the sandbox on, and see that some check is alarmed.

    The checks of the requirement that the fault breaks run first; the first alarm ends its proof.
    The clean sandbox has to stay silent. Faults that nobody catches are listed with a reason in
    specs/survivors.toml, or the proof fails.

    \b
    verify-harness prove                          every fault
    verify-harness prove --sample 20 --seed 7     a sample, the same for the same seed
    verify-harness prove --fault code-works-twice
    """
    if not run.target.offers("faults"):
        raise UsageError(f"{run.target.url} has no faults to switch on.", hint="leave --target out")
    run.jobs = jobs
    with Client(Guard.for_contract(), run_id=run.id, ca_file=run.options.ca_file) as client:
        faults = announced_faults(client, run.target)
    chosen = prover.choose(faults, ids=ids, area=area, sample=sample, seed=run.options.seed)
    judged = prover.judged(run.directory)
    left = tuple(fault for fault in chosen if fault["id"] not in judged)
    folders = tuple(Path(name).absolute() for name in checks)
    clean = not (ids or area)
    prover.prove(run, prover.ProofPlan(left, clean=clean, matrix=matrix, checks=folders))
