"""`verify-harness runs`: the runs of a folder."""

import json
from pathlib import Path

import click
import msgspec

from verify_harness import journal
from verify_harness.cli.options import COLOR_OPTION
from verify_harness.cli.running import show as show_view
from verify_harness.errors import UsageError
from verify_harness.history import PastRun, past_runs
from verify_harness.history import prune as prune_runs
from verify_harness.results import build_view
from verify_harness.results.figures import duration, plural
from verify_harness.sanitize import one_line

_FOLDER = click.argument(
    "folder", metavar="[DIR]", default=Path("reports"), type=click.Path(path_type=Path)
)


@click.group
def runs() -> None:
    """List the runs of a folder, show one, name the latest, remove old ones.

    \b
    verify-harness runs list
    verify-harness runs show
    verify-harness runs prune --keep 20
    """


@runs.command("list")
@_FOLDER
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def list_runs(folder: Path, as_json: bool) -> None:
    """List the runs of DIR (default: reports), the latest last.

    \b
    verify-harness runs list
    verify-harness runs list /tmp/nightly --json
    """
    found = past_runs(folder)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(found), indent=1))
        return
    rows = [("run", "verdict", "requirements", "took", "target"), *map(_row, found)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False))
        click.echo("  ".join([*cells, row[-1]]).rstrip())
    click.echo(f"{plural(len(found), 'run')} in {folder}")


def _row(run: PastRun) -> tuple[str, str, str, str, str]:
    counts = ", ".join(f"{count} {status}" for status, count in run.counts.items())
    load = f"p95 {run.p95_ms:.4g} ms" if run.p95_ms is not None else ""
    told = "; ".join(part for part in (counts, load) if part)
    took = "" if run.duration_s is None else duration(run.duration_s)
    code = "" if run.exit_code is None else f" ({run.exit_code})"
    target = f"{run.kind} {run.target}".strip()
    return run.name, f"{run.verdict}{code}", one_line(told), took, one_line(target)


@runs.command
@_FOLDER
def latest(folder: Path) -> None:
    """Print the directory of the latest run in DIR (default: reports), for use in a script.

    \b
    verify-harness report "$(verify-harness runs latest)" --format github
    """
    click.echo(_latest(folder))


@runs.command
@click.argument("run", metavar="[RUN]", required=False, type=click.Path(path_type=Path))
@COLOR_OPTION
def show(run: Path | None) -> None:
    """Print how a run ended, the latest in reports without RUN; nothing is written.

    \b
    verify-harness runs show
    verify-harness runs show reports/2026-11-21T20-16-00-check
    """
    directory = run or Path(_latest(Path("reports")))
    show_view(build_view(journal.read(directory)), directory)


@runs.command
@_FOLDER
@click.option("--keep", type=click.IntRange(min=0), required=True, help="Keep so many at least.")
@click.option(
    "--older-than",
    "days",
    metavar="DAYS",
    type=click.FloatRange(min=0),
    help="Of the rest, remove only what is older.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
def prune(folder: Path, keep: int, days: float | None, dry_run: bool) -> None:
    """Remove old runs of DIR (default: reports); a directory that you named with -o stays.

    \b
    verify-harness runs prune --keep 20 --dry-run
    verify-harness runs prune --keep 5 --older-than 14
    """
    removed = prune_runs(folder, keep=keep, older_than_days=days, dry_run=dry_run)
    for run in removed:
        click.echo(run.path)
    verb = "would be removed" if dry_run else "removed"
    named = "; a directory that was named with -o stays" if not removed else ""
    click.echo(f"{plural(len(removed), 'run')} {verb}{named}", err=True)


def _latest(folder: Path) -> str:
    found = past_runs(folder)
    if not found:
        raise UsageError(f"no run in {folder}.", hint="start one: verify-harness check")
    return found[-1].path
