"""`verify-harness load`: how much trigger and verify traffic does this build take?"""

import click

from verify_harness.cli.run import Run, run_command
from verify_harness.client import Client
from verify_harness.guard import Guard
from verify_harness.load.forecast import bars, forecast
from verify_harness.load.profile import load_profile
from verify_harness.load.runner import LoadRun, run_load
from verify_harness.targets import Levers


@click.group
def load() -> None:
    """Drive load through locust; loopback targets only."""


@load.command("run")
@click.argument("profile", metavar="PROFILE")
@run_command(load=True)
def run(run: Run, profile: str) -> None:
    """Drive the load of a profile: a bundled name, or the path of a file of your own.

    \b
    verify-harness load run smoke
    verify-harness load run ./my-profile.toml --target http://127.0.0.1:8080/v2
    """
    drive(run, profile)


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
        f"journeys   {told.journeys} in {told.duration_s:g} s, "
        f"at most {told.highest_rate_per_s:g}/s, about {told.people_at_once:.0f} at once",
        f"triggers   {sum(told.triggers.values())} ({channels})",
        f"checks     {told.checks}, {told.lookups} lookups",
        *(f"SLO        {limit.expression} {limit.limit}" for limit in chosen.slo),
        f"cost       nothing on this machine, where load runs; about ${told.dollars:,.2f} at the "
        "vendor's US prices",
    ]
    if any(stretch.shape == "closed" for stretch in chosen.arrivals):
        lines.append("A closed stretch sends as much as the target takes; it is not counted here.")
    click.echo("\n".join(lines))


def drive(run: Run, profile: str) -> None:
    """Run a load profile with a tenant of its own where the target has tenants."""
    with Client(Guard.for_load(), run_id=run.id) as client:
        minted = run.target.offers("tenants")
        levers = Levers(client, run.target)
        tenant = levers.mint(run.options.seed)[0] if minted else run.target.tenants[0]
        try:
            run_load(
                LoadRun(
                    target_url=run.target.url,
                    api_key=tenant.key,
                    profile=load_profile(profile),
                    seed=run.options.seed,
                    run_id=run.id,
                    directory=run.directory,
                    spec=run.options.spec,
                    has_chosen_rules="chosen" in run.target.announces,
                )
            )
        finally:
            if minted:
                levers.drop(tenant)
