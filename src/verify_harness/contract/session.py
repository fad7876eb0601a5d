"""One process's share of a contract run: every check gets its tenants, its seed, its verdict."""

import os
import time
import uuid
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seed_hypothesis

from verify_harness import catalogue, content, journal, targets
from verify_harness.client import Client
from verify_harness.contract import generated, marks, selection
from verify_harness.contract.check import Check, NotObservable, running, seed_for
from verify_harness.contract.judging import judge
from verify_harness.contract.patience import Patience
from verify_harness.contract.progress import Progress
from verify_harness.errors import HarnessError, NoVerdict
from verify_harness.guard import Guard
from verify_harness.redact import Redactor
from verify_harness.spec import Spec
from verify_harness.spec import load as load_spec
from verify_harness.spec.coverage import Coverage
from verify_harness.spec.unreachable import unreachable

EXAMPLES = {"smoke": 1, "standard": 12, "deep": 200}
"""How many examples hypothesis draws for one check, by level."""

LOOKS_SECS = 5.0
"""How long it may take to show that it is there at all."""


def _settle_hypothesis(level: marks.Level, *, shrinks: bool) -> None:
    """Settings under which the same seed draws the same requests anywhere (design §5).

    Constants that hypothesis mines from local modules depend on what happens to be imported from
    where, so there are none. The target phase costs most of the time and finds nothing here.
    """
    from hypothesis.internal.conjecture import providers  # noqa: PLC0415 - no public switch

    no_constants = providers.Constants  # type: ignore[attr-defined] # not re-exported
    providers._get_local_constants = no_constants  # noqa: SLF001
    settings.register_profile(
        "verify-harness",
        max_examples=EXAMPLES[level],
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.explicit, Phase.generate, *([Phase.shrink] if shrinks else [])),
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
        print_blob=False,
        report_multiple_bugs=False,
    )
    settings.load_profile("verify-harness")


class Session:
    """One process's share of a contract run."""

    def __init__(self, config: pytest.Config) -> None:
        option = config.getoption
        self.level: marks.Level = option("--level")
        self.run_seed: int = option("--run-seed")
        self.run_id: str = option("--run-id") or uuid.uuid4().hex[:12]
        self.selected = selection.parse(option("--select"))
        self.catalogue = catalogue.load()
        self.client = Client(
            Guard.for_contract(tuple(option("--allow-remote"))),
            run_id=self.run_id,
            ca_file=option("--ca-file"),
            proxy=option("--proxy"),
        )
        self.target = targets.resolve(self.client, option("--target"), os.environ)
        self.spec = _spec(option("--spec"), self.target)
        _settle_hypothesis(self.level, shrinks=not option("--prove"))
        generated.use(self.spec, seed=self.run_seed, max_examples=EXAMPLES[self.level])
        self.journal = _journal(option("--journal"), config)
        self.coverage = None if option("--prove") else Coverage(self.spec)
        self.progress = Progress() if option("--progress") and not _is_worker(config) else None
        self.faults: tuple[str, ...] = tuple(option("--tenant-fault"))
        self.replay: str = option("--replay") or _replay(option("--target"), self.run_seed)
        self._files = selection.files(self.level, self.selected, option("--only-check"))
        self.check: Check | None = None
        self.patience = Patience(self._looks)

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave out the files of the suite that hold nothing of what is wanted."""
        root = content.contracts()
        if collection_path.suffix != ".py" or not collection_path.is_relative_to(root):
            return None
        return collection_path.relative_to(root).as_posix() not in self._files or None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Keep the checks of this level and selection; an unknown requirement id is an error."""
        kept, dropped = selection.split(items, self.catalogue, self.spec, self.level, self.selected)
        if only := config.getoption("--only-check"):
            dropped += [item for item in kept if selection.check_id(item) != only]
            kept = [item for item in kept if selection.check_id(item) == only]
        if dropped:
            config.hook.pytest_deselected(items=dropped)
        items[:] = kept

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Give each check its own tenants, seed and place in the journal."""
        binding = marks.of(item)
        if binding is None:
            return (yield)
        with ExitStack() as stack:
            try:
                check = stack.enter_context(self._hopefully(item))
            except HarnessError as error:
                self.patience.target_is_there()
                self._lost(selection.check_id(item), binding, str(error))
                return (yield)  # its set-up finds no check, and skips it
            check.write(
                "check-started",
                requirements=list(binding.ids),
                operations=list(selection.operations(item, self.spec)),
                title=selection.title(item),
            )
            return (yield)

    def _hopefully(self, item: pytest.Item) -> AbstractContextManager[Check]:
        """Make the check of an item; raises NoVerdict where no answer is to be expected."""
        if self.patience.is_over:
            raise NoVerdict(self.patience.reason)
        return self.conduct(item, faults=self.faults, journal=self.journal)

    def _looks(self) -> bool:
        """Whether the target answers anything, on a connection of its own."""
        with self.client.another(total_timeout_secs=LOOKS_SECS) as client:
            return targets.is_there(client, self.target)

    @contextmanager
    def conduct(
        self,
        item: pytest.Item,
        *,
        faults: tuple[str, ...],
        journal: journal.Journal | None,
        stop_at: str | None = None,
    ) -> Iterator[Check]:
        """Make a check of an item, for the time that pytest runs it."""
        check_id = selection.check_id(item)
        check = Check(
            id=check_id,
            seed=seed_for(self.run_seed, check_id),
            target=self.target,
            client=self.client,
            journal=journal,
            request_id=self.run_id,
            catalogue=self.catalogue,
            replay=self.replay,
            patience=self.patience,
            faults=faults,
            stop_at=stop_at,
            coverage=self.coverage,
        )
        started = time.monotonic()
        with running(check):
            self.check = check
            yield check
            self.check = None
        check.finish(round(time.monotonic() - started, 3))

    def _lost(self, check_id: str, binding: marks.Binding, reason: str) -> None:
        """Journal a check that could not even begin."""
        if self.journal is not None:
            ids = list(binding.ids)
            write = partial(self.journal.write, check=check_id)
            write("check-started", seq=1, requirements=ids, operations=[], title=check_id)
            write("check-finished", seq=2, status="error", reason=reason, duration_s=0.0)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip what the target cannot show, and seed hypothesis for this check alone."""
        binding = marks.of(item)
        if binding is None:
            return
        if self.check is None:
            pytest.skip("there is no target to check")
        needed = {*binding.levers, *(x for i in binding.ids for x in self.catalogue[i].levers)}
        for lever in sorted(needed):
            if not self.target.offers(lever):
                pytest.skip(f"not observable: {lever}")
        function: Any = getattr(item, "obj", None)
        if getattr(function, "is_hypothesis_test", False):
            seed_hypothesis(self.check.seed)(function)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn what a check raised into a finding, a skip or an error."""
        report = yield
        binding = marks.of(item)
        if self.check is None or binding is None:
            return report
        error = call.excinfo.value if call.excinfo else None
        if error is None and call.when == "call":
            self.check.settle()
            self.check.complete = True
        judge(self.check, binding, error)
        if isinstance(error, NotObservable):
            report.outcome = "skipped"
            report.longrepr = (str(item.path), 0, f"not observable: {error}")
        elif call.when == "call" and self.check.found and report.passed:
            report.outcome = "failed"
            report.longrepr = f"{len(self.check.found)} findings, see the report"
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Tell the person waiting how far we are."""
        if self.progress is not None and report.when == "teardown":
            self.progress.advance()
        if self.progress is not None and report.failed:
            self.progress.fail()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Learn how many checks there are."""
        if self.progress is not None:
            self.progress.total = len(session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Learn from a worker process how many checks there are."""
        if self.progress is not None:
            self.progress.total = len(ids)

    def pytest_sessionfinish(self) -> None:
        """Close what this process opened."""
        if self.progress is not None:
            self.progress.close()
        if self.journal is not None:
            self._tell_coverage(self.journal)
            self.journal.close()

    def _tell_coverage(self, journal: journal.Journal) -> None:
        """Say what this process exercised of the spec, in counts."""
        if self.coverage is None or not self.coverage.exchanges:
            return
        is_sandbox, dialect = self.target.kind == "sandbox", self.target.dialect
        reasons = unreachable(self.spec, dialect) if is_sandbox else {}
        journal.write("coverage", operations=self.coverage.as_json(), unreachable=reasons)


def _spec(path: Path | None, target: targets.Target) -> Spec:
    """The contract that this target has to keep: with our bounds only where it announces them."""
    overlay = content.specs() / "chosen.overlay.yaml" if "chosen" in target.announces else None
    return load_spec(path, overlay=overlay)


def _replay(url: str, seed: int) -> str:
    return f"pytest contracts/ --target {url} --run-seed {seed} --select {{requirement}}"


def _journal(directory: Path | None, config: pytest.Config) -> journal.Journal | None:
    if directory is None:
        return None
    name = getattr(config, "workerinput", {}).get("workerid", config.getoption("--part"))
    keys = (targets.KEY_VARIABLE, targets.SECOND_KEY_VARIABLE)
    secrets = {value: f"${key}" for key in keys if (value := os.environ.get(key))}
    return journal.Journal(journal.part(directory, name), Redactor(secrets))


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")
