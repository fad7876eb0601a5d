"""Printing an error: what happened, then what to do next."""

import click

from verify_harness.errors import HarnessError


def show_error(error: HarnessError) -> None:
    """Print an error in two lines on stderr."""
    click.echo(f"{error.label}: {error}", err=True)
    if error.hint:
        click.echo(f"try: {error.hint}", err=True)
