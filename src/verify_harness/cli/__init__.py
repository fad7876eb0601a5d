"""The command line: one short module per command, and `main`."""

import errno
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

import click

from verify_harness import __version__, config, crash
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
    streams,
    variables,
)
from verify_harness.cli.messages import not_printed, show_error
from verify_harness.errors import HarnessError
from verify_harness.exitcodes import ExitCode
from verify_harness.run.interrupts import Terminated, terminate
from verify_harness.run.life import NO_ROOM

_EXITS = """\b
exit codes:
  0 pass   1 fail   2 usage or configuration   3 no verdict
  4 refused for safety, nothing sent   5 bug in the harness
  130 interrupted   143 terminated
"""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EXITS,
)
@click.version_option(__version__, prog_name="verify-harness")
@click.option(
    "--config",
    "named",
    metavar="FILE",
    type=click.Path(path_type=Path),
    envvar="VERIFY_HARNESS_CONFIG",
    help="Defaults of the flags; default: ./verify-harness.toml, which cannot permit other hosts.",
)
@click.pass_context
def cli(context: click.Context, named: Path | None) -> None:
    """Contract and load tests for the Telnyx Verify API, against an embedded sandbox or any URL.

    \b
    verify-harness check                      everything, against the embedded sandbox
    verify-harness contract run VFY-CODE-004  one requirement
    verify-harness smoke --target URL         a system of your own, in seconds
    """
    variables.check(os.environ)
    defaults = config.load(named)
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


_ONLY_OURS = 0o077
"""What is written holds numbers and answers of a service: it is for its user alone."""


def main() -> NoReturn:
    """Run a command; every error a person can mend is two lines on stderr, never a traceback."""
    streams.prepare()
    os.umask(_ONLY_OURS)
    signal.signal(signal.SIGTERM, terminate)
    code = _code()
    try:
        sys.stdout.flush()
    except OSError as error:
        code = not_printed(error, code)
    sys.exit(code)


def _code() -> int:
    """Run the command; what it raised, as an exit code."""
    try:
        code = cli(prog_name="verify-harness", standalone_mode=False)
    except HarnessError as error:
        show_error(error)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except (KeyboardInterrupt, click.Abort):
        return ExitCode.INTERRUPTED
    except Terminated:
        return ExitCode.TERMINATED
    except Exception as error:  # noqa: BLE001 - the outermost boundary
        return _unexpected(error)
    return code if isinstance(code, int) else ExitCode.PASS


def _unexpected(error: Exception) -> int:
    """The exit code of what no command expects: standard output takes no more, or a bug."""
    if isinstance(error, OSError) and error.filename is None and error.errno in _UNPRINTABLE:
        return not_printed(error, ExitCode.PASS)
    bug = crash.reported(error)
    show_error(bug)
    return bug.exit_code


_UNPRINTABLE = NO_ROOM | {errno.EPIPE, errno.EBADF}
