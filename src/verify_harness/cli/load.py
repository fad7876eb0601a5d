"""`verify-harness load`: how much trigger and verify traffic does this build take?"""

from functools import partial

import click

from verify_harness.cli.ceiling_options import ceiling_options, within
from verify_harness.cli.distribution import announce, check_role, distribution_options
from verify_harness.cli.options import WHOLE_NUMBER, Output, run_options
from verify_harness.cli.running import carry_out
from verify_harness.errors import UsageError
from verify_harness.exitcodes import ExitCode
from verify_harness.load.profile import Profile, load_profile
from verify_harness.load.profile.forecast import bars, forecast
from verify_harness.load.roles import Master, Worker
from verify_harness.run.life import assist
from verify_harness.run.plan import LOOPBACK, LivePage, Load, RunPlan
from verify_harness.run.steps import drive_load, search_capacity
from verify_harness.safety.addresses import base_url
from verify_harness.safety.money import shown
from verify_harness.safety.permission import Ceiling

_PROFILE = click.argument(
    "profile",
    metavar="PROFILE",
    callback=lambda _context, _argument, name: load_profile(name),
)
_PROCESSES = click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Generating processes; one per core at most.",
)


@click.group
def load() -> None:
    """Drive load through locust; off loopback under a ceiling only."""


@load.command("run")
@_PROFILE
@_PROCESSES
@ceiling_options
@distribution_options
@click.option(
    "--web",
    "web_port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    help="Show the load on a page while it runs, /metrics included; 0: any port.",
)
@click.option(
    "--web-bind",
    metavar="ADDRESS",
    help="Address of that page, by default 127.0.0.1; on another one other machines can read it.",
)
@click.option(
    "--otlp",
    metavar="URL",
    callback=lambda _context, _option, url: None if url is None else _collector(url),
    help="Send metrics to this OpenTelemetry collector (OTLP over HTTP) while it runs.",
)
@run_options
def run(
    plan: RunPlan,
    output: Output,
    profile: Profile,
    processes: int,
    ceiling: Ceiling,
    role: Master | Worker | None,
    web_port: int | None,
    web_bind: str | None,
    otlp: str | None,
) -> ExitCode:
    """Drive the load of a profile: a bundled name, or the path of a file of your own.

    \b
    verify-harness load run smoke
    verify-harness load run ./my-profile.toml --target http://127.0.0.1:8080/v2
    verify-harness load run soak --web 8090
    verify-harness load run soak --target URL --master --expect-workers 2
    verify-harness load run soak --target URL --worker    (twice)
    """
    ceiling = within(ceiling, profile, plan.seed)
    page = _page(web_port, web_bind)
    wanted = Load(
        profile=profile, processes=processes, role=role, ceiling=ceiling, web=page, otlp=otlp
    )
    plan = plan.with_load(wanted)
    check_role(role, plan)
    if isinstance(role, Worker):
        assist(plan, drive_load)
        click.echo("the worker's share is done; the report is with its master")
        return ExitCode.PASS
    if role is not None:
        announce(role, plan)
    return carry_out(plan, output, drive_load)


def _collector(url: str) -> str:
    """The address of a collector; raises UsageError without repeating what may hold a password."""
    try:
        return base_url(url)
    except UsageError:
        raise UsageError(
            "--otlp takes the plain address of a collector.", hint="--otlp http://127.0.0.1:4318"
        ) from None


def _page(port: int | None, bind: str | None) -> LivePage | None:
    if port is not None:
        return LivePage(port=port, bind=bind or LOOPBACK)
    if bind is not None:
        raise UsageError("--web-bind is where --web is served.", hint="add --web PORT")
    return None


@load.command("plan")
@_PROFILE
@click.option("--seed", type=WHOLE_NUMBER, default=0, show_default=True, help="Random seed.")
@ceiling_options
def plan(profile: Profile, seed: int, ceiling: Ceiling) -> None:
    """Show what a profile will do: its arrival curve, totals and cost. Sends nothing.

    \b
    verify-harness load plan prerelease
    """
    ceiling = within(ceiling, profile, seed)
    told = forecast(profile, seed)
    channels = ", ".join(f"{count} {channel}" for channel, count in told.triggers.items())
    lines = [
        f"{profile.name}: {profile.title}",
        "",
        *bars(profile),
        "",
        f"journeys   {told.journeys} in {told.duration_s:g} s",
        f"at most    {told.highest_rate_per_s:g}/s, about {told.people_at_once:.0f} people at once",
        f"triggers   {sum(told.triggers.values())} ({channels})",
        f"ceiling    {_told(ceiling)}",
        f"checks     {told.checks}, {told.lookups} lookups",
        *(f"SLO        {limit.expression} {limit.limit}" for limit in profile.slo),
        f"cost       none here; about {shown(round(told.cost, 2))} at the vendor's US prices",
    ]
    if any(stretch.shape == "closed" for stretch in profile.arrivals):
        lines.append("A closed stretch sends as much as the target takes; it is not counted here.")
    click.echo("\n".join(lines))


def _told(ceiling: Ceiling) -> str:
    triggers, rate = ceiling.max_triggers, ceiling.max_rate_per_s
    most = "any number of triggers" if triggers is None else f"{triggers} triggers"
    return f"{most}, {'any rate' if rate is None else f'{rate:g}/s'}"


@load.command("capacity")
@_PROFILE
@click.option(
    "--probe-secs",
    type=click.FloatRange(1, 3600),
    default=15,
    show_default=True,
    help="How long each rate is tried.",
)
@_PROCESSES
@ceiling_options
@run_options
def capacity(
    plan: RunPlan,
    output: Output,
    profile: Profile,
    probe_secs: float,
    processes: int,
    ceiling: Ceiling,
) -> ExitCode:
    """Find the highest arrival rate that keeps the profile's SLO, with an interval.

    A ceiling holds for all probes together.

    \b
    verify-harness load capacity baseline --target http://127.0.0.1:8080/v2
    """
    if not profile.slo:
        raise UsageError(
            f"{profile.name} sets no [slo], so it has no capacity.", hint="try baseline"
        )
    work = partial(search_capacity, probe_secs=probe_secs)
    ceiling = ceiling.tightened(profile.ceiling)
    load = Load(profile=profile, processes=processes, ceiling=ceiling)
    return carry_out(plan.with_load(load), output, work)
