"""`verify-harness check`: the main job."""

import click

from verify_harness.cli.contract import jobs_option, waivers_option
from verify_harness.cli.load import drive
from verify_harness.cli.run import run_command
from verify_harness.contract import runner
from verify_harness.run import Run


@click.command
@jobs_option
@waivers_option
@run_command(load=True)
def check(run: Run, jobs: int) -> None:
    """Check the contract at standard level, then drive a little load; one report.

    The smoke checks are part of the standard level. Without --target everything runs against the
    embedded sandbox: no key, no network, no cost.
    """
    run.jobs = jobs
    runner.verify(run)
    drive(run, "smoke")
