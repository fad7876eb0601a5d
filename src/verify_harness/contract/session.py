"""One process's share of a contract run, as a pytest plugin.

Gives each check its tenants and its seed, and turns what it raises into findings and a status.
"""

import gc
import json
import time
import traceback
import uuid
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from _pytest.runner import runtestprotocol
from hypothesis import seed as seed_hypothesis

from verify_harness import access_tokens, bundled, catalogue, journal, targets
from verify_harness.client import Client
from verify_harness.contract import selection, suite
from verify_harness.contract.binding import Binding, binding_of
from verify_harness.contract.check_exceptions import FaultCaught, NotObservable
from verify_harness.contract.check_journal import CheckJournal
from verify_harness.contract.circuit_breaker import CircuitBreaker
from verify_harness.contract.context import CheckContext, CheckEnvironment, open_check
from verify_harness.contract.hypothesis_profile import EXAMPLES, settle_hypothesis
from verify_harness.contract.levels import Level
from verify_harness.contract.outcomes import judge, unexpected
from verify_harness.contract.task import Suite, Task, read_task
from verify_harness.errors import HarnessError, NotInDocument, NoVerdict
from verify_harness.journal import records
from verify_harness.journal.embedded import OperationCoverage
from verify_harness.journal.records import RequirementDeclared, RunStopped
from verify_harness.keys import Keys, read_keys
from verify_harness.safety.addresses import is_loopback
from verify_harness.safety.guard import Guard
from verify_harness.safety.redaction import Redactor
from verify_harness.spec import Spec, contract
from verify_harness.spec.coverage import Coverage
from verify_harness.spec.unreachable import unreachable

PROBE_TIMEOUT_SECS = 5.0
"""Timeout of a request that only asks whether the target responds at all."""


_TIME_IS_OVER = "the time was over"
_SURPRISES_A_KIND = 3
"""How often a process reports that the model does not allow something about an operation."""
_REPETITIONS = 2
"""How often a check that failed at level deep is repeated."""


class Session:
    """One process's share of a contract run."""

    def __init__(self, config: pytest.Config) -> None:
        task = self.task = task_of(config)
        self.level: Level = task.suite.level
        self.selected = suite.parse(task.suite.selected)
        run_id = task.run_id or uuid.uuid4().hex[:12]
        client = Client(
            Guard.for_contract(task.allow_remote, allow_plain_text=task.allow_plain_text),
            run_id=run_id,
            ca_file=task.ca_file,
            proxy=task.proxy,
        )
        keys = read_keys(None)
        self.target = targets.resolve(client, task.target, keys)
        self.spec = _spec(task.spec, self.target)
        proves = bool(config.getoption("--prove"))
        settle_hypothesis(self.level, shrinks=not proves)
        wanted = suite.wanted(self.level, self.selected, task.suite.only)
        self._files = frozenset(place.file for place in wanted)
        self.journal = _journal(task.directory, config, keys)
        self.coverage = None if proves else Coverage(self.spec)
        self.check: CheckContext | None = None
        self._surprises: Counter[tuple[tuple[str, ...], str, str | None]] = Counter()
        self.environment = CheckEnvironment(
            target=self.target,
            client=client,
            catalogue=dict(catalogue.load()),
            breaker=CircuitBreaker(self._probe_target),
            run_id=run_id,
            run_seed=task.seed,
            max_examples=EXAMPLES[self.level],
            coverage=self.coverage,
            spec=self.spec,
        )

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Ignore files of the suite that contain no selected check."""
        root = bundled.contracts()
        if collection_path.suffix != ".py" or not collection_path.is_relative_to(root):
            return None
        return collection_path.relative_to(root).as_posix() not in self._files or None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Keep the checks of this level and selection; an unknown requirement id is an error."""
        own = selection.adopt(items)
        self.environment.catalogue.update({entry.id: entry for entry in own})
        for problem in selection.problems(items, self.environment.catalogue):
            self._refuse(problem)
        chosen = selection.Selection(
            self.level, self.selected, self.task.suite.only, self.task.suite.shard
        )
        kept, dropped = selection.split(items, chosen)
        if self.journal is not None:
            for entry in own:
                self.journal.write(RequirementDeclared(requirement=entry))
        if dropped:
            config.hook.pytest_deselected(items=dropped)
        items[:] = kept
        gc.freeze()  # what is here stays: no collection is to look through it again

    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[Any]
    ) -> None:
        """Name a file of the user's own that cannot be loaded."""
        if isinstance(node, pytest.Item) or node.path.is_relative_to(bundled.contracts()):
            return
        error = call.excinfo.value if call.excinfo else None
        cause = (error.__cause__ or error) if error else None
        self._refuse(f"{node.path} cannot be loaded: {type(cause).__name__}: {cause}")

    def _refuse(self, problem: str) -> None:
        """Say why a check of the user's own cannot be used; the run ends as a usage error."""
        path = self.task.problems_file
        if path is None:
            raise pytest.UsageError(problem)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(problem) + "\n")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Open a check for each item that is bound to requirements."""
        binding = binding_of(item)
        if binding is None or self._is_stopped:
            self._tell_if_time_is_over()
            return (yield)  # its set-up skips it
        with ExitStack() as stack:
            try:
                self._renew_token()
                check = stack.enter_context(self._check_or_refuse(item))
            except HarnessError as error:
                self.environment.breaker.target_responds()
                self._record_not_started(selection.check_id(item), binding, str(error))
                return (yield)  # the set-up finds no check and skips the item
            about = selection.operations(item)
            check.journal.started(binding.ids, about, selection.title(item))
            return (yield)

    def _renew_token(self) -> None:
        """Have an access token that outlives the next check; raises NoVerdict where none is given.

        Its own client asks, so that the connection of the checks stays theirs.
        """
        if self.target.keys.oauth is None:
            return
        with self.environment.client.another() as client:
            keys = access_tokens.fresh(client, self.target.keys, self.target.url)
        self.target = self.target.with_keys(keys)
        self.environment = replace(self.environment, target=self.target)

    def _check_or_refuse(self, item: pytest.Item) -> AbstractContextManager[CheckContext]:
        """Open the check of an item; raises NoVerdict once the circuit breaker is open."""
        if self.environment.breaker.is_open:
            raise NoVerdict(self.environment.breaker.reason)
        return self.conduct(item, faults=self.task.tenant_faults, journal=self.journal)

    def _probe_target(self) -> bool:
        """Whether the target responds to anything, on a connection of its own."""
        client = self.environment.client.another(total_timeout_secs=PROBE_TIMEOUT_SECS)
        with client:
            return targets.is_there(client, self.target)

    @contextmanager
    def conduct(
        self,
        item: pytest.Item,
        *,
        faults: tuple[str, ...],
        journal: journal.Journal | None,
        stop_at: str | None = None,
    ) -> Iterator[CheckContext]:
        """Open the check of an item while pytest runs it, then record its result."""
        started, check_id = time.monotonic(), selection.check_id(item)
        with open_check(
            self.environment,
            check_id,
            journal=journal,
            requirements=binding.ids if (binding := binding_of(item)) else (),
            faults=faults,
            stop_at=stop_at,
        ) as check:
            self.check = check
            yield check
            self.check = None
        if journal is not None and check.findings.reported and self._may_repeat:
            self._confirm(item, check, faults)
        duration_s = round(time.monotonic() - started, 3)
        check.findings.finish(duration_s, check.generated.sha256, check.judged_by_model)
        if any(self._ends_the_run(finding.requirement) for finding in check.findings.reported):
            self._stop()

    @property
    def _may_repeat(self) -> bool:
        """Whether checks that failed are repeated: off this machine that would trigger again."""
        host = urlsplit(self.target.url).hostname or ""
        return self.level == "deep" and is_loopback(host)

    def _confirm(self, item: pytest.Item, check: CheckContext, faults: tuple[str, ...]) -> None:
        """Repeat a check that failed, with the same seed; what is not seen again was chance."""
        wanted = {finding.requirement for finding in check.findings.reported}
        self._surprises.clear()  # what was reported often enough has to be seen again
        for _ in range(_REPETITIONS):
            with self.conduct(item, faults=faults, journal=None) as again:
                runtestprotocol(item, nextitem=None, log=False)
            check.journal.counted(again.journal)
            if wanted & {finding.requirement for finding in again.findings.reported}:
                return
        check.findings.doubt(f"failed once, and not in {_REPETITIONS} repetitions")

    @property
    def _is_stopped(self) -> bool:
        """Whether no further check begins."""
        return self._has_failed_fast or self._is_out_of_time

    @property
    def _has_failed_fast(self) -> bool:
        """Whether some process of a fail-fast run has found a failure."""
        path = self.task.stop_file
        return path is not None and path.exists()

    @property
    def _is_out_of_time(self) -> bool:
        return self.task.ends_at is not None and time.time() > self.task.ends_at

    def _tell_if_time_is_over(self) -> None:
        """Record that the time is over; the first process that sees it does so."""
        path = self.task.time_file
        if path is None or self.journal is None or not self._is_out_of_time:
            return
        with suppress(FileExistsError):
            path.touch(exist_ok=False)
            self.journal.write(RunStopped(reason=_TIME_IS_OVER))
            told = f"--max-secs {self.task.suite.max_secs}: checks had no turn, which is no verdict"
            self.journal.write(records.Note(message=f"{told} about what they ask for"))

    def _ends_the_run(self, requirement: str) -> bool:
        if self.task.stop_file is None:
            return False
        is_failure = self.environment.catalogue[requirement].severity == "fail"
        return is_failure and requirement not in self.task.tolerated

    def _stop(self) -> None:
        if self.task.stop_file is not None:
            self.task.stop_file.touch()
        if self.journal is not None:
            self.journal.write(RunStopped(reason="fail-fast"))

    def _record_not_started(self, check_id: str, binding: Binding, reason: str) -> None:
        record = CheckJournal(self.journal, check_id)
        record.started(binding.ids)
        record.finished("error", reason, 0.0)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip a check whose levers the target lacks; seed hypothesis for this check alone."""
        binding = binding_of(item)
        if binding is None:
            return
        if self.check is None:
            pytest.skip(
                f"not run ({'fail-fast' if self._has_failed_fast else _TIME_IS_OVER})"
                if self._is_stopped
                else "there is no target to check"
            )
        requirements = self.environment.catalogue
        needed = {*binding.levers, *(x for i in binding.ids for x in requirements[i].levers)}
        for lever in sorted(needed):
            if not self.target.offers(lever):
                raise NotObservable(lever)
        function: Any = getattr(item, "obj", None)
        if getattr(function, "is_hypothesis_test", False):
            seed_hypothesis(self.check.seed)(function)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Judge what the check raised, and make pytest's report agree with the findings."""
        report = yield
        binding = binding_of(item)
        if self.check is None or binding is None:
            return report
        findings = self.check.findings
        match error := call.excinfo.value if call.excinfo else None:
            case None if call.when == "call":
                findings.settle()
                self._ask_the_oracle(self.check)
            case None:
                return report
            case pytest.skip.Exception():
                findings.conclude("skip", str(error))
            case _:
                judge(self.check, binding.ids, error)
                report.longrepr = _told(self.check, error)
        if isinstance(error, NotObservable | NotInDocument | FaultCaught):
            report.outcome = "skipped"
            report.longrepr = (str(item.path), 0, str(error))
        elif call.when == "call" and findings.reported and report.passed:
            report.outcome = "failed"
            report.longrepr = f"{len(findings.reported)} findings, see the report"
        return report

    def _ask_the_oracle(self, check: CheckContext) -> None:
        """Report what the model does not allow, where the check itself found nothing.

        A thing that every answer shows would be found by a thousand checks: some are enough.
        """
        found = check.oracle.found if check.oracle else None
        if found is None or check.findings.reported:
            return
        requirement, operation_id = found.divergence.requirement, found.exchange.operation_id
        self._surprises[kind := (check.faults, requirement, operation_id)] += 1
        if self._surprises[kind] <= _SURPRISES_A_KIND:
            message = f"{operation_id}: {found.divergence}"
            check.findings.report(requirement, message, exchange=found.exchange)

    def pytest_sessionfinish(self) -> None:
        """Write the coverage and close the journal."""
        if self.journal is not None:
            self._write_coverage(self.journal)
            self.journal.close()

    def _write_coverage(self, journal: journal.Journal) -> None:
        """Record what this process exercised of the spec, in counts."""
        if self.coverage is None or not self.coverage.exchanges:
            return
        is_sandbox, dialect = self.target.kind == "sandbox", self.target.dialect
        reasons = unreachable(self.spec, dialect) if is_sandbox else {}
        operations = msgspec.convert(self.coverage.as_json(), dict[str, OperationCoverage])
        journal.write(records.Coverage(operations=operations, unreachable=reasons))


def _told(check: CheckContext, error: BaseException) -> str:
    """What pytest prints of a check that failed: its findings, or where the harness slipped."""
    if check.findings.reported:
        return "\n".join(
            check.journal.redactor.text(each.message) for each in check.findings.reported
        )
    frames = traceback.format_list(traceback.extract_tb(error.__traceback__))
    return f"{''.join(frames)}{unexpected(error)}"


def task_of(config: pytest.Config) -> Task:
    """What this process has to do: the document of a run, or what the direct options say."""
    option = config.getoption
    if option("--task"):
        return read_task(option("--task"))
    return Task(
        target=option("--target"),
        suite=Suite(level=option("--level"), selected=tuple(option("--select"))),
        seed=option("--run-seed"),
        spec=option("--spec"),
        allow_remote=tuple(option("--allow-remote")),
        allow_plain_text=option("--allow-plain-text"),
        ca_file=option("--ca-file"),
        proxy=option("--proxy"),
        tenant_faults=tuple(option("--tenant-fault")),
    )


def _spec(path: Path | None, target: targets.Target) -> Spec:
    """The contract that this target has to keep: with our bounds only where it announces them."""
    return contract(path, chosen="chosen" in target.announces)


def _journal(directory: Path | None, config: pytest.Config, keys: Keys) -> journal.Journal | None:
    if directory is None:
        return None
    name = getattr(config, "workerinput", {}).get("workerid", config.getoption("--part"))
    return journal.Journal(journal.part(directory, name), Redactor(keys.secrets))
