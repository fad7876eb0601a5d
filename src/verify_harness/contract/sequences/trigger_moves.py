"""Moves that trigger verifications, soundly and not."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from verify_harness.contract.sequences import things
from verify_harness.contract.sequences.draws import Draw
from verify_harness.contract.sequences.moves import move
from verify_harness.contract.sequences.world import World
from verify_harness.model.trigger_answers import CHANNEL_OF

OPERATIONS: Mapping[str, str] = MappingProxyType({each: name for name, each in CHANNEL_OF.items()})
"""The trigger of each channel."""
_BAD_NUMBERS = (
    *("13035550100", "+1 303 555 0100", "+0", None, " +13035550100", "+13035550100 "),
    *("+1-303-555-0100", "tel:+13035550100", "0013035550100", "+1303555010\uff10"),
)
_BAD_TIMEOUTS = (0, -1, 601, 3600, 86_400, "60", 1.5, True)
_BAD_EXTENSIONS = ("12x", "12E", "F", "1a", "1" * 51, "+1", 12)
_BAD_CODES = (
    "",
    "123",
    "12345678901",
    "1" * 20,
    "12a4",
    "ABCDEF",
    "1 234",
    "\uff11\uff12\uff13\uff14",
    12345,
)
_FORGED: Mapping[str, Any] = MappingProxyType(
    {
        "status": "accepted",
        "id": things.NOBODYS_ID.format(3),
        "type": "sms",
        "created_at": "2001-01-01T00:00:00.000000",
        "updated_at": "2001-01-01T00:00:00.000000",
        "code": "12345",
    }
)


def _fields(draw: Draw, channel: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if draw.chance(0.5):
        fields["timeout_secs"] = draw.one((1, 30, 60, 120, 300, 600))
    if channel != "flashcall" and draw.chance(0.5):
        fields["custom_code"] = things.a_code(draw)
    if channel == "call" and draw.chance(0.4):
        fields["extension"] = draw.one(("1www2WABCDw9", "*12#", ""))
    return fields


def _channel(draw: Draw, configured: list[str]) -> str:
    return draw.one(configured if configured and draw.chance(0.9) else list(OPERATIONS))


@move(14)
def trigger(world: World, draw: Draw) -> None:
    """A sound trigger; its list and its verification are mostly read."""
    of = things.tenant(world, draw)
    profile = things.a_profile(world, draw, of)
    if profile is None:
        return
    channel = _channel(draw, profile.channels)
    number = things.a_number(world, draw)
    body = {"phone_number": number, "verify_profile_id": profile.id, **_fields(draw, channel)}
    if draw.chance(0.08):
        body |= [draw.one(list(_FORGED.items()))]
    answer = world.call(OPERATIONS[channel], body, tenant=of)
    if answer.succeeded and draw.chance(0.4):
        world.call("RetrieveVerification", tenant=of, variable=answer.data["id"])
    if draw.chance(0.3):
        world.call("ListVerifications", tenant=of, variable=number)


def _amiss(draw: Draw, channel: str, profile_id: str) -> dict[str, Any]:
    """Fields that have to be refused, or that the channel does not take."""
    kind = draw.one(("field", "number", "profile", "code", "extension"))
    if kind == "number":
        return {"phone_number": draw.one(_BAD_NUMBERS)}
    if kind == "profile":
        damaged = (profile_id[:-1], f"{profile_id}0", f" {profile_id}", f"{profile_id} ")
        return {"verify_profile_id": draw.one(damaged)}
    if kind == "code":
        is_taken = channel != "flashcall"
        return {"custom_code": draw.one(_BAD_CODES) if is_taken else things.a_code(draw)}
    if kind == "extension" and channel == "call":
        return {"extension": draw.one(_BAD_EXTENSIONS)}
    if kind == "extension":
        return {"extension": "12"}
    return {"timeout_secs": draw.one(_BAD_TIMEOUTS)}


@move(5)
def trigger_amiss(world: World, draw: Draw) -> None:
    """A trigger that has to be refused, or that names what its channel does not take."""
    profile = things.a_profile(world, draw, 0)
    if profile is None:
        return
    channel = _channel(draw, profile.channels)
    number = draw.one(world.numbers)
    body: dict[str, Any] = {"phone_number": number, "verify_profile_id": profile.id}
    for _ in range(3):
        world.call(OPERATIONS[channel], body | _amiss(draw, channel, profile.id))
    world.call("ListVerifications", variable=number)


@move(3)
def trigger_abroad(world: World, draw: Draw) -> None:
    """A trigger for each country, with a list of some; premium numbers never."""
    profile = things.a_profile(world, draw, 0)
    if profile is None or not profile.channels:
        return
    channel = draw.one(profile.channels)
    if channel != "flashcall" and draw.chance(0.5):
        block = {"whitelisted_destinations": things.countries(draw)}
        world.call("UpdateVerifyProfile", {channel: block}, variable=profile.id)
    numbers = [*world.numbers[:4]]
    if world.check.target.offers("tenants"):
        numbers += [draw.one(("+19005550100", "+881612345678", "+979123456789"))]
    for number in numbers:
        body = {"phone_number": number, "verify_profile_id": profile.id}
        world.call(OPERATIONS[channel], body)


@move(1)
def fill_the_list_of_a_number(world: World, draw: Draw) -> None:
    """More verifications of a number than a page of other lists has rows."""
    profile = things.a_profile(world, draw, 0)
    if profile is None or "sms" not in profile.channels or draw.chance(0.5):
        return
    body = {"phone_number": world.numbers[0], "verify_profile_id": profile.id}
    while len(world.account(0).of_number(world.numbers[0])) < 27:
        if not world.call(OPERATIONS["sms"], body).succeeded:
            return
    world.call("ListVerifications", variable=world.numbers[0])


@move(1)
def trigger_with_nobodys_profile(world: World, draw: Draw) -> None:
    """A profile that nobody has, that was deleted, or that is another tenant's."""
    gone = [each.id for each in world.account(0).profiles.values() if each.is_deleted]
    foreign = [each.id for each in world.account(1).live_profiles]
    profile_id = draw.one([things.nobodys_id(draw), *gone[-2:], *foreign[-2:]])
    channel = draw.one(list(OPERATIONS))
    body = {"phone_number": draw.one(world.numbers), "verify_profile_id": profile_id}
    world.call(OPERATIONS[channel], body)
