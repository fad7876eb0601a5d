"""Two runs held against each other (`verify-harness compare A B`)."""

from collections.abc import Iterator

from verify_harness.compare.load_figures import compare_load, unlike
from verify_harness.compare.requirements import (
    changed_keywords,
    changed_observations,
    changed_operations,
    changed_requirements,
    judged_in_common,
    judged_once,
)
from verify_harness.compare.run_reader import ReadRun, read_run
from verify_harness.errors import NotComparable
from verify_harness.results.comparison import Comparison, LoadComparison

__all__ = ["Comparison", "compare", "read_run"]


def compare(before: ReadRun, after: ReadRun) -> Comparison:
    """Compare all that both runs have; raises NotComparable where that is nothing."""
    _refuse_the_unlike(before, after)
    load, doubt = _load(before, after)
    views = before.view, after.view
    requirements = tuple(changed_requirements(*views))
    if load is None and not requirements and not judged_in_common(*views):
        raise NotComparable(doubt or "no requirement was judged, and no load driven, in both")
    return Comparison(
        before=str(before.path),
        after=str(after.path),
        requirements=requirements,
        observations=tuple(changed_observations(*views)),
        operations=tuple(changed_operations(*views)),
        keywords=tuple(changed_keywords(*views)),
        load=load,
        notes=tuple(_notes(judged_once(*views), doubt)),
    )


def _notes(judged_once: int, doubt: str | None) -> Iterator[str]:
    """What was not compared."""
    if judged_once:
        yield f"requirements that only one of the runs judged: {judged_once}"
    if doubt:
        yield f"load: {doubt}"


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
