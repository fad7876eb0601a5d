"""`verify-harness rerun`: run again what did not pass."""

from pathlib import Path

import click

from verify_harness import journal, results
from verify_harness.cli.options import CHECKS_OPTION, JOBS_OPTION, Output, run_options
from verify_harness.cli.running import carry_out
from verify_harness.exitcodes import ExitCode
from verify_harness.run.plan import RunPlan
from verify_harness.run.rerun import checks_to_rerun, rerun_plan
from verify_harness.run.steps import check_contract


@click.command
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@JOBS_OPTION
@CHECKS_OPTION
@run_options
def rerun(plan: RunPlan, output: Output, run: Path) -> ExitCode:
    """Run again what failed in a run, was not judged, or had no turn; nothing else.

    Level, seed and dialect are those of RUN; target, permissions and keys are yours. What RUN saw
    pass is not looked at again, so a pass here is not yet a pass of everything.

    \b
    verify-harness rerun reports/2026-11-21T20-16-00-check
    verify-harness rerun "$(verify-harness runs latest)" --target http://127.0.0.1:8080/v2
    """
    before = results.build_view(journal.read(run))
    only = checks_to_rerun(before)
    if not only:
        click.echo("nothing to run again: no check of that run failed or was left out.")
        return ExitCode.PASS
    return carry_out(rerun_plan(plan, before, only), output, check_contract)
