"""The command line: one short module per command, and `main`."""

import signal
import sys
from types import FrameType
from typing import NoReturn

import click

from verify_harness import __version__, config
from verify_harness.cli import (
    check,
    compare,
    contract,
    load,
    prove,
    replay,
    report,
    sandbox,
    smoke,
    spec,
)
from verify_harness.cli.run import Terminated
from verify_harness.errors import HarnessError
from verify_harness.exitcodes import ExitCode

_EXITS = """\b
exit codes:
  0 pass   1 fail   2 usage or configuration   3 no verdict
  4 refused for safety, nothing sent   5 bug in the harness
"""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EXITS,
)
@click.version_option(__version__, prog_name="verify-harness")
@click.pass_context
def cli(context: click.Context) -> None:
    """Contract and load tests for the Telnyx Verify API, against an embedded sandbox or any URL.

    \b
    verify-harness check                      everything, against the embedded sandbox
    verify-harness contract run VFY-CODE-004  one requirement
    verify-harness smoke --target URL         a system of your own, in seconds
    """
    defaults = config.load()
    context.default_map = {
        name: _nested(command, defaults) for name, command in cli.commands.items()
    }


def _nested(command: click.Command, defaults: config.Defaults) -> config.Defaults:
    """The same defaults for a command, and for the commands below it."""
    if isinstance(command, click.Group):
        return {name: dict(defaults) for name in command.commands}
    return dict(defaults)


for _command in (
    check.check,
    smoke.smoke,
    contract.contract,
    load.load,
    compare.compare,
    prove.prove,
    replay.replay,
    sandbox.sandbox,
    report.report,
    spec.spec,
):
    cli.add_command(_command)


def main() -> NoReturn:
    """Run a command; every error a person can mend is two lines on stderr, never a traceback."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        code = cli(standalone_mode=False)
    except HarnessError as error:
        say(error)
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = ExitCode.USAGE
    except (KeyboardInterrupt, click.Abort):
        code = ExitCode.INTERRUPTED
    except Terminated:
        code = ExitCode.TERMINATED
    except BrokenPipeError:  # `verify-harness … | head`: nobody reads on, and that is all
        sys.stderr.close()
        code = ExitCode.PASS
    sys.exit(code if isinstance(code, int) else 0)


def say(error: HarnessError) -> None:
    """Print what happened and what to do next."""
    click.echo(f"{error.label}: {error}", err=True)
    if error.hint:
        click.echo(f"try: {error.hint}", err=True)


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated
