"""Moves about limits: of a key, of a number, and of what a profile may spend in a day."""

from verify_harness.contract.sequences import things
from verify_harness.contract.sequences.draws import Draw
from verify_harness.contract.sequences.moves import move
from verify_harness.contract.sequences.trigger_moves import OPERATIONS
from verify_harness.contract.sequences.world import World
from verify_harness.model.accounts import CHANNELS

_A_DAY_SECS = 86_400


@move(1, "limits", "clock")
def exceed_the_limit_of_a_key(world: World, draw: Draw) -> None:
    """More requests than a key may make in a minute; another key is served, and later this one."""
    profile = things.a_profile(world, draw, 0)
    if profile is None or not profile.channels:
        return
    world.limit_requests(draw.one((2, 3)))
    body = {"phone_number": draw.one(world.numbers), "verify_profile_id": profile.id}
    for _ in range(3):
        world.call("ListProfiles")
    refused = world.call(OPERATIONS[draw.one(profile.channels)], body)
    if len(world.tenants) > 1:
        world.call("ListProfiles", tenant=1)
    told = refused.headers.get("retry-after", "")
    world.wait(int(told) + 1 if told.isdecimal() and draw.chance(0.7) else 61)
    world.call("ListProfiles")
    world.limit_requests(None)
    world.call("ListVerifications", variable=body["phone_number"])


@move(1, "limits", "clock")
def exceed_the_limit_of_a_number(world: World, draw: Draw) -> None:
    """More triggers for a number than it may get, by several channels and profiles."""
    blocks = {each: {"whitelisted_destinations": ["*"]} for each in CHANNELS}
    made = [world.call("CreateVerifyProfile", {"name": "Flood", **blocks}) for _ in range(2)]
    profiles = [answer.data["id"] for answer in made if answer.succeeded]
    if not profiles:
        return
    world.limit_numbers(draw.one((2, 3)))
    number, other = draw.rng.sample(world.numbers, 2)
    for to in (number, number, number, number, other):
        body = {"phone_number": to, "verify_profile_id": draw.one(profiles)}
        world.call(OPERATIONS[draw.one(CHANNELS)], body)
    world.wait(602)
    body = {"phone_number": number, "verify_profile_id": draw.one(profiles)}
    world.call(OPERATIONS[draw.one(CHANNELS)], body)
    world.limit_numbers(None)


@move(2)
def spend_what_may_be_spent(world: World, draw: Draw) -> None:
    """Triggers up to the daily limit of a profile and beyond it; then mostly another day."""
    if not world.check.target.offers("tenants"):
        return  # a price of ours, and money of somebody else's
    channel = draw.one(CHANNELS)
    limit = {"daily_spend_limit": draw.one((0.07, 0.11)), "daily_spend_limit_enabled": True}
    if draw.chance(0.3):
        limit.pop(draw.one(list(limit)))
    blocks = {each: {"whitelisted_destinations": ["*"]} for each in CHANNELS}
    made = world.call("CreateVerifyProfile", {"name": "Thrifty", **limit, **blocks})
    if not made.succeeded:
        return
    for index in range(5):
        body = {"phone_number": world.numbers[index], "verify_profile_id": made.data["id"]}
        world.call(OPERATIONS[channel if draw.chance(0.7) else draw.one(CHANNELS)], body)
    if world.check.target.offers("clock") and draw.chance(0.7):
        world.wait(_A_DAY_SECS)
        body = {"phone_number": world.numbers[0], "verify_profile_id": made.data["id"]}
        world.call(OPERATIONS[channel], body)
