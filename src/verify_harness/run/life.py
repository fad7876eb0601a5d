"""The life of a run: directory, journal, target, work, and an end that is always recorded."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from verify_harness import __version__, catalogue, crash, extras, journal, targets
from verify_harness.client import Client
from verify_harness.errors import NO_ROOM, CannotWrite, HarnessError, UsageError
from verify_harness.exitcodes import ExitCode
from verify_harness.journal.embedded import Operation, Target
from verify_harness.journal.records import FaultJudged, Note, RunFinished, RunStarted, TargetFound
from verify_harness.keys import KEY_VARIABLE
from verify_harness.results.figures import duration
from verify_harness.run.directory import discard, new_directory
from verify_harness.run.directory_lock import locked
from verify_harness.run.interrupts import Terminated, announced, naming_next_command
from verify_harness.run.plan import RunPlan
from verify_harness.safety.addresses import origin_of, proxy_of
from verify_harness.safety.guard import Guard
from verify_harness.safety.live_gate import LiveGate
from verify_harness.safety.redaction import Redactor
from verify_harness.spec import Spec, contract
from verify_harness.targets import embedded_sandbox
from verify_harness.waivers import recorded

TOOL = f"verify-harness {__version__}"

FIRST_ANSWER_SECS = 8.0
"""How long a target may take to answer at all before there is no verdict."""

CLOCKS_APART_SECS = 60.0
"""A target's clock that differs by more is worth a note: tokens and expiry depend on it."""

_EMBEDDED = "http://127.0.0.1"
"""Where the embedded sandbox is, before it has a port."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run whose target has answered."""

    plan: RunPlan
    id: str
    directory: Path
    target: targets.Target
    spec: Spec
    """The contract of this target: with our own bounds only where it announces them."""
    guard: Guard


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended; all but the directory is empty where it ended by itself."""

    directory: Path
    exit_code: ExitCode | None = None
    reason: str | None = None
    error: HarnessError | None = None
    hint: str = ""
    """The command that goes on with it, if there is one."""

    def record(self, duration_s: float) -> RunFinished:
        """The end of the journal."""
        return RunFinished(
            duration_s=duration_s,
            exit_code=self.exit_code,
            partial=self.exit_code in {ExitCode.INTERRUPTED, ExitCode.TERMINATED},
            reason=self.reason,
        )


Work = Callable[[Run], None]


def conduct(plan: RunPlan, work: Work) -> Ended:
    """Do the work, and record whatever came of it in the journal of a new run directory.

    Raises SafetyRefusal and UsageError where nothing was tested; no directory is left then. Raises
    CannotWrite where the journal takes no more.
    """
    _demand(plan)
    guard = _guard(plan, run_id := _new_id())
    spec = contract(plan.spec, chosen=False)
    directory = plan.output if plan.resumes and plan.output else _directory(plan)
    try:
        with locked(directory, plan.command), naming_next_command(directory):
            if plan.resumes:
                journal.keep_only(directory, RunStarted, FaultJudged)
            with journal.synced(directory):
                ended = _live(plan, directory, guard, spec, work, run_id)
            if isinstance(ended.error, UsageError) and not plan.resumes and plan.live is None:
                discard(directory)
                raise ended.error
            journal.merge(directory)
    except OSError as error:  # the journal's: what the work raises stands in it
        raise CannotWrite(directory, error) from None
    return ended


def assist(plan: RunPlan, work: Work) -> None:
    """Do load work for a run elsewhere that judges and reports it; only a log stays here.

    Raises SafetyRefusal and UsageError before anything was sent or written, NoVerdict after that.
    """
    _demand(plan)
    guard = _guard(plan, run_id := _new_id())
    spec = contract(plan.spec, chosen=False)
    directory = _directory(plan)
    with locked(directory, plan.command), _target(plan, guard, run_id, directory) as target:
        work(Run(plan, run_id, directory, target, spec, guard))


@contextmanager
def visited(plan: RunPlan) -> Iterator[targets.Target]:
    """The target of a plan that names one, found and its key tried; nothing is written.

    Raises SafetyRefusal and UsageError before anything was sent, NoVerdict after that.
    """
    run_id = _new_id()
    with _target(plan, _guard(plan, run_id), run_id, Path()) as target:
        yield target


def _demand(plan: RunPlan) -> None:
    """Raise MissingExtra where the plan needs a part that is not installed."""
    if plan.load:
        extras.demand("load")
        if plan.load.otlp:
            extras.demand("otel")


def _new_id() -> str:
    return uuid.uuid4().hex[:12]


def _directory(plan: RunPlan) -> Path:
    return new_directory(plan.output, plan.command)


def _guard(plan: RunPlan, run_id: str) -> Guard:
    """The guard of the run; it has let target and proxy pass."""
    if plan.live is None:
        guard = Guard.for_contract(plan.allow_remote, allow_plain_text=plan.allow_plain_text)
    else:
        service = plan.live.service
        gate = LiveGate(service.base_url, plan.live.terms, plan.live.ledger, run_id)
        guard = Guard.for_live(gate, service.resolver, plan.permission)
    target = plan.target or _EMBEDDED
    (guard.under_load(plan.load.ceiling) if plan.load else guard).check(target)
    if plan.proxy is not None:
        guard.check_proxy(proxy_of(plan.proxy).origin, origin_of(target))
    return guard


def _live(
    plan: RunPlan, directory: Path, guard: Guard, spec: Spec, work: Work, run_id: str
) -> Ended:
    """Do the work; every end of it becomes the last line of the journal."""
    started = time.monotonic()
    redactor = Redactor(plan.keys.secrets)
    with closing(journal.Journal(journal.part(directory, "main"), redactor)) as main:
        main.write(_started(plan, directory, spec))
        ended = Ended(directory)
        try:
            with announced(), _target(plan, guard, run_id, directory) as target:
                plan = _with_keys(plan, target, redactor)
                spec = _contract_of(plan, spec, target)
                main.write(_found(plan, target, spec))
                if abs(ahead_secs := target.clock_ahead_secs) > CLOCKS_APART_SECS:
                    main.write(Note(_told_clock(ahead_secs)))
                work(Run(plan, run_id, directory, target, spec, guard))
        except BaseException as error:  # noqa: BLE001 - every end is recorded, then told apart
            ended = _meaning(error, plan, directory)
        duration_s = round(time.monotonic() - started, 3)
        main.write(ended.record(duration_s))
    return ended


def _meaning(error: BaseException, plan: RunPlan, directory: Path) -> Ended:
    """What an exception means for the run."""
    goes_on = plan.resumed_by(directory)
    match error:
        case KeyboardInterrupt():
            return Ended(directory, ExitCode.INTERRUPTED, "interrupted", hint=goes_on)
        case Terminated():
            return Ended(directory, ExitCode.TERMINATED, "terminated", hint=goes_on)
        case OSError(errno=number) if number in NO_ROOM:
            error = CannotWrite(directory, error)
    if not isinstance(error, HarnessError):
        error = crash.reported(error, directory)
    return Ended(directory, error.exit_code, str(error), error)


@contextmanager
def _target(plan: RunPlan, guard: Guard, run_id: str, directory: Path) -> Iterator[targets.Target]:
    """The system under test; the embedded sandbox lives as long as the run does."""
    with ExitStack() as stack:
        url, token = plan.target, ""
        if url is None:
            started = embedded_sandbox.sandbox(plan.dialect, plan.seed, directory, plan.faults_from)
            url, token = stack.enter_context(started)
        client = Client(
            guard,
            run_id=run_id,
            ca_file=plan.ca_file,
            proxy=plan.proxy,
            total_timeout_secs=FIRST_ANSWER_SECS,
        )
        yield targets.resolve(stack.enter_context(client), url, plan.keys, token=token)


def _with_keys(plan: RunPlan, target: targets.Target, redactor: Redactor) -> RunPlan:
    """The plan with the keys that the target is called with; an access token is new to both."""
    if not target.keys.oauth:
        return plan
    redactor.learn_secret(target.keys.first, f"${KEY_VARIABLE}")
    return msgspec.structs.replace(plan, keys=target.keys)


def _contract_of(plan: RunPlan, spec: Spec, target: targets.Target) -> Spec:
    """The contract of a target: with our own bounds only where it announces them."""
    if "chosen" not in target.announces:
        return spec
    return contract(plan.spec, chosen=True)


def _started(plan: RunPlan, directory: Path, spec: Spec) -> RunStarted:
    return RunStarted(
        tool=TOOL,
        command=plan.command,
        directory=str(directory),
        words=() if plan.live else plan.words,
        repeats_with=plan.repeats_with,
        spec_sha256=spec.sha256,
        target=Target(url=plan.target or ""),
        dialect=plan.dialect,
        started_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        seed=plan.seed,
        level=plan.suite.level,
        jobs=plan.suite.jobs,
        shard=str(plan.suite.shard) if plan.suite.shard.count > 1 else "",
        judges_all=plan.judges_all,
        requirements=tuple(catalogue.load().values()),
    )


def _told_clock(ahead_secs: float) -> str:
    where = "ahead of" if ahead_secs > 0 else "behind"
    return f"the target's clock is {duration(abs(ahead_secs))} {where} this machine's"


def _found(plan: RunPlan, target: targets.Target, spec: Spec) -> TargetFound:
    return TargetFound(
        target=target.recorded,
        dialect=target.dialect,
        spec_sha256=spec.sha256,
        operations=tuple(
            Operation(item.operation_id, item.method, item.path) for item in spec.operations
        ),
        waivers=recorded(plan.waivers, target.url, catalogue.load()),
    )
