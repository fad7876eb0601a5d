"""Carries out a plan: the work, the reports, the summary, the exit code."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click
from rich.console import Console

from verify_harness import crash, journal, report
from verify_harness.cli.messages import not_printed, show_error
from verify_harness.cli.options import Output
from verify_harness.errors import CannotWrite, HarnessError
from verify_harness.exitcodes import ExitCode
from verify_harness.report.terminal import terminal
from verify_harness.results import RunView
from verify_harness.results.comparison import Comparison
from verify_harness.run.directory_lock import locked
from verify_harness.run.interrupts import naming_next_command
from verify_harness.run.life import Ended, Work, conduct
from verify_harness.run.plan import RunPlan
from verify_harness.spec import contract, lint


def carry_out(plan: RunPlan, output: Output, work: Work) -> ExitCode:
    """Do the work of a run and report it; returns the exit code of its verdict."""
    announce(plan)
    return finish(conduct(plan, work), output)


def announce(plan: RunPlan) -> None:
    """Say at once what begins, and what to know about an OpenAPI document of the user's own."""
    with suppress(OSError):  # where nobody can be told, the run goes on
        for line in _beginning(plan):
            click.echo(line, err=True)


def _beginning(plan: RunPlan) -> Iterator[str]:
    if not plan.is_quiet:
        yield f"{plan.command}: {plan.target or 'the embedded sandbox'}, seed {plan.seed}"
    if plan.spec is not None:
        for warning in lint.warnings(contract(plan.spec, chosen=False)):
            yield f"{plan.spec}: {warning}"


def finish(ended: Ended, output: Output) -> ExitCode:
    """Write every report of a run that ended, and print the end of the story."""
    if ended.error is not None:
        show_error(ended.error)
    elif ended.reason:
        click.echo(ended.reason, err=True)
    view = write_reports(ended.directory)
    if ended.hint:
        click.echo(f"try: {ended.hint}", err=True)
    try:
        _print(view, ended.directory, output)
        sys.stdout.flush()
    except OSError as error:
        return ExitCode(not_printed(error, view.exit_code))
    return ExitCode(view.exit_code)


def write_reports(directory: Path, changes: Comparison | None = None) -> RunView:
    """Write every report of a run, alone in its directory, and what changed since another.

    Raises CannotWrite, and HarnessBug for what nobody expected, which stands in a file there.
    """
    try:
        with locked(directory, "report"), naming_next_command(directory):
            journal.merge(directory)
            return report.write_all(directory, changes)
    except HarnessError:
        raise
    except OSError as error:
        raise CannotWrite(directory, error) from None
    except Exception as error:  # noqa: BLE001 - reported
        raise crash.reported(error, directory) from None


def _print(view: RunView, directory: Path, output: Output) -> None:
    if output.as_json:
        click.echo((directory / "run.json").read_text(encoding="utf-8"), nl=False)
    elif output.is_quiet:
        click.echo(f"verdict: {view.verdict} (exit {view.exit_code})  {directory}")
    else:
        show(view, directory)


class _Console(Console):
    """A console that leaves a broken pipe to us; rich would end the process with status 1."""

    def on_broken_pipe(self) -> None:
        """Raise it again."""
        raise BrokenPipeError


def show(view: RunView, directory: Path) -> None:
    """Print the summary of a run; rich leaves colours out where nobody sees them."""
    console = _Console(highlight=False, soft_wrap=True)
    console.print(terminal(view, colour=True, directory=str(directory)))
