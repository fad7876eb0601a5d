"""`verify-harness spec`: is the contract sound, what of it ran, and what changed in it? Offline."""

from pathlib import Path

import click
import msgspec

from verify_harness import bundled, journal, results
from verify_harness.errors import UsageError
from verify_harness.results.spec_coverage import Coverage
from verify_harness.sanitize import visible
from verify_harness.spec import diff as diffs
from verify_harness.spec import load
from verify_harness.spec.diff import told
from verify_harness.spec.diff.change import Side
from verify_harness.spec.document import comparable
from verify_harness.spec.lint import warnings


@click.group
def spec() -> None:
    """Look at the contract: what it holds, what of it a run exercised, what changed in it."""


@spec.command
@click.argument("file", required=False, type=click.Path(path_type=Path))
def lint(file: Path | None) -> None:
    """See that an OpenAPI document can be used; ours, without a FILE.

    What a run would read in another way than you may expect follows, one line each.
    Exit code 2: the document cannot be used, for the reason given.

    \b
    verify-harness spec lint
    verify-harness spec lint my.openapi.yaml
    """
    path = file or bundled.specs() / "verify.openapi.yaml"
    found = load(path)
    statuses = sum(len(operation.responses) for operation in found.operations)
    counts = f"{len(found.operations)} operations, {statuses} documented statuses"
    click.echo(f"{path}: {counts}, sha256 {found.sha256}")
    for warning in warnings(found):
        click.echo(f"warning: {warning}")


@spec.command
@click.argument("directory", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def coverage(directory: Path, as_json: bool) -> None:
    """Tell what a run exercised of the contract: documented statuses, and schema keywords.

    \b
    verify-harness spec coverage reports/2026-11-21T20-16-00-check
    """
    found = results.build_view(journal.read(directory)).coverage
    if found is None:
        raise UsageError(
            f"{directory} tells nothing of coverage.",
            hint="name a run of check, smoke or contract run that came to its end",
        )
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1).decode())
        return
    _print_table(found)
    _print_rest(found)


@spec.command
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", required=False, type=click.Path(path_type=Path))
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "any"]),
    help="Exit with 1 for a change that breaks, or for any change.",
)
@click.option(
    "--for",
    "side",
    type=click.Choice(["callers", "service"]),
    default="callers",
    show_default=True,
    help="Whose code was written for OLD: which changes count as breaking.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--texts", is_flag=True, help="Print the titles and descriptions that are new, too.")
def diff(
    old: Path, new: Path | None, fail_on: str | None, side: Side, as_json: bool, texts: bool
) -> int:
    """Tell what changed from one OpenAPI document to another; to ours, without NEW.

    A change is breaking where code that was right by OLD may fail with NEW. Order, names of
    components, references and prose make no difference. Exit code 1: see --fail-on.

    \b
    verify-harness spec diff vendor-july.yaml vendor-august.yaml --fail-on breaking
    verify-harness spec diff my.openapi.yaml
    """
    found = diffs.diff(comparable(old), comparable(new))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1).decode())
    else:
        click.echo(told.as_text(found, side, texts=texts), nl=False)
    failing = [row for row in found.rows if fail_on == "any" or row.breaks(side)]
    return int(bool(fail_on and failing))


def _print_table(found: Coverage) -> None:
    rows = [("operation", "statuses answered", "keywords sent valid and invalid")]
    for item in found.operations:
        statuses = f"{len(item.statuses.reached)} of {len(item.statuses.documented)}"
        keywords = f"{item.keywords.covered} of {item.keywords.total}"
        rows.append((visible(item.operation_id), statuses, keywords))
    statuses = f"{found.statuses.reached} of {found.statuses.documented}"
    rows.append(("in all", statuses, f"{found.keywords.covered} of {found.keywords.total}"))
    widest = max(len(name) for name, _, _ in rows)
    for name, statuses, keywords in rows:
        click.echo(f"{name:<{widest}}  {statuses:>17}  {keywords}")


def _print_rest(found: Coverage) -> None:
    """What is missing, the statuses grouped by the reason."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for item in found.operations:
        for status, reason in item.statuses.unreached.items():
            reasons.setdefault((status, reason), []).append(item.operation_id)
    for (status, reason), operations in sorted(reasons.items()):
        click.echo(f"\nnever {visible(status)}: {visible(reason)}")
        click.echo(f"  {visible(', '.join(operations))}")
    click.echo()
    for item in found.operations:
        for side in item.keywords.missing:
            click.echo(f"never sent: {visible(item.operation_id)} {visible(side)}")
