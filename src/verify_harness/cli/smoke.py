"""`verify-harness smoke`."""

import click
import msgspec

from verify_harness.cli.options import Output, run_options
from verify_harness.cli.running import carry_out
from verify_harness.contract.task import Suite
from verify_harness.exitcodes import ExitCode
from verify_harness.run.plan import RunPlan
from verify_harness.run.steps import check_contract


@click.command
@run_options
def smoke(plan: RunPlan, output: Output) -> ExitCode:
    """Is the target alive, are the keys right, does one journey per channel work?

    \b
    verify-harness smoke
    TELNYX_API_KEY=… verify-harness smoke --target https://staging.example/v2 \\
        --allow-remote staging.example
    """
    plan = msgspec.structs.replace(plan, suite=Suite(level="smoke"))
    return carry_out(plan, output, check_contract)
