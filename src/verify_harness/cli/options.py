"""The options that all runs have, and the plan that they and a command's own options make."""

import functools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import msgspec

from verify_harness.cli.given_words import given_words
from verify_harness.client import trust
from verify_harness.contract.suite import parse, wanted
from verify_harness.contract.task import Suite
from verify_harness.errors import KeyInCommandLine, UsageError
from verify_harness.keys import Keys, read_keys, readable_by_others
from verify_harness.run.plan import RunPlan
from verify_harness.safety.addresses import base_url
from verify_harness.waivers import load as load_waivers

_PATH = click.Path(path_type=Path)
_WORTH_PROCESSES = 25
"""From this many selected checks on, starting a process for each core saves time."""
WHOLE_NUMBER = click.IntRange(-(2**63), 2**63 - 1)
"""The numbers that a journal holds."""


@dataclass(frozen=True, slots=True)
class Output:
    """What a run prints."""

    as_json: bool = False
    is_quiet: bool = False


def _without_color(_context: click.Context, _option: click.Parameter, is_given: bool) -> None:
    """Take --no-color as NO_COLOR, which rich and our children heed."""
    if is_given:
        os.environ["NO_COLOR"] = "1"


COLOR_OPTION = click.option(
    "--no-color", is_flag=True, expose_value=False, callback=_without_color, help="Plain text."
)

_COMMON = (
    click.option("--target", metavar="URL", help="Base URL to test; default: embedded sandbox."),
    click.option("--spec", metavar="FILE", type=_PATH, help="Your own OpenAPI document."),
    click.option(
        "--allow-remote",
        metavar="HOST|NETWORK",
        multiple=True,
        help="Host that may be called, or a private network such as 10.20.0.0/16.",
    ),
    click.option(
        "--allow-plain-text", is_flag=True, help="Send the key to an allowed host over http://."
    ),
    click.option(
        "--ca-file", metavar="FILE", help="Certificates to trust instead of the system's."
    ),
    click.option("--proxy", metavar="URL", help="Send requests through this proxy."),
    click.option(
        "--api-key-file",
        metavar="FILE",
        type=_PATH,
        help="File that holds the API key; default: TELNYX_API_KEY.",
    ),
    click.option(
        "--api-key-command",
        metavar="COMMAND",
        help="Command of a secret manager that prints the API key.",
    ),
    click.option(
        "--token-url",
        metavar="URL",
        help="Where TELNYX_CLIENT_ID and its secret get a token; default: TARGET/oauth/token.",
    ),
    click.option(
        "--api-key", hidden=True, expose_value=False, callback=lambda *given: _no_key(given[-1])
    ),
    click.option(
        "-o",
        "--output",
        metavar="DIR",
        type=_PATH,
        help="Run directory; default: reports/<utc time>-<command>.",
    ),
    click.option("--seed", type=WHOLE_NUMBER, default=0, show_default=True, help="Random seed."),
    click.option(
        "--dialect",
        type=click.Choice(["documented", "observed"]),
        default="documented",
        show_default=True,
        help="Which side of documented conflicts the embedded sandbox takes.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print run.json instead of the summary."),
    click.option("-q", "--quiet", "is_quiet", is_flag=True, help="Print only the verdict."),
    COLOR_OPTION,
)

CHECKS_OPTION = click.option(
    "--checks",
    metavar="DIR",
    multiple=True,
    type=_PATH,
    callback=lambda _context, _option, folders: tuple(map(_folder, folders)),
    help="Directory with additional checks.",
)
JOBS_OPTION = click.option(
    "--jobs",
    metavar="N|auto",
    default="auto",
    show_default=True,
    envvar="VERIFY_HARNESS_JOBS",
    callback=lambda _context, _option, text: _jobs(str(text)),
    help="Worker processes; auto is one more than there are cores, as each waits for answers now"
    " and then, and one where few checks are selected.",
)
WAIVERS_OPTION = click.option(
    "--waivers",
    metavar="FILE",
    type=_PATH,
    callback=lambda _context, _option, path: load_waivers(path),
    help="Tolerated failures; default: ./waivers.toml, if there is one.",
)

_TOLD_ANYWAY = ("--level", "--checks", "--faults-from", "--jobs", "--resume")
"""Options of single commands that the plan tells already, or that change nothing."""
MOST_JOBS = 64
"""More processes than a machine for tests has cores: each takes 100 MB."""

_DIGITS = 9
Body = Callable[..., Any]


def run_options(function: Body) -> Body:
    """Add the common options; the function gets them as `plan` and `output`."""

    @functools.wraps(function)
    def body(**values: Any) -> Any:
        output = Output(**{name: values.pop(name) for name in Output.__slots__})
        return function(plan=_plan(values, output), output=output, **values)

    for option in reversed(_COMMON):
        body = _with_variable(option, body)
    return body


def _plan(values: dict[str, Any], output: Output) -> RunPlan:
    """Take what a plan and its suite hold out of the values of the command line."""
    context = click.get_current_context()
    command = context.command_path.split(" ", 1)[1]
    if values["target"] is not None and not values["target"].strip():
        raise UsageError("--target is empty.", hint="leave it out to use the embedded sandbox")
    if values["target"] is not None:
        values["target"] = base_url(values["target"])
    trust(values["ca_file"])
    if "jobs" in values and values["jobs"] is None:
        few = command == "contract run" and _few(values)
        values["jobs"] = 1 if few else min((os.cpu_count() or 1) + 1, MOST_JOBS)
    suite = Suite(**_taken(values, Suite))
    keys = _keys(*(values.pop(name) for name in ("api_key_file", "api_key_command", "token_url")))
    return RunPlan(
        command=command,
        words=given_words(context, (*_common_names(), *_TOLD_ANYWAY)),
        suite=suite,
        keys=keys,
        is_quiet=output.is_quiet,
        **_taken(values, RunPlan),
    )


def _keys(file: Path | None, command: str | None, token_url: str | None) -> Keys:
    """The keys of the run; says so where others can read them, too."""
    keys = read_keys(file, command=command)
    if keys.oauth and token_url:
        oauth = msgspec.structs.replace(keys.oauth, token_url=token_url)
        keys = msgspec.structs.replace(keys, oauth=oauth)
    if file is not None and readable_by_others(file):
        click.echo(f"warning: other users can read the key file {file}", err=True)
        click.echo(f"try: chmod 600 {file}", err=True)
    return keys


def _taken(values: dict[str, Any], kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {name: values.pop(name) for name in kind.__struct_fields__ if name in values}


def _common_names() -> Iterator[str]:
    for option in _COMMON:
        bare: Any = option(lambda: None)
        yield from bare.__click_params__[0].opts


def _with_variable(option: Callable[[Any], Any], body: Any) -> Any:
    """Apply an option, and let `VERIFY_HARNESS_<NAME>` of the environment set it."""
    decorated = option(body)
    added = decorated.__click_params__[-1]
    if added.expose_value and not getattr(added, "is_flag", False):
        added.envvar = f"VERIFY_HARNESS_{added.name.upper()}"
    return decorated


def _no_key(value: str | None) -> None:
    """Say why there is no such option to who would use it."""
    if value is not None:
        raise KeyInCommandLine


def _folder(path: Path) -> Path:
    if not path.is_dir():
        what = "is not a directory" if path.exists() else "does not exist"
        raise UsageError(f"--checks {path} {what}.")
    return path.absolute()


def _few(values: dict[str, Any]) -> bool:
    """Whether the selected checks take less time than more processes take to start."""
    chosen = wanted(values["level"], parse(values["selected"]), values["only"])
    return not values["checks"] and len(chosen) < _WORTH_PROCESSES


def _jobs(text: str) -> int | None:
    """The number of processes; None for `auto`."""
    if text == "auto":
        return None
    if not (text.isascii() and text.isdecimal()) or int(text[:_DIGITS]) == 0:
        raise UsageError(f"--jobs takes a positive number or auto, not {text!r}.")
    if int(text[:_DIGITS]) > MOST_JOBS:
        raise UsageError(f"--jobs takes {MOST_JOBS} processes at most, not {text[:_DIGITS]}.")
    return int(text)
