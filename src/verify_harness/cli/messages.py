"""Printing an error: what happened, then what to do next; and what cannot be printed."""

import sys

import click

from verify_harness.cli.streams import silence
from verify_harness.errors import CannotWrite, HarnessError, UsageError
from verify_harness.exitcodes import ExitCode
from verify_harness.suggest import did_you_mean


def show_error(error: HarnessError) -> None:
    """Print an error in two lines on stderr."""
    click.echo(f"{error.label}: {error}", err=True)
    if error.hint:
        click.echo(f"try: {error.hint}", err=True)


def misuse(error: click.ClickException) -> UsageError:
    """An error of the command line's parser in the words and the form of all others."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    hint = f"{context.command_path if context else 'verify-harness'} --help"
    if not isinstance(error, click.NoSuchOption):
        message = error.format_message()
        return UsageError(f"{message[:1].lower()}{message[1:]}", hint=hint)
    params = context.command.params if context else []
    names = [name for param in params for name in param.opts if name.startswith("--")]
    meant = did_you_mean(error.option_name, names)
    return UsageError(
        f"no option {error.option_name!r}.", hint=meant if meant.startswith("did") else hint
    )


def not_printed(error: OSError, code: int) -> int:
    """The exit code where standard output is closed or full: that of the verdict, if it failed."""
    silence(sys.stdout)
    if not isinstance(error, BrokenPipeError):  # `verify-harness … | head`: nobody reads on
        show_error(CannotWrite("standard output", error))
        return code or ExitCode.NO_VERDICT
    return code
