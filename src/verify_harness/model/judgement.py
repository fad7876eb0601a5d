"""What is acceptable, held against what was received."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from verify_harness.model.calls import Divergence

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Settings:
    """What the target said about itself."""

    is_documented: bool = True
    """Whether it takes the documented side of every conflict; else either side is acceptable."""
    is_closed: bool = True
    """Whether it announces our choices: no member beyond the known ones, no row of anybody else."""


@dataclass(slots=True)
class Judgement:
    """Collects the divergences of one answer."""

    settings: Settings
    divergences: list[Divergence] = field(default_factory=list)

    def among(self, requirement: str, name: str, received: Any, acceptable: Iterable[Any]) -> bool:
        """Whether a value is one of the acceptable ones."""
        values = list(acceptable)
        is_fine = any(_same(received, value) for value in values)
        wanted = ", ".join(shown(value) for value in values)
        return self.holds(requirement, name, received, wanted, is_fine=is_fine)

    def equal(self, requirement: str, name: str, received: Any, wanted: Any) -> bool:
        """Whether a value is the one acceptable one."""
        return self.among(requirement, name, received, [wanted])

    def holds(
        self, requirement: str, name: str, received: Any, acceptable: str, *, is_fine: bool
    ) -> bool:
        """Keep a divergence unless something holds; `acceptable` says in words what does."""
        if not is_fine:
            self.divergences.append(Divergence(requirement, name, acceptable, shown(received)))
        return is_fine

    def sides(self, documented: Iterable[Any], conflicting: Iterable[Any]) -> list[Any]:
        """The acceptable values where sources contradict each other."""
        return [*documented, *(() if self.settings.is_documented else conflicting)]


def shown(value: Any) -> str:
    """A value in a few words."""
    text = "absent" if value is ABSENT else repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


class _Absent:
    def __repr__(self) -> str:
        return "absent"


ABSENT = _Absent()
"""Stands for a member that an answer does not have."""


def _same(left: Any, right: Any) -> bool:
    """Whether two values are the same JSON: 1 is 1.0, and true is no number."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(left == right)
