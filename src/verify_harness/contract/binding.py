"""The mark that binds a check to requirements."""

from collections.abc import Iterable
from typing import Any

import pytest

from verify_harness.contract.levels import LEVELS, Level


def requirement(
    *ids: str,
    level: Level = "standard",
    operations: Iterable[str] = (),
    levers: Iterable[str] = (),
    judges_any: bool = False,
) -> pytest.MarkDecorator:
    """Bind a check to the requirements that it judges.

    `level` is the lowest level at which it runs, `operations` the ids of the operations it tests,
    `levers` what it needs in addition to the levers of its requirements. An assertion that fails
    breaks the first id. A check that judges any requirement (`judges_any`) was written for none:
    who selects a requirement, an area or an operation does not get it.
    """
    return pytest.mark.requirement(
        *ids,
        level=level,
        operations=tuple(operations),
        levers=tuple(levers),
        judges_any=judges_any,
    )


def binding_of(item: pytest.Item) -> "Binding | None":
    """The binding of a collected item; None if it is not a check."""
    mark = item.get_closest_marker("requirement")
    return Binding(mark) if mark else None


class Binding:
    """The parsed mark of a check."""

    def __init__(self, mark: pytest.Mark) -> None:
        values: dict[str, Any] = dict(mark.kwargs)
        self.ids: tuple[str, ...] = mark.args
        self.level: Level = values.get("level", "standard")
        self.operations: tuple[str, ...] = values.get("operations", ())
        self.levers: tuple[str, ...] = values.get("levers", ())
        self.judges_any: bool = values.get("judges_any", False)

    def runs_at(self, level: Level) -> bool:
        """Whether a run of this level includes the check."""
        return LEVELS.index(self.level) <= LEVELS.index(level)
