"""`verify-harness contract run`: does this build keep the contract?"""

import re

import click
import msgspec

from verify_harness import catalogue
from verify_harness.cli import explain
from verify_harness.cli.options import (
    CHECKS_OPTION,
    JOBS_OPTION,
    WAIVERS_OPTION,
    Output,
    run_options,
)
from verify_harness.cli.running import carry_out
from verify_harness.contract.task import WHOLE, Shard
from verify_harness.errors import UsageError
from verify_harness.exitcodes import ExitCode
from verify_harness.run.plan import RunPlan
from verify_harness.run.steps import check_contract
from verify_harness.spec import load as load_spec
from verify_harness.suggest import did_you_mean


@click.group
def contract() -> None:
    """Check the contract: requirements, one by one."""


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
@JOBS_OPTION
@CHECKS_OPTION
@click.option("--fail-fast", is_flag=True, help="Stop at the first failing check.")
@click.option(
    "--max-secs",
    metavar="N",
    type=click.IntRange(1),
    help="Begin no check after so many seconds; what had no turn is skipped.",
)
@click.option(
    "--shard",
    metavar="K/N",
    callback=lambda _context, _option, text: _shard(text),
    help="Only the K-th of N parts of the checks, for N jobs that share them.",
)
@click.option("--only", metavar="CHECK", multiple=True, help="Only this check; see `explain ID`.")
@WAIVERS_OPTION
@run_options
def run(plan: RunPlan, output: Output) -> ExitCode:
    """Check the contract, or only what is named.

    \b
    verify-harness contract run                         everything, embedded sandbox
    verify-harness contract run VFY-CODE-004 LIST       one requirement and one area
    verify-harness contract run --target http://127.0.0.1:8080/v2
    verify-harness contract run --level deep --shard 2/4
    """
    if "" in plan.suite.only:
        raise UsageError("--only is empty.", hint="leave it out to run every check")
    plan = msgspec.structs.replace(plan, judges_all=plan.suite.judges_all)
    return carry_out(plan, output, check_contract)


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
    entries = explain.entries(selected)
    click.echo(explain.as_json(entries) if as_json else explain.as_table(entries))


@contract.command("explain")
@click.argument("requirement", metavar="ID", callback=lambda _c, _a, x: _selectors((x,))[0])
def explain_requirement(requirement: str) -> None:
    """Say what a requirement asks for, why, which checks judge it and how to see them fail.

    \b
    verify-harness contract explain VFY-CODE-004
    """
    for entry in explain.entries((requirement,)):
        click.echo(explain.explained(entry))


_MOST_SHARDS = 999


def _shard(text: str | None) -> Shard:
    """Which part of the checks to run; raises UsageError for what is none."""
    if text is None:
        return WHOLE
    found = re.fullmatch(r"([1-9]\d{0,2})/([1-9]\d{0,2})", text, re.ASCII)
    if found is None or int(found[1]) > int(found[2]):
        hint = f"for example --shard 2/4, up to {_MOST_SHARDS} parts"
        raise UsageError(f"--shard takes K/N with K from 1 to N, not {text!r}.", hint=hint)
    return Shard(int(found[1]), int(found[2]))


def _selectors(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names as given; raises UsageError for one that nothing can match."""
    entries = catalogue.load().values()
    known = [name for entry in entries for name in (entry.id, entry.area, f"VFY-{entry.area}")]
    known += [operation.operation_id for operation in load_spec().operations]
    lower = {name.lower() for name in known}
    for name in names:
        if name.lower() not in lower:
            hint = did_you_mean(name.upper(), known) or did_you_mean(name, known)
            raise UsageError(
                f"unknown requirement, area or operation: {name!r}.",
                hint=hint or "for example VFY-CODE-004, CODE or ListProfiles",
            )
    return names
