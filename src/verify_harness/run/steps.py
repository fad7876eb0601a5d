"""The steps that runs are made of: check the contract, drive load, search the capacity, prove."""

import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

from verify_harness import access_tokens, control_token, journal
from verify_harness.client import Client
from verify_harness.contract import runner
from verify_harness.contract.task import Task
from verify_harness.errors import UsageError
from verify_harness.journal.records import LoadCapacity
from verify_harness.load.capacity_runner import find_capacity
from verify_harness.load.launcher import LoadRun, run_load
from verify_harness.load.roles import Worker
from verify_harness.progress_bar import columns_of
from verify_harness.run.life import Run
from verify_harness.run.plan import Load
from verify_harness.run.watching import watching
from verify_harness.safety.guard import Guard
from verify_harness.subprocesses import clean_environment
from verify_harness.targets import Levers, Tenant


def check_contract(run: Run) -> None:
    """Run the contract checks of the plan."""
    runner.verify(contract_task(run), run.directory, contract_environment(run))


def contract_task(run: Run) -> Task:
    """What the processes of the suite have to do in this run."""
    plan = run.plan
    return Task(
        target=run.target.url,
        suite=plan.suite,
        seed=plan.seed,
        run_id=run.id,
        spec=plan.spec.absolute() if plan.spec else None,
        allow_remote=plan.allow_remote,
        allow_plain_text=plan.allow_plain_text,
        ca_file=plan.ca_file,
        proxy=plan.proxy,
        directory=run.directory.absolute(),
        tolerated=frozenset(item.id for item in plan.waivers if item.covers(run.target.url)),
        shows_progress=not plan.is_quiet,
        progress_columns=columns_of(sys.stderr),
        ends_at=None if plan.suite.max_secs is None else time.time() + plan.suite.max_secs,
    )


def contract_environment(run: Run) -> dict[str, str]:
    """The environment of the suite's processes."""
    token = run.target.control_token
    levers = {control_token.VARIABLE: token} if token else {}
    return {**clean_environment(), **run.plan.keys.environment, **levers}


def check_all(run: Run) -> None:
    """The main job: the contract, then the load of the plan."""
    check_contract(run)
    drive_load(run)


def drive_load(run: Run) -> None:
    """Drive the load of the plan."""
    load = run.plan.load
    is_elsewhere = load is not None and isinstance(load.role, Worker)
    is_quiet = run.plan.is_quiet or is_elsewhere  # the master knows how it goes
    with (
        watching(run.id, run.target.url, load, is_quiet=is_quiet) as look,
        _prepared(run) as prepared,
    ):
        run_load(replace(prepared, look=look))


def search_capacity(run: Run, probe_secs: float) -> None:
    """Find the highest arrival rate that keeps the limits of the plan's profile."""
    with _prepared(run) as prepared:
        found = find_capacity(prepared, probe_secs, _silent if run.plan.is_quiet else _say)
    with closing(journal.Journal(journal.part(run.directory, "capacity"))) as lines:
        lines.write(LoadCapacity(found))


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _silent(_text: str) -> None:
    """Say nothing: the user asked for that."""


def _account(run: Run, client: Client, load: Load) -> Tenant:
    """The account that the load uses; raises UsageError where its token ends before the load."""
    keys = access_tokens.fresh(client, run.target.keys, run.target.url)
    if keys.oauth and time.monotonic() + load.profile.duration_s > keys.oauth.renew_at:
        raise UsageError(
            f"the load takes {load.profile.duration_s:g} s, longer than the access token is good.",
            hint="use an API key, or a shorter profile",
        )
    return Tenant(keys.first)


@contextmanager
def _prepared(run: Run) -> Iterator[LoadRun]:
    """The load run to be made, with a tenant of its own where the target has tenants."""
    load = run.plan.load
    if load is None:
        raise UsageError("the run has no load to drive.", hint="name a profile")
    guard = Guard.for_load(permission=run.plan.permission, ceiling=load.ceiling)
    with Client(guard, run_id=run.id, ca_file=run.plan.ca_file) as client:
        minted = run.target.offers("tenants")
        levers = Levers(client, run.target)
        tenant = levers.mint(run.plan.seed)[0] if minted else _account(run, client, load)
        try:
            yield LoadRun(
                target_url=run.target.url,
                api_key=tenant.key,
                profile=load.profile,
                seed=run.plan.seed,
                run_id=run.id,
                directory=run.directory,
                processes=load.processes,
                role=load.role,
                spec=run.plan.spec,
                has_chosen_rules="chosen" in run.target.announces,
                ca_file=run.plan.ca_file,
                permission=run.plan.permission,
                ceiling=load.ceiling,
            )
        finally:
            if minted:
                levers.drop(tenant)
