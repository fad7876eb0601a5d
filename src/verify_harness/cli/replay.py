"""`verify-harness replay`: does a finding still stand?"""

from pathlib import Path

import click

from verify_harness import journal, results
from verify_harness.cli.options import CHECKS_OPTION, Output, run_options
from verify_harness.cli.running import announce, finish
from verify_harness.exitcodes import ExitCode
from verify_harness.run.life import conduct
from verify_harness.run.plan import RunPlan
from verify_harness.run.replay import chosen_findings, outcomes, replay_plan
from verify_harness.run.steps import check_contract


@click.command
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("finding", metavar="[FINDING]", required=False)
@CHECKS_OPTION
@run_options
def replay(plan: RunPlan, output: Output, run: Path, finding: str | None) -> ExitCode:
    """Run the checks behind a finding again, or behind all findings of a run.

    Target, permissions and keys are yours: nothing of them is taken from RUN. Without --target the
    checks run against the embedded sandbox. Exit code 1: a finding still fails. 0: none does.

    \b
    verify-harness replay reports/2026-11-21T20-16-00-check VFY-CODE-004.1
    verify-harness replay reports/2026-11-21T20-16-00-check --target http://127.0.0.1:8080/v2
    """
    before = results.build_view(journal.read(run))
    findings = chosen_findings(before, finding)
    again = replay_plan(plan, before, findings)
    announce(again)
    ended = conduct(again, check_contract)
    code = finish(ended, output)
    after = results.build_view(journal.read(ended.directory))
    for name, outcome in outcomes(findings, after).items():
        click.echo(f"{name} {outcome}", err=True)
    return code
