"""Which of the collected checks run: those of the level, narrowed by ids, areas and operations."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from verify_harness import content
from verify_harness.catalogue import Catalogue
from verify_harness.contract import marks, suite
from verify_harness.spec import Spec


def parse(names: Iterable[str]) -> frozenset[str]:
    """Selectors as they are compared: requirement ids and areas ignore case."""
    return frozenset(name.lower() for name in names)


def split(
    items: list[pytest.Item],
    catalogue: Catalogue,
    spec: Spec,
    level: marks.Level,
    selected: frozenset[str],
) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """The items that run and those that do not; raises UsageError for an id without an entry."""
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        binding = marks.of(item)
        if binding is None:
            _refuse_unjudged(item)
            kept.append(item)
            continue
        if unknown := [name for name in binding.ids if name not in catalogue]:
            raise pytest.UsageError(
                f"{item.nodeid} names {', '.join(unknown)}, which the catalogue does not know."
            )
        names = _names(binding, operations(item, spec))
        runs = binding.runs_at(level) and (not selected or bool(selected & names))
        (kept if runs else dropped).append(item)
    return kept, dropped


def _refuse_unjudged(item: pytest.Item) -> None:
    """A check of ours has a requirement; what has none stands for an operation that was not built."""
    if Path(str(item.path)).is_relative_to(content.contracts()):
        raise pytest.UsageError(
            f"{item.name}: schemathesis makes no requests of an operation of this document"
        )


def _names(binding: marks.Binding, about: tuple[str, ...]) -> set[str]:
    """All that a check can be selected by: `vfy-code-004`, `code`, `vfy-code`, an operationId."""
    spellings = (_spellings(name) for name in binding.ids)
    return set().union(*spellings) | {name.lower() for name in about}


def files(level: marks.Level, selected: frozenset[str], only: str | None) -> frozenset[str]:
    """The files of the bundled suite that can hold a wanted check; the others need no collecting.

    Building the generated cases takes seconds, which a run of one requirement should not pay.
    """
    if only:
        return frozenset({only.partition("::")[0]})
    by_id = all(_names_requirements(name) for name in selected)
    return frozenset(
        place.file
        for requirement, places in suite.checks().items()
        if not selected or not by_id or selected & _spellings(requirement)
        for place in places
        if marks.LEVELS.index(place.level) <= marks.LEVELS.index(level)
    )


def _names_requirements(selector: str) -> bool:
    return any(selector in _spellings(requirement) for requirement in suite.checks())


def _spellings(requirement: str) -> set[str]:
    name = requirement.lower()
    return {name, name.split("-")[1], name.rpartition("-")[0]}


def operations(item: pytest.Item, spec: Spec) -> tuple[str, ...]:
    """The operations that a check is about: from its mark, its parameter or its generated label."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    if name := parameters.get("operation_id"):
        return (str(name),)
    if label := getattr(item, "operation_label", None):
        method, _, path = str(label).partition(" ")
        found = spec.match(method, path)
        return (found.operation_id,) if found else ()
    binding = marks.of(item)
    return binding.operations if binding else ()


def check_id(item: pytest.Item) -> str:
    """The check's name: its path below the folder it was loaded from, and the test's own name."""
    path = Path(str(item.path))
    for root in (content.contracts(), item.config.rootpath):
        if path.is_relative_to(root):
            return f"{path.relative_to(root).as_posix()}::{item.name}"
    return f"{path.name}::{item.name}"


def title(item: pytest.Item) -> str:
    """The check's name as a sentence: `test_a_code_works_once` reads `a code works once`."""
    name = getattr(item, "originalname", None) or item.name
    return str(name).removeprefix("test_").replace("_", " ")
