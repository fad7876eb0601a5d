"""Two contract runs: requirements, observations and answered statuses that stand otherwise."""

from collections.abc import Iterator, Mapping

from verify_harness.results import RunView
from verify_harness.results.comparison import Change, Judgement


def changed_requirements(before: RunView, after: RunView) -> Iterator[Change]:
    """Requirements that both runs judged, and differently, and those that fail now.

    A failure is a regression even where the first run did not judge its requirement: a load run
    names requirements only when they break.
    """
    earlier = _judged(before)
    for name, old, new in _differing(earlier, _judged(after)):
        yield Change(name, old, new, _judgement(old, new))
    for name, new in _judged(after).items():
        if new == "fail" and name not in earlier:
            yield Change(name, None, new, "regression")


def judged_in_common(before: RunView, after: RunView) -> int:
    """How many requirements both runs judged."""
    return len(_judged(before).keys() & _judged(after).keys())


def judged_once(before: RunView, after: RunView) -> int:
    """How many requirements only one of the runs judged."""
    return len(_judged(before).keys() ^ _judged(after).keys())


def _judged(view: RunView) -> dict[str, str]:
    return {item.id: str(item.status) for item in view.requirements}


def _judgement(old: str, new: str) -> Judgement:
    if new == "fail":
        return "regression"
    return "improvement" if (old, new) == ("fail", "pass") else "no change"


def changed_observations(before: RunView, after: RunView) -> Iterator[Change]:
    """What was seen where the documents contradict each other, if it differs."""
    for key, old, new in _differing(_observed(before), _observed(after)):
        yield Change(key, old, new, "no change")


def _observed(view: RunView) -> dict[str, str]:
    keys = dict.fromkeys(item.key for item in view.observations)
    return {
        key: ", ".join(sorted({item.value for item in view.observations if item.key == key}))
        for key in keys
    }


def changed_operations(before: RunView, after: RunView) -> Iterator[Change]:
    """Operations that answered with other statuses; how often does not matter."""
    for name, old, new in _differing(_answered(before), _answered(after)):
        yield Change(name, old, new, "no change")


def changed_keywords(before: RunView, after: RunView) -> Iterator[Change]:
    """Operations whose requests left other sides of the schema's keywords out."""
    for name, old, new in _differing(_not_shown(before), _not_shown(after)):
        yield Change(name, old or "all", new or "all", "no change")


def _not_shown(view: RunView) -> dict[str, str]:
    operations = view.coverage.operations if view.coverage else ()
    return {
        item.operation_id: f"all but {', '.join(sorted(item.keywords.missing))}"
        if item.keywords.missing
        else ""
        for item in operations
    }


def _answered(view: RunView) -> dict[str, str]:
    return {item.operation_id: ", ".join(sorted(item.statuses)) for item in view.operations}


def _differing(
    before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """What both runs know; a run of fewer checks has not changed what it left out."""
    for name, old in before.items():
        new = after.get(name, old)
        if new != old:
            yield name, old, new
