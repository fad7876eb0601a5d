"""Moves about number lookup."""

from verify_harness import phone_numbers
from verify_harness.contract.sequences import things
from verify_harness.contract.sequences.draws import Draw
from verify_harness.contract.sequences.moves import move
from verify_harness.contract.sequences.world import World

_TYPES = (
    (),
    (("type", "carrier"),),
    (("type", "caller-name"),),
    (("type", "carrier,caller-name"),),
    (("type", "carrier"), ("type", "caller-name")),
)
_NO_NUMBERS = ("+1", "+0000000", "abc", "+1303555010012345678", "+1303555O1OO")
_KINDS = sorted({(area.country, area.kind) for area in phone_numbers.RANGES})


@move(4)
def look_up(world: World, draw: Draw) -> None:
    """Lookups of reserved numbers of any kind, and now and then of what is no number."""
    if draw.chance(0.15):
        world.call("LookupNumber", variable=draw.one(_NO_NUMBERS))
        return
    for _ in range(3):
        country, kind = draw.one(_KINDS)
        if draw.chance(0.3):
            country, kind = draw.one(things.COUNTRIES), ""
        areas = [each for each in phone_numbers.in_country(country) if kind in {"", each.kind}]
        area = draw.one(areas)
        number = area.number(draw.rng.randrange(area.size))
        world.call("LookupNumber", variable=number, query=draw.one(_TYPES))
