"""Two contract runs: requirements, observations and answered statuses that stand otherwise."""

from collections.abc import Iterator, Mapping

from verify_harness.compare.result import Change, Judgement
from verify_harness.report import RunView


def changed_requirements(before: RunView, after: RunView) -> Iterator[Change]:
    """Requirements whose status differs; one that fails now and did not is a regression."""
    statuses = (
        {item.id: str(item.status) for item in before.requirements},
        {item.id: str(item.status) for item in after.requirements},
    )
    for name, old, new in _differing(*statuses):
        yield Change(name, old, new, _judgement(old, new))


def _judgement(old: str | None, new: str | None) -> Judgement:
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


def _answered(view: RunView) -> dict[str, str]:
    return {item.operation_id: ", ".join(sorted(item.statuses)) for item in view.operations}


def _differing(
    before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[tuple[str, str | None, str | None]]:
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            yield name, before.get(name), after.get(name)
