"""`verify-harness doctor`: is everything right that a run depends on?"""

import json
from collections.abc import Iterator
from dataclasses import asdict

import click
from click.core import ParameterSource

from verify_harness.cli.options import Output, run_options
from verify_harness.exitcodes import ExitCode
from verify_harness.report.wording import SYMBOLS
from verify_harness.run.diagnosis import Row, diagnosed
from verify_harness.run.plan import RunPlan

_ORIGINS = {
    ParameterSource.COMMANDLINE: "by flag",
    ParameterSource.ENVIRONMENT: "by variable",
    ParameterSource.DEFAULT_MAP: "by the settings file",
}


@click.command
@run_options
def doctor(plan: RunPlan, output: Output) -> ExitCode:
    """Look at what a run depends on: machine, settings, document, keys, target. Costs nothing.

    The exit code is 0, or the one with which a run with these settings would be refused.

    \b
    verify-harness doctor
    verify-harness doctor --target http://127.0.0.1:8080/v2
    """
    rows = [*_settings(click.get_current_context()), *diagnosed(plan)]
    if output.as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=1))
    else:
        click.echo("\n".join(line for row in rows for line in _lines(row)))
    return next((row.exit_code for row in rows if row.exit_code), ExitCode.PASS)


def _settings(context: click.Context) -> Iterator[Row]:
    """Each setting that is not the default, with its origin; keys are never settings."""
    found = [
        f"{option.opts[0]} {_ORIGINS[origin]}"
        for option in context.command.params
        if option.name
        and option.name not in Output.__slots__
        and (origin := context.get_parameter_source(option.name)) in _ORIGINS
    ]
    yield Row("settings", ", ".join(found) or "all by default")


def _lines(row: Row) -> Iterator[str]:
    yield f"{SYMBOLS[row.status]} {row.name:<16}{row.result}"
    if row.remedy:
        yield f"  {'':<16}try: {row.remedy}"
