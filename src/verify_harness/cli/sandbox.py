"""`verify-harness sandbox`: the imitation of the API, for curl, SDKs and other people's tests."""

import logging
import os
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import click

from verify_harness import control_token, observations
from verify_harness.errors import UsageError
from verify_harness.keys import read_keys
from verify_harness.safety.addresses import is_loopback
from verify_harness.sandbox.dialects import not_imitated
from verify_harness.sandbox.faults import FAULTS, load_from
from verify_harness.sandbox.server import SandboxOptions, serve
from verify_harness.sandbox.special_numbers import OUTCOMES
from verify_harness.subprocesses import tie_to_parent

_DEFAULT_PORT = 8080


@click.command
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=_DEFAULT_PORT,
    show_default=True,
    help="Where to listen; 0 is any free port.",
)
@click.option(
    "--bind",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; other machines can connect unless it is a loopback address.",
)
@click.option(
    "--dialect",
    type=click.Choice(["documented", "observed"]),
    default="documented",
    show_default=True,
    help="Which side of documented conflicts to take.",
)
@click.option(
    "--behave-like",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Take the sides of conflicts that `observe` wrote down about a target.",
)
@click.option("--fault", "faults", metavar="ID", multiple=True, help="Break one requirement.")
@click.option(
    "--faults-from", metavar="DIR", type=click.Path(path_type=Path), help="Faults of your own."
)
@click.option("--seed", type=int, help="Make ids and codes repeatable.")
@click.option("--rate-limit", metavar="N|off", help="Requests a minute for each key.")
@click.option(
    "--list-faults",
    "lists_faults",
    is_flag=True,
    help="List the faults and what each breaks, and end.",
)
@click.option("-q", "--quiet", is_flag=True, help="Do not log the fields that are ignored.")
@click.option("--strict", is_flag=True, help="Refuse fields that the API does not have.")
@click.option(
    "--guard-retries",
    is_flag=True,
    help="Answer a failed trigger with x-should-retry: false; SDKs would send it again.",
)
@click.option(
    "--outcome-numbers",
    is_flag=True,
    help="Certain numbers decide what becomes of a trigger; the start lists them.",
)
@click.option(
    "--capacity",
    metavar="R",
    type=click.FloatRange(0, min_open=True),
    help="Serve at most R requests a second; others wait, as at a busy service.",
)
@click.option(
    "--no-control-token",
    "is_open",
    is_flag=True,
    help="Let every program of this machine pull the levers under /_sandbox/.",
)
def sandbox(
    port: int,
    bind: str,
    dialect: str,
    behave_like: Path | None,
    faults: tuple[str, ...],
    faults_from: Path | None,
    seed: int | None,
    rate_limit: str | None,
    lists_faults: bool,
    quiet: bool,
    strict: bool,
    guard_retries: bool,
    outcome_numbers: bool,
    capacity: float | None,
    is_open: bool,
) -> None:
    """Serve the embedded Verify API until Ctrl-C.

    It knows the keys in TELNYX_API_KEY and VERIFY_HARNESS_SECOND_API_KEY, and those that are
    minted through /_sandbox/tenants; any other key is refused. The levers under /_sandbox/ open to
    who sends the token that is printed at the start (or was set in VERIFY_HARNESS_SANDBOX_TOKEN) in
    the header x-verify-harness-token; verify-harness runs of the same user find it by themselves.

    \b
    TELNYX_API_KEY=KEY_for_tests verify-harness sandbox --port 8080
    curl -H "Authorization: Bearer KEY_for_tests" http://127.0.0.1:8080/v2/verify_profiles
    """
    tie_to_parent()
    if not quiet:
        _log_what_is_ignored()
    if faults_from is not None:
        load_from(faults_from)
    if lists_faults:
        _list_faults()
        return
    token = None if is_open else os.environ.get(control_token.VARIABLE) or control_token.new()
    limit = {} if rate_limit is None else {"rate_limit": _rate_limit(rate_limit)}
    sides = None if behave_like is None else _sides(behave_like)
    options = SandboxOptions(
        port=port,
        bind=bind,
        dialect=dialect if sides is None else "observed",
        sides=sides,
        faults=faults,
        seed=seed,
        keys=read_keys(None).all,
        strict=strict,
        guards_retries=guard_retries,
        outcome_numbers=outcome_numbers,
        capacity=capacity,
        control_token=token,
        **limit,
    )
    with ExitStack() as stack:
        serve(options, on_ready=partial(_announce, options, stack, is_quiet=quiet))


def _announce(options: SandboxOptions, stack: ExitStack, url: str, *, is_quiet: bool) -> None:
    """Say where the sandbox is and what opens it; a token of its own is published until it ends."""
    click.echo(f"{url}/v2  (Ctrl-C stops the sandbox)")
    token, shown = options.control_token, None
    if token is not None and token == os.environ.get(control_token.VARIABLE):
        shown = f"${control_token.VARIABLE}"
    elif token is not None:
        shown = token
        stack.enter_context(control_token.published(urlsplit(url).port or 0, token))
        click.echo(f"token of its levers: {token}")
    if not is_quiet:
        _say_how_to_begin(url, options.bind, shown, has_key=bool(options.keys))
        if options.outcome_numbers:
            _list_outcomes()


def _list_faults() -> None:
    for fault in FAULTS.values():
        click.echo(f"{fault.id:40} {fault.breaks:14} {fault.harm}")


def _say_how_to_begin(url: str, bind: str, token: str | None, *, has_key: bool) -> None:
    """Where the codes are, what opens the API, and who can reach it, on stderr."""
    header = f'-H "x-verify-harness-token: {token}" ' if token else ""
    click.echo(f"codes that it sent: curl {header}{url}/_sandbox/messages", err=True)
    if not has_key:
        click.echo(
            "no key: start it with TELNYX_API_KEY=KEY_for_tests, or mint a tenant: "
            f"curl -X POST {header}{url}/_sandbox/tenants",
            err=True,
        )
    if not is_loopback(bind):
        click.echo(f"warning: other machines can connect to {bind}, with any key above", err=True)


def _list_outcomes() -> None:
    for number, outcome in OUTCOMES.items():
        click.echo(f"{number}  {outcome.meaning}", err=True)


def _sides(path: Path) -> dict[str, str]:
    """What was observed of a target; says which of it the sandbox cannot do."""
    seen = observations.read(path).observed
    for conflict in not_imitated(seen):
        click.echo(f"not imitated: {conflict} = {seen[conflict]!r}", err=True)
    return seen


def _log_what_is_ignored() -> None:
    """Show the sandbox's own log on stderr: it names fields that the API does not have."""
    log = logging.getLogger("verify_harness.sandbox")
    log.setLevel(logging.INFO)
    log.addHandler(logging.StreamHandler())


def _rate_limit(text: str) -> int | None:
    if text == "off":
        return None
    if not text.isdecimal() or int(text) == 0:
        raise UsageError(f"--rate-limit takes a positive number or off, not {text!r}.")
    return int(text)
