"""What a run depends on, looked at one by one, without a billable call."""

import os
import platform
import resource
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

from verify_harness import __version__, extras, targets
from verify_harness.errors import HarnessError
from verify_harness.exitcodes import ExitCode
from verify_harness.results.figures import duration
from verify_harness.run.life import CLOCKS_APART_SECS, visited
from verify_harness.run.plan import RunPlan
from verify_harness.spec import contract

_LIBRARIES = ("schemathesis", "hypothesis", "pytest")
_FOR_LOAD = ("locust", "gevent")
_MANY_FILES = 4096
"""A load client keeps a connection for each person on the way."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was looked at: what it is, and what to do where that is not right."""

    name: str
    result: str
    status: Literal["pass", "warn", "fail"] = "pass"
    remedy: str = ""
    exit_code: ExitCode = ExitCode.PASS
    """That of a run with these settings."""


def diagnosed(plan: RunPlan) -> Iterator[Row]:
    """Look at the machine, the document, the keys and the target of a plan."""
    yield from _machine()
    yield from _document(plan)
    yield from _target(plan)


def _machine() -> Iterator[Row]:
    yield Row("verify-harness", f"{__version__} on Python {platform.python_version()}")
    yield Row("libraries", _versions(_LIBRARIES))
    yield _load_libraries()
    yield Row("processors", f"{os.cpu_count()}; one generates load unless --processes says more")
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < _MANY_FILES:
        remedy = f"ulimit -n {_MANY_FILES} before a load with many people at once"
        yield Row("open files", f"{soft} at most", "warn", remedy)
    else:
        yield Row("open files", "no limit" if soft < 0 else f"{soft} at most")


def _versions(names: Iterable[str]) -> str:
    return ", ".join(f"{name} {version(name)}" for name in names)


def _load_libraries() -> Row:
    """Load is an extra: without it the rest works."""
    try:
        extras.demand("load")
    except extras.MissingExtra as missing:
        return Row("load", str(missing), "warn", missing.hint)
    return Row("load", _versions(_FOR_LOAD))


def _document(plan: RunPlan) -> Iterator[Row]:
    found = contract(plan.spec, chosen=False)
    what = "bundled" if plan.spec is None else str(plan.spec)
    told = f"{what}: {len(found.operations)} operations, sha256 {found.sha256[:16]}…"
    yield Row("specification", told)


def _target(plan: RunPlan) -> Iterator[Row]:
    if plan.target is None:
        yield Row("target", "none was named: runs start the embedded sandbox")
        return
    try:
        with visited(plan) as target:
            yield from _visited(target)
    except HarnessError as error:
        yield Row("target", str(error), "fail", error.hint or "", error.exit_code)


def _visited(target: targets.Target) -> Iterator[Row]:
    yield Row("target", f"{target.url} answers ({target.kind})")
    if target.kind == "sandbox":
        yield Row("key", "none is needed: a sandbox makes accounts for each check")
    else:
        yield Row("key", f"accepted; {len(target.tenants)} of 2 accounts (free read)")
        yield _clock(target.clock_ahead_secs)
    levers = ", ".join(sorted(target.levers)) or "none: what needs one is skipped"
    yield Row("levers", levers)


def _clock(ahead_secs: float) -> Row:
    if abs(ahead_secs) <= CLOCKS_APART_SECS:
        return Row("clock", "as this machine's")
    where = "ahead of" if ahead_secs > 0 else "behind"
    told = f"{duration(abs(ahead_secs))} {where} this machine's"
    return Row("clock", told, "warn", "set one of the two: tokens and expiry depend on it")
