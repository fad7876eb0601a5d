"""`verify-harness contract run`: does this build keep the contract?"""

import os
from pathlib import Path

import click

from verify_harness.cli.run import Run, run_command
from verify_harness.contract import runner
from verify_harness.errors import UsageError


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


@contract.command("run")
@click.argument("selected", metavar="[ID|AREA|OPERATION]…", nargs=-1)
@click.option(
    "--level",
    type=click.Choice(["smoke", "standard", "deep"]),
    default="standard",
    show_default=True,
    envvar="VERIFY_HARNESS_LEVEL",
)
@jobs_option
@click.option("--checks", metavar="DIR", multiple=True, help="Further checks of your own.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first failing check.")
@run_command()
def run(
    run: Run,
    selected: tuple[str, ...],
    level: str,
    jobs: int,
    checks: tuple[str, ...],
    fail_fast: bool,
) -> None:
    """Check the contract, or only what is named.

    \b
    verify-harness contract run                         everything, embedded sandbox
    verify-harness contract run VFY-CODE-004 LIST       one requirement and one area
    verify-harness contract run --target http://127.0.0.1:8080/v2
    """
    run.level, run.jobs, run.selected = level, jobs, selected
    folders = tuple(Path(name).absolute() for name in checks)
    runner.verify(run, checks=folders, fail_fast=fail_fast)


def _jobs(text: str) -> int:
    if text == "auto":
        return os.cpu_count() or 1
    if not text.isdecimal() or int(text) == 0:
        raise UsageError(f"--jobs takes a positive number or auto, not {text!r}.")
    return int(text)
