"""`verify-harness smoke`."""

import click

from verify_harness.cli.run import run_command
from verify_harness.contract import runner
from verify_harness.run import Run


@click.command
@run_command()
def smoke(run: Run) -> None:
    """Is the target alive, are the keys right, does one journey per channel work?

    \b
    verify-harness smoke
    TELNYX_API_KEY=… verify-harness smoke --target https://staging.example/v2 \\
        --allow-remote staging.example
    """
    run.level = "smoke"
    runner.verify(run)
