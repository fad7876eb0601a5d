"""What lists have shown so far: the order of their rows, and what the filter means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

SENSES: Mapping[str, Callable[[str, str], bool]] = MappingProxyType(
    {
        "part": lambda name, wanted: wanted in name,
        "part in any case": lambda name, wanted: wanted.lower() in name.lower(),
        "whole": lambda name, wanted: wanted == name,
    }
)
"""What `filter[name]` may mean (facts.md#name-filter)."""


@dataclass(slots=True)
class KnownOrder:
    """What the lists so far have shown of the order and of the filter's meaning."""

    before: set[tuple[str, str]] = field(default_factory=set)
    """Pairs of ids, of which the first one was listed before the second."""
    places: dict[str, dict[int, str]] = field(default_factory=dict)
    """By filter, which id stood where since the list last changed."""
    senses: tuple[str, ...] = tuple(SENSES)

    def changed(self) -> None:
        """Rows came or went: the places are other ones, the order is not."""
        self.places.clear()
