"""How a check names what it proves."""

from collections.abc import Iterable
from typing import Any, Literal

import pytest

Level = Literal["smoke", "standard", "deep"]
LEVELS: tuple[Level, ...] = ("smoke", "standard", "deep")
"""Each level runs the checks of the levels before it too."""


def requirement(
    *ids: str,
    level: Level = "standard",
    operations: Iterable[str] = (),
    levers: Iterable[str] = (),
) -> pytest.MarkDecorator:
    """Bind a check to the requirements it judges.

    `level` is the lowest at which it runs, `operations` the ids of those it is about, `levers` what
    it needs beside the levers of its requirements. A check with several ids names, in its report,
    the one that is broken.
    """
    return pytest.mark.requirement(
        *ids, level=level, operations=tuple(operations), levers=tuple(levers)
    )


def binding_of(item: pytest.Item) -> "Binding | None":
    """What a collected item is bound to; None if it is no check."""
    mark = item.get_closest_marker("requirement")
    return Binding(mark) if mark else None


class Binding:
    """A check's mark, read."""

    def __init__(self, mark: pytest.Mark) -> None:
        values: dict[str, Any] = dict(mark.kwargs)
        self.ids: tuple[str, ...] = mark.args
        self.level: Level = values.get("level", "standard")
        self.operations: tuple[str, ...] = values.get("operations", ())
        self.levers: tuple[str, ...] = values.get("levers", ())

    def runs_at(self, level: Level) -> bool:
        """Whether the check belongs to a run of this level."""
        return LEVELS.index(self.level) <= LEVELS.index(level)
