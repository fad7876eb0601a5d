"""Selects the checks that run, by level, requirement id, area and operation."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from verify_harness import bundled
from verify_harness.catalogue import Catalogue, Requirement
from verify_harness.contract import suite
from verify_harness.contract.binding import Binding, binding_of, requirement
from verify_harness.contract.levels import Level
from verify_harness.contract.task import WHOLE, Shard
from verify_harness.suggest import did_you_mean

OWN = "own: "
"""Begins the id of a requirement that only a check of the user's own stands for."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which checks are wanted."""

    level: Level
    selected: frozenset[str] = frozenset()
    only: tuple[str, ...] = ()
    shard: Shard = WHOLE

    def wants(self, item: pytest.Item) -> bool:
        """Whether a check runs."""
        return self._selects(item) and self.shard.takes(check_id(item))

    def _selects(self, item: pytest.Item) -> bool:
        if self.only:
            return bool(_spelled(item).intersection(self.only))
        binding = binding_of(item)
        if binding is None or not binding.runs_at(self.level):
            return False
        if not self.selected or any(name.startswith(OWN) for name in binding.ids):
            return True  # who names a folder of own checks wants them, whatever else is selected
        return not binding.judges_any and bool(self.selected & _names(binding, operations(item)))


def split(
    items: list[pytest.Item], selection: Selection
) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """The items that run and those that do not."""
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        (kept if selection.wants(item) else dropped).append(item)
    return kept, dropped


def problems(items: Iterable[pytest.Item], catalogue: Catalogue) -> Iterator[str]:
    """A sentence for each check that names a requirement that the catalogue does not have."""
    for item in items:
        binding = binding_of(item)
        for name in binding.ids if binding else ():
            if name not in catalogue:
                hint = did_you_mean(name, catalogue)
                yield f"{check_id(item)} names {name}, which the catalogue does not have. {hint}"


def _spelled(item: pytest.Item) -> frozenset[str]:
    """What names a check in `--only`: with or without its parameters, with or without its file."""
    whole = check_id(item)
    short = whole.partition("[")[0]
    return frozenset({whole, short, whole.partition("::")[2], short.partition("::")[2]})


def _names(binding: Binding, about: tuple[str, ...]) -> set[str]:
    """The selectors of a check: `vfy-code-004`, `code`, `vfy-code`, an operationId."""
    spellings = (suite.spellings(name) for name in binding.ids)
    return set().union(*spellings) | {name.lower() for name in about}


def adopt(items: Iterable[pytest.Item]) -> list[Requirement]:
    """Bind each check that names no requirement to one of its own; returns those requirements."""
    root = bundled.contracts()
    return [
        _adopt(item)
        for item in items
        if binding_of(item) is None and not item.path.is_relative_to(root)
    ]


def _adopt(item: pytest.Item) -> Requirement:
    name = f"{OWN}{check_id(item)}"
    item.add_marker(requirement(name, level="smoke"))
    statement = "A check of your own that names no requirement."
    return Requirement(id=name, title=title(item), statement=statement, sources=(), basis="own")


def operations(item: pytest.Item) -> tuple[str, ...]:
    """The operations that a check tests, from its parameter or its mark."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    if name := parameters.get("operation_id"):
        return (str(name),)
    binding = binding_of(item)
    return binding.operations if binding else ()


def check_id(item: pytest.Item) -> str:
    """The check's id: its path below the folder it was loaded from, and the test's name."""
    path = Path(str(item.path))
    for root in (bundled.contracts(), item.config.rootpath):
        if path.is_relative_to(root):
            return f"{path.relative_to(root).as_posix()}::{item.name}"
    return f"{path.name}::{item.name}"


def title(item: pytest.Item) -> str:
    """The check's name as a sentence: `test_a_code_works_once` reads `a code works once`."""
    name = getattr(item, "originalname", None) or item.name
    return str(name).removeprefix("test_").replace("_", " ")
