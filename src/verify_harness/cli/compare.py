"""`verify-harness compare`: is this run worse than that one?"""

import json
from pathlib import Path

import click

from verify_harness.compare import compare as compare_runs
from verify_harness.compare import read_run
from verify_harness.compare.text import exit_code, told
from verify_harness.report.comparison_page import write

_RUN = click.Path(path_type=Path)


@click.command
@click.argument("before", metavar="A", type=_RUN)
@click.argument("after", metavar="B", type=_RUN)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@click.option(
    "--html", "page", metavar="FILE", type=_RUN, help="Write the comparison as a page, too."
)
@click.option(
    "--fail-on-change",
    is_flag=True,
    help="Exit with 1 for every difference of a contract run, not only for a regression.",
)
def compare(
    before: Path, after: Path, as_json: bool, page: Path | None, fail_on_change: bool
) -> int:
    """Compare two runs: is B worse than A, beyond noise?

    A and B are run directories, or the run.json in them. Exit code 1: a regression. 0: none. 2: the
    runs cannot be compared.

    \b
    verify-harness compare reports/last-release reports/this-build
    verify-harness compare reports/last-release reports/this-build --html changes.html
    """
    comparison = compare_runs(read_run(before), read_run(after))
    code = exit_code(comparison, fail_on_change=fail_on_change)
    if page is not None:
        write(page, comparison, code)
    if as_json:
        click.echo(json.dumps(comparison.as_json(), indent=1, allow_nan=False))
    else:
        click.echo(told(comparison, code), nl=False)
    return code
