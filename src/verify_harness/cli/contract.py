"""`verify-harness contract run`: does this build keep the contract?"""

import os
from pathlib import Path

import click

from verify_harness import catalogue
from verify_harness.cli.run import run_command
from verify_harness.contract import describe, runner
from verify_harness.errors import UsageError
from verify_harness.run import Run
from verify_harness.spec import load as load_spec
from verify_harness.suggest import did_you_mean


@click.group
def contract() -> None:
    """Check the contract: requirements, one by one."""


def jobs_option(function: click.decorators.FC) -> click.decorators.FC:
    """`--jobs`, for the commands that check contracts."""
    return click.option(
        "--jobs",
        metavar="N|auto",
        default="auto",
        show_default=True,
        envvar="VERIFY_HARNESS_JOBS",
        callback=lambda _context, _option, text: _jobs(str(text)),
        help="Worker processes; auto is one for each core.",
    )(function)


def waivers_option(function: click.decorators.FC) -> click.decorators.FC:
    """`--waivers`, for the commands that check contracts."""
    return click.option(
        "--waivers",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Tolerated failures; default: ./waivers.toml, if there is one.",
    )(function)


@contract.command("run")
@click.argument(
    "selected",
    metavar="[ID|AREA|OPERATION]…",
    nargs=-1,
    callback=lambda _context, _argument, names: _selectors(names),
)
@click.option(
    "--level",
    type=click.Choice(["smoke", "standard", "deep"]),
    default="standard",
    show_default=True,
    envvar="VERIFY_HARNESS_LEVEL",
    help="How much to check; each level includes the ones before it.",
)
@jobs_option
@click.option("--checks", metavar="DIR", multiple=True, help="Further checks of your own.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first failing check.")
@click.option("--only", metavar="CHECK", help="Only the check of this name, as a report says it.")
@waivers_option
@run_command()
def run(
    run: Run,
    selected: tuple[str, ...],
    level: str,
    jobs: int,
    checks: tuple[str, ...],
    fail_fast: bool,
    only: str | None,
) -> None:
    """Check the contract, or only what is named.

    \b
    verify-harness contract run                         everything, embedded sandbox
    verify-harness contract run VFY-CODE-004 LIST       one requirement and one area
    verify-harness contract run --target http://127.0.0.1:8080/v2
    """
    run.level, run.jobs, run.selected = level, 1 if only else jobs, selected
    folders = tuple(Path(name).absolute() for name in checks)
    runner.verify(run, checks=folders, fail_fast=fail_fast, only=only)


@contract.command("list")
@click.argument(
    "selected", metavar="[ID|AREA|OPERATION]…", nargs=-1, callback=lambda _c, _a, x: _selectors(x)
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def list_requirements(selected: tuple[str, ...], as_json: bool) -> None:
    """List the requirements, with what a target must offer to show them and the faults they catch.

    \b
    verify-harness contract list
    verify-harness contract list CODE ISO --json
    """
    entries = describe.entries(selected)
    click.echo(describe.as_json(entries) if as_json else describe.as_table(entries))


@contract.command("explain")
@click.argument("requirement", metavar="ID", callback=lambda _c, _a, x: _selectors((x,))[0])
def explain(requirement: str) -> None:
    """Say what a requirement asks for, why, which checks judge it and how to see them fail.

    \b
    verify-harness contract explain VFY-CODE-004
    """
    for entry in describe.entries((requirement,)):
        click.echo(describe.explained(entry))


def _selectors(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names as given; raises UsageError for one that nothing can match."""
    known = {name.lower() for entry in catalogue.load().values() for name in (entry.id, entry.area)}
    known |= {f"vfy-{entry.area}".lower() for entry in catalogue.load().values()}
    known |= {operation.operation_id.lower() for operation in load_spec().operations}
    for name in names:
        if name.lower() not in known:
            hint = (
                did_you_mean(name.lower(), known) or "for example VFY-CODE-004, CODE, ListProfiles"
            )
            raise UsageError(f"{name!r} is no requirement, area or operation.", hint=hint)
    return names


def _jobs(text: str) -> int:
    if text == "auto":
        return os.cpu_count() or 1
    if not text.isdecimal() or int(text) == 0:
        raise UsageError(f"--jobs takes a positive number or auto, not {text!r}.")
    return int(text)
