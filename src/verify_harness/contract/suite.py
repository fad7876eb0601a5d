"""Lists the checks from their source, without importing them, and which of them a run wants."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from verify_harness import bundled
from verify_harness.contract.levels import LEVELS, Level


@dataclass(frozen=True, slots=True)
class Place:
    """Where a check is: the file below `contracts/`, the line, the test's name."""

    file: str
    line: int
    name: str
    level: Level
    judges_any: bool = False

    def __str__(self) -> str:
        return f"contracts/{self.file}:{self.line} {self.name}"


@cache
def checks() -> Mapping[str, tuple[Place, ...]]:
    """The checks of the bundled suite by requirement id."""
    found: defaultdict[str, list[Place]] = defaultdict(list)
    root = bundled.contracts()
    for path in sorted(root.rglob("test_*.py")):
        for requirement, place in _in_file(path, path.relative_to(root).as_posix()):
            found[requirement].append(place)
    return {requirement: tuple(places) for requirement, places in found.items()}


def parse(names: Iterable[str]) -> frozenset[str]:
    """Selectors in lower case; ids, areas and operations ignore case."""
    return frozenset(name.lower() for name in names)


def wanted(level: Level, selected: frozenset[str], only: tuple[str, ...]) -> frozenset[Place]:
    """The checks that a run may want; the files of the others are not imported.

    Which operations a check tests is known once it is collected: a selected operation wants all.
    """
    if only:
        return frozenset(place for place in _places() if _is_named(place, only))
    by_id = all(_names_requirements(name) for name in selected)
    return frozenset(
        place
        for requirement, places in checks().items()
        if not selected or not by_id or selected & spellings(requirement)
        for place in places
        if LEVELS.index(place.level) <= LEVELS.index(level)
        if not (selected and place.judges_any)
    )


def spellings(requirement: str) -> set[str]:
    """The selectors that name a requirement: `vfy-code-004`, `code`, `vfy-code`."""
    name = requirement.lower()
    return {name, name.split("-")[1], name.rpartition("-")[0]}


def _places() -> Iterator[Place]:
    for places in checks().values():
        yield from places


def _is_named(place: Place, only: Iterable[str]) -> bool:
    names = {name.partition("[")[0] for name in only}
    return not names.isdisjoint({place.name, f"{place.file}::{place.name}"})


def _names_requirements(selector: str) -> bool:
    return any(selector in spellings(requirement) for requirement in checks())


def _in_file(path: Path, name: str) -> Iterator[tuple[str, Place]]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "requirement":
                place = Place(name, node.lineno, node.name, _level(mark), _judges_any(mark))
                yield from ((ast.literal_eval(each), place) for each in mark.args)


def _level(mark: ast.Call) -> Level:
    given = (item.value for item in mark.keywords if item.arg == "level")
    level: Level = next((ast.literal_eval(value) for value in given), "standard")
    return level


def _judges_any(mark: ast.Call) -> bool:
    return any(item.arg == "judges_any" and ast.literal_eval(item.value) for item in mark.keywords)
