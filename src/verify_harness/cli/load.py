"""`verify-harness load run`: how much trigger and verify traffic does this build take?"""

import click

from verify_harness.cli.run import Run, run_command
from verify_harness.client import Client
from verify_harness.guard import Guard
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
                )
            )
        finally:
            if minted:
                levers.drop(tenant)
