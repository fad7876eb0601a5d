"""Runs again what a run did not see pass: what failed, was not judged, or had no turn."""

from collections.abc import Iterator

import msgspec

from verify_harness.contract import suite
from verify_harness.contract.levels import LEVELS
from verify_harness.journal.records import LIVE_CHECKS, LOAD_CHECK
from verify_harness.results.model import JudgedRequirement, RunView
from verify_harness.run.plan import RunPlan
from verify_harness.run.replay import repeating

NOT_RUN = "not run"
"""Begins the reason of a requirement whose checks had no turn."""


def checks_to_rerun(view: RunView) -> tuple[str, ...]:
    """The checks that a finding came from, and all checks of what was not judged."""
    return tuple(dict.fromkeys([*_failed(view), *_unjudged(view)]))


def rerun_plan(plan: RunPlan, view: RunView, only: tuple[str, ...]) -> RunPlan:
    """The plan with these checks, and the level, seed and dialect of the run.

    Raises UsageError where the run used another specification than the plan's.
    """
    again = repeating(plan, view, only)
    return msgspec.structs.replace(
        again, suite=msgspec.structs.replace(again.suite, jobs=plan.suite.jobs)
    )


def _failed(view: RunView) -> Iterator[str]:
    for item in view.requirements:
        for finding in item.findings if item.status in ("fail", "flaky", "warn") else ():
            if finding.check != LOAD_CHECK and not finding.check.startswith(LIVE_CHECKS):
                yield finding.check


def _unjudged(view: RunView) -> Iterator[str]:
    level = view.level or "standard"
    within = LEVELS[: LEVELS.index(level) + 1] if level in LEVELS else LEVELS
    for item in filter(_is_unjudged, view.requirements):
        for place in suite.checks().get(item.id, ()):
            if place.level in within:
                yield f"{place.file}::{place.name}"


def _is_unjudged(item: JudgedRequirement) -> bool:
    had_no_turn = item.status == "skip" and (item.reason or "").startswith(NOT_RUN)
    return had_no_turn or item.status == "error" or (item.status == "fail" and not item.findings)
