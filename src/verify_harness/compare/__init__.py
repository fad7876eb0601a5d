"""Two runs held against each other (`verify-harness compare A B`)."""

from verify_harness.compare.contract import (
    changed_observations,
    changed_operations,
    changed_requirements,
)
from verify_harness.compare.load import compare_load, unlike
from verify_harness.compare.reading import ReadRun, read_run
from verify_harness.compare.result import Comparison, LoadComparison
from verify_harness.errors import NotComparable

__all__ = ["Comparison", "compare", "read_run"]


def compare(before: ReadRun, after: ReadRun) -> Comparison:
    """Compare all that both runs have; raises NotComparable where that is nothing."""
    _refuse_the_unlike(before, after)
    load, doubt = _load(before, after)
    views = before.view, after.view
    if load is None and not (views[0].requirements or views[1].requirements):
        raise NotComparable(doubt or "neither run judged a requirement or drove a load")
    return Comparison(
        before=str(before.path),
        after=str(after.path),
        requirements=tuple(changed_requirements(*views)),
        observations=tuple(changed_observations(*views)),
        operations=tuple(changed_operations(*views)),
        load=load,
        notes=(f"load: {doubt}",) if doubt else (),
    )


def _refuse_the_unlike(before: ReadRun, after: ReadRun) -> None:
    for run in (before, after):
        if run.view.partial:
            raise NotComparable(f"{run.path} is partial: it ended before its time")
    kinds = before.view.target.kind, after.view.target.kind
    if kinds[0] != kinds[1]:
        raise NotComparable(f"one tested a {kinds[0]}, the other a {kinds[1]}")


def _load(before: ReadRun, after: ReadRun) -> tuple[LoadComparison | None, str | None]:
    """The loads compared, or why they were not; nothing of both where no run has a load."""
    if before.load is None or after.load is None:
        same = before.load is after.load
        return None, None if same else "only one of the runs has a load"
    for run in (before, after):
        if run.view.load is not None and run.view.load.invalid:
            return None, f"the load of {run.path} is invalid: {run.view.load.invalid[0]}"
    doubt = unlike(before.load, after.load)
    return (None if doubt else compare_load(before.load, after.load)), doubt
