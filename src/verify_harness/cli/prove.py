"""`verify-harness prove`: does the suite catch what it says it catches?"""

from functools import partial
from pathlib import Path

import click
import msgspec

from verify_harness.cli.options import CHECKS_OPTION, JOBS_OPTION, Output, run_options
from verify_harness.cli.running import carry_out
from verify_harness.exitcodes import ExitCode
from verify_harness.run.plan import RunPlan
from verify_harness.run.proving import Wanted, prove_faults, resume


@click.command
@click.option("--fault", "ids", metavar="ID", multiple=True, help="Only this fault.")
@click.option("--area", metavar="NAME", help="Only the faults of one area, such as code.")
@click.option("--sample", metavar="K", type=click.IntRange(1), help="Only K faults, by the seed.")
@click.option("--matrix", is_flag=True, help="Run every check for every fault: who catches what.")
@click.option("--model-only", is_flag=True, help="No directed check: only the reference model.")
@click.option("--resume", "resumed", metavar="DIR", type=click.Path(path_type=Path), help="Go on.")
@CHECKS_OPTION
@click.option(
    "--faults-from", metavar="DIR", type=click.Path(path_type=Path), help="Faults of your own."
)
@JOBS_OPTION
@run_options
def prove(
    plan: RunPlan,
    output: Output,
    ids: tuple[str, ...],
    area: str | None,
    sample: int | None,
    resumed: Path | None,
    *,
    matrix: bool,
    model_only: bool,
) -> ExitCode:
    """Turn on each sandbox fault in turn and verify that a check catches it.

    The checks of the requirement that the fault breaks run first; the first alarm ends its proof.
    The clean sandbox has to stay silent. Faults that no check catches are listed with a reason in
    specs/survivors.toml, or the proof fails.

    \b
    verify-harness prove                          every fault
    verify-harness prove --sample 20 --seed 7     a sample, the same for the same seed
    verify-harness prove --fault code-works-twice
    verify-harness prove --model-only             by random sequences alone
    """
    wanted = Wanted(ids=ids, area=area, sample=sample, matrix=matrix, model_only=model_only)
    plan = msgspec.structs.replace(plan, judges_all=wanted.is_whole)
    if resumed is not None:
        plan = resume(plan, resumed)
    return carry_out(plan, output, partial(prove_faults, wanted=wanted))
