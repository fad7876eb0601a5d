"""Lists the checks from their source, without importing them."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from verify_harness import bundled
from verify_harness.contract.binding import Level


@dataclass(frozen=True, slots=True)
class Place:
    """Where a check is: the file below `contracts/`, the line, the test's name."""

    file: str
    line: int
    name: str
    level: Level

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


def _in_file(path: Path, name: str) -> Iterator[tuple[str, Place]]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "requirement":
                place = Place(name, node.lineno, node.name, _level(mark))
                yield from ((ast.literal_eval(each), place) for each in mark.args)


def _level(mark: ast.Call) -> Level:
    given = (item.value for item in mark.keywords if item.arg == "level")
    level: Level = next((ast.literal_eval(value) for value in given), "standard")
    return level
