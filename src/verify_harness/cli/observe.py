"""`verify-harness observe`: which side of each documented conflict does this target take?"""

from pathlib import Path

import click
import msgspec

from verify_harness import journal, observations
from verify_harness.atomic_files import replace_file
from verify_harness.cli.options import JOBS_OPTION, Output, run_options
from verify_harness.cli.running import announce, finish
from verify_harness.contract.task import Suite
from verify_harness.errors import CannotWrite
from verify_harness.exitcodes import ExitCode
from verify_harness.results import RunView, build_view
from verify_harness.run.life import conduct
from verify_harness.run.plan import RunPlan
from verify_harness.run.steps import check_contract


@click.command
@JOBS_OPTION
@run_options
def observe(plan: RunPlan, output: Output) -> ExitCode:
    """Write down which side of each documented conflict the target takes.

    The checks of a few requirements run, which see every conflict; what they saw is printed and
    written to profile-of-target.toml in the run directory. A sandbox can be started that behaves
    the same. The exit code is that of the checks.

    \b
    verify-harness observe --target http://127.0.0.1:8080/v2 -o reports/target
    verify-harness sandbox --behave-like reports/target/profile-of-target.toml
    """
    plan = msgspec.structs.replace(
        plan, suite=Suite(selected=observations.REQUIREMENTS, jobs=plan.suite.jobs)
    )
    announce(plan)
    ended = conduct(plan, check_contract)
    code = finish(ended, output)
    view = build_view(journal.read(ended.directory))
    path = _written(view, ended.directory)
    if not (output.as_json or output.is_quiet):
        click.echo(_table(view))
    click.echo(f"written: {path}", err=output.as_json)
    return code


def _seen(view: RunView) -> dict[str, str]:
    return observations.sides((item.key, item.value) for item in view.observations)


def _written(view: RunView, directory: Path) -> Path:
    """The file of what was seen; raises CannotWrite."""
    path = directory / observations.FILE
    try:
        replace_file(path, observations.as_toml(view.target.url, _seen(view)).encode())
    except OSError as error:
        raise CannotWrite(path, error) from None
    return path


def _table(view: RunView) -> str:
    seen = _seen(view)
    return "\n".join(
        f"{each.key:<4} {each.question}: {seen.get(each.key, 'not seen')}"
        for each in observations.CONFLICTS
    )
