"""One run of any command: its directory, its target, its journal, its verdict.

`@run_command` gives a command the common options and a `Run`; the command only says what to do
with it.
"""

import functools
import os
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from verify_harness import __version__, catalogue, content, journal, report, targets
from verify_harness.cli import embedded
from verify_harness.client import Client, trust
from verify_harness.errors import HarnessError, UsageError
from verify_harness.exitcodes import ExitCode
from verify_harness.report import RunView
from verify_harness.report.terminal import terminal
from verify_harness.run import Options, Run
from verify_harness.safety.addresses import base_url, origin_of, proxy_of
from verify_harness.safety.guard import Guard
from verify_harness.safety.redaction import Redactor
from verify_harness.spec import Spec
from verify_harness.spec import load as load_spec
from verify_harness.waivers import load as load_waivers

Command = Callable[..., None]

_EMBEDDED = "http://127.0.0.1"
"""Where the embedded sandbox is, before it has a port."""
_FIRST_ANSWER_SECS = 8.0
"""How long a target may take to answer at all before there is no verdict."""


class Terminated(BaseException):
    """SIGTERM came; like KeyboardInterrupt, it is no Exception."""


_COMMON = (
    click.option("--target", metavar="URL", help="Base URL to test; default: embedded sandbox."),
    click.option(
        "--spec", metavar="FILE", type=click.Path(path_type=Path), help="Another OpenAPI document."
    ),
    click.option(
        "--allow-remote", metavar="HOST", multiple=True, help="Host that contract checks may call."
    ),
    click.option(
        "--ca-file", metavar="FILE", help="Certificates to trust instead of the system's."
    ),
    click.option("--proxy", metavar="URL", help="Send requests through this proxy."),
    click.option(
        "--api-key-file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="File that holds the API key; default: TELNYX_API_KEY.",
    ),
    click.option(
        "-o",
        "--output",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Run directory; default: reports/<utc time>-<command>.",
    ),
    click.option(
        "--seed", type=int, default=0, show_default=True, help="Seed of all that is random."
    ),
    click.option(
        "--dialect",
        type=click.Choice(["documented", "observed"]),
        default="documented",
        show_default=True,
        help="Which side of documented conflicts the embedded sandbox takes.",
    ),
    click.option("--json", is_flag=True, help="Print run.json instead of the summary."),
    click.option("-q", "--quiet", is_flag=True, help="Print only the verdict."),
    click.option(
        "--no-color", "color", is_flag=True, flag_value=False, default=True, help="Plain text."
    ),
)


def run_command(
    *, load: bool = False, resumes: str = ""
) -> Callable[[Command], Callable[..., int]]:
    """Turn `def name(run, …)` into a command body.

    `load` where it also drives load; `resumes` is the kind of journal line that its flag --resume
    keeps.
    """
    return functools.partial(_decorate, load=load, resumes=resumes)


def _decorate(function: Command, *, load: bool, resumes: str) -> Callable[..., int]:
    @functools.wraps(function)
    def body(options: Options, **values: Any) -> int:
        if directory := values.pop("resume", None):
            journal.keep_only(directory, resumes)
            options = replace(options, output=directory, resumes=True)
        return conduct(options, lambda run: function(run, **values), load=load)

    return with_options(body)


def with_options(function: Callable[..., int]) -> Callable[..., int]:
    """Turn `def name(options, …)` into a command body with the options that all runs have."""

    @functools.wraps(function)
    def body(**values: Any) -> int:
        names = Options.__dataclass_fields__
        options = Options(**{name: values.pop(name) for name in names if name in values})
        return function(options, **values)

    for option in reversed(_COMMON):
        body = _with_variable(option, body)
    return body


def _with_variable(option: Callable[[Any], Any], body: Any) -> Any:
    """Apply an option, and let `VERIFY_HARNESS_<NAME>` of the environment set it."""
    decorated = option(body)
    added = decorated.__click_params__[-1]
    if not getattr(added, "is_flag", False):
        added.envvar = f"VERIFY_HARNESS_{added.name.upper()}"
    return decorated


def conduct(options: Options, work: Callable[[Run], None], *, load: bool) -> ExitCode:
    """Do the work, then report whatever came of it; returns the exit code.

    Raises SafetyRefusal and UsageError before anything was sent or written.
    """
    command = click.get_current_context().command_path.split(" ", 1)[1]
    guard = Guard.for_contract(options.allow_remote)
    options = _permitted(options, guard.under_load() if load else guard)
    spec = load_spec(options.spec)
    known_waivers = load_waivers(options.waivers)
    environment = _environment(options)
    directory = options.output if options.resumes else None
    directory = directory or _new_directory(options.output, command)
    started = time.monotonic()
    main = journal.Journal(journal.part(directory, "main"), _redactor(environment))
    ending = _Ending()
    with ExitStack() as stack:
        target = targets.Target(options.target or "")
        run = Run(command, options, directory, target, spec, environment, known_waivers)
        try:
            run.target = stack.enter_context(_target(run, guard))
            run.spec = _contract_of(run)
            work(run)
        except BaseException as error:  # noqa: BLE001 - every end is reported, then told apart
            ending = _Ending.of(error, directory, environment)
        main.write("run-started", **_started(run))
        main.write("run-finished", duration_s=round(time.monotonic() - started, 3), **ending.line)
    main.close()
    return _report(run, ending)


def assist(options: Options, work: Callable[[Run], None]) -> ExitCode:
    """Do load work for a run elsewhere that judges and reports it; only a log stays here.

    Raises SafetyRefusal and UsageError before anything was sent or written, NoVerdict after that.
    """
    guard = Guard.for_load()
    options = _permitted(options, guard)
    command = click.get_current_context().command_path.split(" ", 1)[1]
    spec, environment = load_spec(options.spec), _environment(options)
    directory = _new_directory(options.output, command)
    run = Run(command, options, directory, targets.Target(options.target or ""), spec, environment)
    with _target(run, guard) as run.target:
        work(run)
    return ExitCode.PASS


def _permitted(options: Options, guard: Guard) -> Options:
    """The options with the target in its one spelling; raises what forbids this run to call it."""
    if guard.load and options.proxy is not None:
        raise UsageError(
            "load goes straight to the target; --proxy would be used for the first look only.",
            hint="leave out --proxy, VERIFY_HARNESS_PROXY and `proxy` in verify-harness.toml",
        )
    trust(options.ca_file)
    target = None if options.target is None else base_url(options.target)
    if target is not None:
        guard.check(target)
    if options.proxy is not None:
        guard.check_proxy(proxy_of(options.proxy).origin, origin_of(target or _EMBEDDED))
    return replace(options, target=target)


@dataclass(frozen=True)
class _Ending:
    """How a run ended, if not by itself."""

    exit_code: ExitCode | None = None
    reason: str | None = None
    error: HarnessError | None = None

    @classmethod
    def of(cls, error: BaseException, directory: Path, environment: dict[str, str]) -> "_Ending":
        """What an exception means for the run."""
        match error:
            case KeyboardInterrupt():
                return cls(ExitCode.INTERRUPTED, "interrupted")
            case Terminated():
                return cls(ExitCode.TERMINATED, "terminated")
            case HarnessError():
                return cls(error.exit_code, str(error), error)
        crash = directory / "crash.txt"
        text = "".join(traceback.format_exception(error))
        crash.write_text(_redactor(environment).text(text), encoding="utf-8")
        return cls(ExitCode.HARNESS_BUG, f"bug in the harness: {error!r}; see {crash}")

    @property
    def line(self) -> dict[str, Any]:
        """The fields of run-finished."""
        partial = self.exit_code in {ExitCode.INTERRUPTED, ExitCode.TERMINATED}
        return {"exit_code": self.exit_code, "partial": partial, "reason": self.reason}


def _report(run: Run, ending: _Ending) -> ExitCode:
    """Merge the journal, write every report, and print the end of the story."""
    journal.merge(run.directory)
    view = report.write_all(run.directory)
    if ending.error is not None:
        click.echo(f"{ending.error.label}: {ending.error}", err=True)
        if ending.error.hint:
            click.echo(f"try: {ending.error.hint}", err=True)
    elif ending.reason:
        click.echo(ending.reason, err=True)
    _print(run, view)
    return ExitCode(view.exit_code)


def _print(run: Run, view: RunView) -> None:
    options = run.options
    if options.json:
        click.echo((run.directory / "run.json").read_text(encoding="utf-8"), nl=False)
        return
    if options.quiet:
        click.echo(f"verdict: {view.verdict} (exit {view.exit_code})  {run.directory}")
        return
    show(view, run.directory, color=options.color)


def show(view: RunView, directory: Path, *, color: bool = True) -> None:
    """Print the summary of a run; rich leaves colours out where nobody sees them."""
    console = Console(highlight=False, soft_wrap=True, no_color=not color)
    console.print(terminal(view, colour=True, directory=str(directory)))


@contextmanager
def _target(run: Run, guard: Guard) -> Iterator[targets.Target]:
    """The system under test; the embedded sandbox lives as long as the run does."""
    options = run.options
    with ExitStack() as stack:
        url = options.target
        if url is None:
            url = stack.enter_context(
                embedded.sandbox(options.dialect, options.seed, options.faults_from)
            )
        client = Client(
            guard,
            run_id=run.id,
            ca_file=options.ca_file,
            proxy=options.proxy,
            total_timeout_secs=_FIRST_ANSWER_SECS,
        )
        yield targets.resolve(stack.enter_context(client), url, run.environment)


def _contract_of(run: Run) -> Spec:
    """The spec that this target has to keep: with our own bounds only where it announces them."""
    if "chosen" not in run.target.announces:
        return run.spec
    return load_spec(run.options.spec, overlay=content.specs() / "chosen.overlay.yaml")


def _started(run: Run) -> dict[str, Any]:
    return {
        "tool": f"verify-harness {__version__}",
        "command": run.command,
        "spec_sha256": run.spec.sha256,
        "target": run.target.as_json(),
        "dialect": run.target.dialect,
        "started_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "seed": run.options.seed,
        "level": run.level,
        "jobs": run.jobs,
        "requirements": [entry.as_json() for entry in _judged(run)],
        "waivers": _waivers(run),
        "operations": [
            {"operation_id": item.operation_id, "method": item.method, "path": item.path}
            for item in run.spec.operations
        ],
    }


def _waivers(run: Run) -> list[dict[str, Any]]:
    """The waivers about this target, in the journal's form."""
    today, known = datetime.now(UTC).date(), catalogue.load()
    covering = (item for item in run.waivers if item.covers(run.target.url))
    return [item.as_json(today, known) for item in covering]


def _judged(run: Run) -> list[catalogue.Requirement]:
    """The requirements that this run was to judge: all of them, unless it was narrowed.

    A requirement of a whole run whose checks are lost must not vanish from its report.
    """
    entries = catalogue.load()
    if run.judges_all:
        return list(entries.values())
    started = (line for line in journal.read(run.directory) if line["kind"] == "check-started")
    ids = {name for line in started for name in line["requirements"]}
    return [entry for entry in entries.values() if entry.id in ids]


def _environment(options: Options) -> dict[str, str]:
    """The environment of our children: the key in its variable, wherever it was given."""
    environment = dict(os.environ)
    if options.api_key_file is not None:
        try:
            key = options.api_key_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"the key file {options.api_key_file} cannot be read: {error}."
            ) from None
        environment[targets.KEY_VARIABLE] = key
    for name in (targets.KEY_VARIABLE, targets.SECOND_KEY_VARIABLE):
        key = environment.get(name, "")
        if key and (not key.isascii() or not key.isprintable() or " " in key.strip()):
            raise UsageError(
                f"{name} holds something that is no API key.", hint="check for line ends and quotes"
            )
    return environment


def _redactor(environment: dict[str, str]) -> Redactor:
    names = (targets.KEY_VARIABLE, targets.SECOND_KEY_VARIABLE)
    return Redactor({environment[name]: f"${name}" for name in names if environment.get(name)})


def _new_directory(wanted: Path | None, command: str) -> Path:
    """A fresh run directory; raises UsageError where one cannot be made or is in use."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S")
    path = wanted or Path("reports") / f"{stamp}-{command.replace(' ', '-')}"
    try:
        path.mkdir(parents=True, exist_ok=wanted is not None)
        taken = any(path.iterdir())
    except OSError as error:
        raise UsageError(f"cannot write reports into {path}: {error.strerror}.") from None
    if taken:
        raise UsageError(f"{path} already holds something.", hint="name a new directory with -o")
    return path
