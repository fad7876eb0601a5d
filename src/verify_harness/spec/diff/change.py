"""One difference between two documents, and what it means for each side of the wire."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Direction = Literal["request", "response"]
Effect = Literal["narrower", "wider", "other"]
"""What the newer document lets through: less, more, or something else than before."""
Kind = Literal["breaking", "compatible"]
Side = Literal["callers", "service"]

_KINDS: Mapping[tuple[Direction, Effect], tuple[Kind, Kind]] = {
    ("request", "narrower"): ("breaking", "compatible"),
    ("request", "wider"): ("compatible", "breaking"),
    ("request", "other"): ("breaking", "breaking"),
    ("response", "narrower"): ("compatible", "breaking"),
    ("response", "wider"): ("breaking", "compatible"),
    ("response", "other"): ("breaking", "breaking"),
}
"""For callers and for the service, both written for the older document."""


class Meaning(NamedTuple):
    """What a change means for who was right by the older document."""

    callers: Kind
    service: Kind


HARMLESS = Meaning("compatible", "compatible")
FOR_CALLERS = Meaning("breaking", "compatible")
FOR_THE_SERVICE = Meaning("compatible", "breaking")
FOR_BOTH = Meaning("breaking", "breaking")


class Difference(NamedTuple):
    """A change at one place, before it is known which operations it concerns."""

    place: str
    """`Verification.status` within a component; `200 data.status` where a schema stands inline."""
    text: str
    meaning: Meaning
    direction: Direction
    shared: bool = False
    """Whether the place is in a component, so that one row stands for all its operations."""


def meaning(direction: Direction, effect: Effect) -> Meaning:
    """What an effect in one direction means for each side."""
    return Meaning(*_KINDS[direction, effect])
