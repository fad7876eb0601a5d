"""`verify-harness replay`: does a finding still stand?"""

import shlex
from pathlib import Path

import click

from verify_harness import journal, results
from verify_harness.errors import UsageError
from verify_harness.exitcodes import ExitCode

_UNDER_LOAD = "load"


@click.command
@click.argument("directory", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("finding_id", metavar="FINDING")
@click.pass_context
def replay(context: click.Context, directory: Path, finding_id: str) -> int:
    """Send the requests of one finding again: its check, with the seed and target of its run.

    Exit code 1: the finding stands. 0: the requirement is kept now.

    \b
    verify-harness replay reports/2026-11-21T20-16-00-check VFY-CODE-004.1
    """
    findings = {item.id: item for item in results.build_view(journal.read(directory)).findings}
    if finding_id not in findings:
        known = ", ".join(list(findings)[:5]) or "none"
        raise UsageError(
            f"{directory} has no finding {finding_id!r}.", hint=f"its findings: {known}"
        )
    finding = findings[finding_id]
    if finding.check == _UNDER_LOAD:
        raise UsageError(f"{finding_id} was found under load.", hint=f"run again: {finding.replay}")
    program = context.find_root().command
    arguments = [*shlex.split(finding.replay)[1:], "--only", finding.check]
    code = int(program.main(arguments, standalone_mode=False))
    words = {ExitCode.FAIL: "it stands", ExitCode.PASS: "it is gone"}
    click.echo(f"{finding_id}: {words.get(ExitCode(code), 'it could not be judged')}", err=True)
    return code
