"""`verify-harness report`: the reports of a run, made again from its journal, in any format."""

from collections.abc import Iterable
from pathlib import Path

import click

from verify_harness import journal
from verify_harness import report as reports
from verify_harness.atomic_files import replace_file
from verify_harness.cli.options import COLOR_OPTION
from verify_harness.cli.running import show, write_reports
from verify_harness.compare import compare as compare_runs
from verify_harness.compare import read_run
from verify_harness.errors import CannotWrite, UsageError
from verify_harness.history.page import write_index
from verify_harness.results import build_view
from verify_harness.run.archive import pack


class _Formats(click.ParamType):  # type: ignore[type-arg]  # generic in some releases of click
    """The name of a format; the list is made when it is asked for, since it imports all of them."""

    name = "format"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        reports.load_foreign()
        known = [*reports.known_formats(), *reports.known_extracts()]
        choice = click.Choice(sorted(known))
        return str(choice.convert(value, param, ctx))


@click.command
@click.argument("directory", metavar="RUN|index", type=click.Path(path_type=Path))
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "wanted",
    type=_Formats(),
    help="Print one format instead: html, json, junit, markdown, terminal, github (annotations), "
    "sarif, ctrf, wfc, har, histograms or gitlab-load.",
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Write it to a file."
)
@click.option(
    "--zip",
    "archive",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the reports again and pack the whole run into a file.",
)
@click.option(
    "--baseline",
    metavar="RUN",
    type=click.Path(path_type=Path),
    help="Show in report.html what changed since an earlier run.",
)
@COLOR_OPTION
def report(
    directory: Path,
    folder: Path | None,
    wanted: str | None,
    output: Path | None,
    archive: Path | None,
    baseline: Path | None,
) -> None:
    """Write the reports of a run again, also of one that was cut off.

    `report index` writes index.html over the runs of DIR (default: reports), with their trends.

    \b
    verify-harness report reports/2026-11-21T20-16-00-check
    verify-harness report RUN --format sarif --output verify.sarif
    verify-harness report RUN --zip run.zip
    verify-harness report RUN --baseline reports/last-release
    verify-harness report index
    """
    if str(directory) == "index":
        click.echo(write_index(folder or Path("reports")))
        return
    if folder:
        raise UsageError("one run at a time.", hint=f"verify-harness report {directory}")
    journal.read(directory)  # a folder without a journal is left as it is
    if output and not wanted:
        raise UsageError("--output needs --format.", hint="say which format to write")
    if wanted:
        _emit(_rendered(directory, wanted), output)
        return
    changes = compare_runs(read_run(baseline), read_run(directory)) if baseline else None
    view = write_reports(directory, changes)
    if archive:
        pack(directory, archive)
    show(view, directory)


def _rendered(directory: Path, wanted: str) -> Iterable[str]:
    """The pieces of one format; the run directory stays as it is."""
    entries = journal.read(directory)
    if take := reports.known_extracts().get(wanted):
        return take(entries)
    return [reports.known_formats()[wanted].render(build_view(entries))]


def _emit(pieces: Iterable[str], output: Path | None) -> None:
    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    try:
        replace_file(output, "".join(pieces).encode())
    except OSError as error:
        raise CannotWrite(output, error) from None
