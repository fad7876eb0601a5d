"""The command line: one short module per command, and `main`."""

import errno
import os
import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

import click

from verify_harness import __version__
from verify_harness.cli import streams
from verify_harness.cli.messages import misuse, not_printed, show_error
from verify_harness.errors import NO_ROOM, HarnessError, UsageError
from verify_harness.exitcodes import ExitCode
from verify_harness.run.interrupts import Terminated, terminate
from verify_harness.suggest import did_you_mean

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from verify_harness.config import Defaults

_COMMANDS = {
    "check": "Check the contract, then drive a little load: the main job.",
    "compare": "Compare two runs: is B worse than A, beyond noise?",
    "completion": "Print what makes a shell complete commands and options.",
    "contract": "Check the contract, list its requirements, explain one.",
    "doctor": "Is everything right that a run depends on? Costs nothing.",
    "init": "Write settings, waivers, a load profile and a CI job into a repository.",
    "load": "Drive load, plan it, search the capacity of a target.",
    "observe": "Which side of each documented conflict does this target take?",
    "prove": "Turn on each sandbox fault in turn: does a check see it?",
    "replay": "Run the checks behind a finding again, or behind all of a run.",
    "report": "Write the reports of a run again, in any format; index the runs.",
    "rerun": "Run again what failed in a run, or had no turn.",
    "runs": "List the runs of a folder, show one, remove old ones.",
    "sandbox": "Serve the embedded Verify API until Ctrl-C.",
    "smoke": "Is the target alive, are the keys right, do the channels work?",
    "spec": "Look at the contract: what it holds, what a run exercised.",
    "spend": "Print what was spent on the live service.",
}
"""Each command `NAME` is `cli.NAME.NAME`, imported when it is asked for; `--help` needs none."""

_EXITS = """\b
exit codes:
  0 pass   1 fail   2 usage or configuration   3 no verdict
  4 refused for safety, nothing sent   5 bug in the harness
  130 interrupted   143 terminated
"""


class _Commands(click.Group):
    """A group that imports a command when it runs: all of them together take half a second."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All names, in the order of the help."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command; None for an unknown name."""
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"{__name__}.{cmd_name}"), cmd_name)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was named; raises UsageError for an unknown name."""
        if not args[0].startswith("-") and args[0] not in _COMMANDS:
            hint = did_you_mean(args[0], _COMMANDS)
            raise UsageError(f"no command {args[0]!r}.", hint=hint or "verify-harness --help")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Complete a command's name without importing any."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only a shell asks

        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        found = (name for name in _COMMANDS if name.startswith(incomplete))
        return [CompletionItem(name, help=_COMMANDS[name]) for name in found]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EXITS,
)
@click.version_option(__version__, prog_name="verify-harness")
@click.option(
    "--config",
    "named",
    metavar="FILE",
    type=click.Path(),
    envvar="VERIFY_HARNESS_CONFIG",
    help="Defaults of the flags; default: ./verify-harness.toml, which cannot permit other hosts.",
)
@click.pass_context
def cli(context: click.Context, named: str | None) -> None:
    """Contract and load tests for the Telnyx Verify API, against an embedded sandbox or any URL.

    \b
    verify-harness check                      everything, against the embedded sandbox
    verify-harness contract run VFY-CODE-004  one requirement
    verify-harness smoke --target URL         a system of your own, in seconds
    """
    from verify_harness import config  # noqa: PLC0415 - `--help` and `--version` read no file
    from verify_harness.cli import variables  # noqa: PLC0415 - nor any variable

    variables.check(os.environ)
    name = context.invoked_subcommand or ""
    command = cli.get_command(context, name)
    context.default_map = {name: _nested(command, config.load(named))}


def _nested(command: click.Command | None, defaults: "Defaults") -> "Defaults":
    """The same defaults for a command, and for the commands below it."""
    if isinstance(command, click.Group):
        return {name: dict(defaults) for name in command.commands}
    return dict(defaults)


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
        show_error(misuse(error))
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
    from verify_harness import crash  # noqa: PLC0415 - no command needs it but one that fails

    bug = crash.reported(error)
    show_error(bug)
    return bug.exit_code


_UNPRINTABLE = NO_ROOM | {errno.EPIPE, errno.EBADF}
