"""`verify-harness load`: how much trigger and verify traffic does this build take?"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import click

from verify_harness import journal
from verify_harness.cli.distribution import announce, check_role, distribution_options
from verify_harness.cli.run import assist, conduct, run_command, with_options
from verify_harness.client import Client
from verify_harness.errors import UsageError
from verify_harness.journal import Journal
from verify_harness.load.distribution import Master, Worker
from verify_harness.load.forecast import bars, forecast
from verify_harness.load.probing import find_capacity
from verify_harness.load.profile import load_profile
from verify_harness.load.runner import LoadRun, run_load
from verify_harness.run import Options, Run
from verify_harness.safety.guard import Guard
from verify_harness.targets import Levers

_PROCESSES = click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Generating processes; one per core at most.",
)


@click.group
def load() -> None:
    """Drive load through locust; loopback targets only."""


@load.command("run")
@click.argument("profile", metavar="PROFILE")
@_PROCESSES
@distribution_options
@with_options
def run(options: Options, profile: str, processes: int, role: Master | Worker | None) -> int:
    """Drive the load of a profile: a bundled name, or the path of a file of your own.

    \b
    verify-harness load run smoke
    verify-harness load run ./my-profile.toml --target http://127.0.0.1:8080/v2
    verify-harness load run soak --target URL --master --expect-workers 2
    verify-harness load run soak --target URL --worker    (twice)
    """
    check_role(role, options, processes)
    if isinstance(role, Worker):
        code = assist(options, lambda run: drive(run, profile, role=role))
        click.echo("the worker's share is done; the report is with its master")
        return code
    if role is not None:
        announce(role, profile, options)
    return conduct(options, lambda run: drive(run, profile, processes, role), load=True)


@load.command("plan")
@click.argument("profile", metavar="PROFILE")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of all that is random.")
def plan(profile: str, seed: int) -> None:
    """Show what a profile will do: its arrival curve, totals and cost. Sends nothing.

    \b
    verify-harness load plan prerelease
    """
    chosen = load_profile(profile)
    told = forecast(chosen, seed)
    channels = ", ".join(f"{count} {channel}" for channel, count in told.triggers.items())
    lines = [
        f"{chosen.name}: {chosen.title}",
        "",
        *bars(chosen),
        "",
        f"journeys   {told.journeys} in {told.duration_s:g} s",
        f"at most    {told.highest_rate_per_s:g}/s, about {told.people_at_once:.0f} people at once",
        f"triggers   {sum(told.triggers.values())} ({channels})",
        f"checks     {told.checks}, {told.lookups} lookups",
        *(f"SLO        {limit.expression} {limit.limit}" for limit in chosen.slo),
        f"cost       none on this machine; about ${told.dollars:,.2f} at the vendor's US prices",
    ]
    if any(stretch.shape == "closed" for stretch in chosen.arrivals):
        lines.append("A closed stretch sends as much as the target takes; it is not counted here.")
    click.echo("\n".join(lines))


@load.command("capacity")
@click.argument("profile", metavar="PROFILE")
@click.option(
    "--probe-secs",
    type=click.FloatRange(1, 3600),
    default=15,
    show_default=True,
    help="How long each rate is tried.",
)
@_PROCESSES
@run_command(load=True)
def capacity(run: Run, profile: str, probe_secs: float, processes: int) -> None:
    """Find the highest arrival rate that keeps the profile's SLO, with an interval.

    \b
    verify-harness load capacity baseline --target http://127.0.0.1:8080/v2
    """
    if not load_profile(profile).slo:
        raise UsageError(f"{profile} sets no [slo], so it has no capacity.", hint="try baseline")
    with _prepared(run, profile, processes) as prepared:
        found = find_capacity(prepared, probe_secs)
    with closing(Journal(journal.part(run.directory, "capacity"))) as told:
        told.write("load-capacity", **found.as_json())


def drive(run: Run, profile: str, processes: int = 1, role: Master | Worker | None = None) -> None:
    """Run a load profile."""
    with _prepared(run, profile, processes) as prepared:
        run_load(replace(prepared, role=role))


@contextmanager
def _prepared(run: Run, profile: str, processes: int) -> Iterator[LoadRun]:
    """The load run to be made, with a tenant of its own where the target has tenants."""
    with Client(Guard.for_load(), run_id=run.id, ca_file=run.options.ca_file) as client:
        minted = run.target.offers("tenants")
        levers = Levers(client, run.target)
        tenant = levers.mint(run.options.seed)[0] if minted else run.target.tenants[0]
        try:
            yield LoadRun(
                target_url=run.target.url,
                api_key=tenant.key,
                profile=load_profile(profile),
                seed=run.options.seed,
                run_id=run.id,
                directory=run.directory,
                processes=processes,
                spec=run.options.spec,
                has_chosen_rules="chosen" in run.target.announces,
                ca_file=run.options.ca_file,
            )
        finally:
            if minted:
                levers.drop(tenant)
