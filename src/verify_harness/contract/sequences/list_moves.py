"""Moves about lists: pages, filters, order and counts."""

from verify_harness.contract.sequences import things
from verify_harness.contract.sequences.draws import Draw
from verify_harness.contract.sequences.moves import move
from verify_harness.contract.sequences.world import World

_WORDS = ("hop", "none such", "Shop", "Bank Shop", "Shop x")
_ODD_PAGES = (
    ("page[number]", "0"),
    ("page[number]", "-1"),
    ("page[size]", "0"),
    ("page[size]", "251"),
    ("page[size]", "x"),
    ("page[number]", "1.5"),
)


@move(4)
def list_profiles(world: World, draw: Draw) -> None:
    """A list with or without page and filter."""
    of = things.tenant(world, draw)
    query = []
    if draw.chance(0.4):
        words = [each.shown["name"] for each in world.account(of).live_profiles] or ["Shop"]
        query.append(
            (
                "filter[name]",
                draw.one((draw.one(words), *_WORDS)),
            )
        )
    if draw.chance(0.4):
        query.append(("page[number]", str(draw.one((1, 2, 3, 99)))))
    if draw.chance(0.5):
        query.append(("page[size]", str(draw.one((1, 2, 3, 250)))))
    world.call("ListProfiles", tenant=of, query=query)


@move(3)
def walk_the_pages(world: World, draw: Draw) -> None:
    """Every page of a list, one after the other, and one more."""
    of = things.tenant(world, draw)
    total, size = len(world.account(of).live_profiles), draw.one((1, 2, 3, 7))
    for number in range(1, -(-total // size) + 2):
        query = [("page[number]", str(number)), ("page[size]", str(size))]
        world.call("ListProfiles", tenant=of, query=query)


@move(1)
def ask_for_an_absurd_page(world: World, draw: Draw) -> None:
    """A page that nothing can be on."""
    world.call("ListProfiles", query=[draw.one(_ODD_PAGES)])


@move(1)
def fill_a_page(world: World, draw: Draw) -> None:
    """More profiles than a page has rows, and its list without page and with."""
    while len(world.account(0).live_profiles) < draw.one((12, 27)):
        body = {"name": draw.one(things.NAMES), "sms": {}}
        world.call("CreateVerifyProfile", body)
    world.call("ListProfiles")
    world.call("ListProfiles", query=[("page[number]", "2")])
    world.call("ListProfiles", query=[("page[size]", "250")])
    world.call("ListProfiles", query=[("filter[name]", "Shop"), ("page[size]", "2")])


@move(4)
def list_a_number(world: World, draw: Draw) -> None:
    """The verifications of a number, sometimes twice and sometimes as another tenant."""
    of = things.tenant(world, draw)
    number = things.a_number(world, draw)
    world.call("ListVerifications", tenant=of, variable=number)
    if draw.chance(0.3):
        world.call("ListVerifications", tenant=of, variable=number)


@move(1)
def spell_a_number(world: World, draw: Draw) -> None:
    """A number in a path in another spelling is refused or means the plain one."""
    number = things.a_number(world, draw)
    digits = number[1:]
    spelled = draw.one(
        (
            f"%2B{digits}",
            f"%2B{digits[:4]}-{digits[4:]}",
            f"%2B{digits[:4]}%20{digits[4:]}",
            f"tel:%2B{digits}",
            f"%2B{digits};ext=1",
            digits,
            f"00{digits}",
        )
    )
    world.call("ListVerifications", variable=number, spelled=spelled)
