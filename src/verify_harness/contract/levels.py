"""How much of the contract a run checks."""

from typing import Literal

Level = Literal["smoke", "standard", "deep"]
LEVELS: tuple[Level, ...] = ("smoke", "standard", "deep")
"""Each level includes the checks of the levels before it."""
