"""`verify-harness init`: the first files in a repository that wants to check its service."""

from pathlib import Path

import click

from verify_harness import starter


@click.command
@click.argument(
    "directory", metavar="[DIR]", default=".", type=click.Path(path_type=Path, file_okay=False)
)
@click.option(
    "--ci",
    "service",
    type=click.Choice([*starter.SERVICES, "none"]),
    default="github",
    show_default=True,
    help="The CI service that gets a job.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
def init(directory: Path, service: str, *, dry_run: bool) -> None:
    """Write settings, a waivers file, a load profile and a CI job into a repository.

    Files that are there stay as they are.

    \b
    verify-harness init
    verify-harness init path/to/repository --ci gitlab --dry-run
    """
    files = starter.plan(directory, None if service == "none" else service)
    new = [file for file in files if not file.is_there]
    for file in files:
        click.echo(f"{'new ' if file in new else 'kept'}  {file.path}")
    if dry_run:
        return
    for file in new:
        file.write()
    click.echo("next: name your service as `target` in verify-harness.toml, then")
    click.echo("      verify-harness --config verify-harness.toml contract run")
