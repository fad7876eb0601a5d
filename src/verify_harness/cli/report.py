"""`verify-harness report`: every report of a run, made again from its journal."""

from pathlib import Path

import click

from verify_harness import journal
from verify_harness.cli.options import COLOR_OPTION
from verify_harness.cli.running import show, write_reports


@click.command
@click.argument("directory", metavar="RUN", type=click.Path(path_type=Path))
@COLOR_OPTION
def report(directory: Path, *, color: bool | None) -> None:
    """Write the reports of a run again, also of one that was cut off.

    \b
    verify-harness report reports/2026-11-21T20-16-00-check
    """
    journal.read(directory)  # a folder without a journal is left as it is
    show(write_reports(directory), directory, color=color)
