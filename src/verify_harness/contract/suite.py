"""Which checks there are, read from their source: no check is imported, so it works anywhere."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from verify_harness import content
from verify_harness.contract.binding import Level


@dataclass(frozen=True, slots=True)
class Place:
    """A check in the suite: the file below `contracts/`, the line, and the test's name."""

    file: str
    line: int
    name: str
    level: Level

    def __str__(self) -> str:
        return f"contracts/{self.file}:{self.line} {self.name}"


@cache
def checks() -> Mapping[str, tuple[Place, ...]]:
    """The checks of the bundled suite by the requirement ids that they name."""
    found: defaultdict[str, list[Place]] = defaultdict(list)
    root = content.contracts()
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
