"""Printing an error: what happened, then what to do next; and what cannot be printed."""

import sys

import click

from verify_harness.cli.streams import silence
from verify_harness.errors import CannotWrite, HarnessError
from verify_harness.exitcodes import ExitCode


def show_error(error: HarnessError) -> None:
    """Print an error in two lines on stderr."""
    click.echo(f"{error.label}: {error}", err=True)
    if error.hint:
        click.echo(f"try: {error.hint}", err=True)


def not_printed(error: OSError, code: int) -> int:
    """The exit code where standard output is closed or full: that of the verdict, if it failed."""
    silence(sys.stdout)
    if not isinstance(error, BrokenPipeError):  # `verify-harness … | head`: nobody reads on
        show_error(CannotWrite("standard output", error))
        return code or ExitCode.NO_VERDICT
    return code
