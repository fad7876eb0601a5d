"""Moves about profiles: create, read, change, delete, and use after deletion."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from verify_harness.contract.sequences import things
from verify_harness.contract.sequences.draws import Draw
from verify_harness.contract.sequences.moves import move
from verify_harness.contract.sequences.world import World
from verify_harness.model.field_rules import SETTINGS

_BROKEN: tuple[Mapping[str, Any], ...] = (
    {"name": ""},
    {"name": 7},
    {"language": "english"},
    {"webhook_url": "ftp://127.0.0.1/x"},
    {"webhook_url": "http://127.0.0.1/" + "x" * 2000},
    {"webhook_failover_url": "http://127.0.0.1/" + "x" * 2000},
    {"webhook_failover_url": "file:///etc/hosts"},
    {"daily_spend_limit": -1},
    {"daily_spend_limit_enabled": "yes"},
    {"sms": []},
    {"sms": {"alpha_sender": "x" * 12}},
)
_BROKEN_SETTINGS: Mapping[str, tuple[Any, ...]] = MappingProxyType(
    {
        "code_length": (3, 11, 12, "6", 5.5),
        "app_name": ("Shop!", "shop.example", "A&B", "x" * 31, "", "Sh\u00f6p"),
        "default_verification_timeout_secs": (0, 601, 86_400, "60"),
        "whitelisted_destinations": (["us"], ["USA"], ["US", "**"], "US"),
        "messaging_template_id": (things.NOBODYS_ID.format(1), "x"),
    }
)
_ONE_FIELD: tuple[Mapping[str, Any], ...] = (
    *({"name": name} for name in things.NAMES),
    {"language": "fr-FR"},
    {"webhook_url": "http://127.0.0.1:9/new"},
    {"daily_spend_limit_enabled": True},
    {"sms": {"code_length": 7}},
    {"sms": {"whitelisted_destinations": ["US", "GB", "DE"]}},
    {"sms": {"whitelisted_destinations": ["*"]}},
    {"call": {"app_name": "Other"}},
    {"call": {"default_verification_timeout_secs": 45}},
    {"whatsapp": {"waba_id": "77"}},
)
_READ_ONLY: Mapping[str, Any] = MappingProxyType(
    {
        "id": things.NOBODYS_ID.format(2),
        "record_type": "x",
        "created_at": "2001-01-01T00:00:00.000000",
        "updated_at": "2001-01-01T00:00:00.000000",
        "undeclared_field": "x",
    }
)


def _broken(draw: Draw) -> Mapping[str, Any]:
    """A field that has to be refused, mostly within the block of a channel."""
    if draw.chance(0.3):
        return draw.one(_BROKEN)
    channel = draw.one(("sms", "call", "whatsapp"))
    names = [field.name for field in SETTINGS[channel] if field.name in _BROKEN_SETTINGS]
    name = draw.one(names)
    return {channel: {name: draw.one(_BROKEN_SETTINGS[name])}}


def _body(world: World, draw: Draw, of: int) -> dict[str, Any]:
    blocks = {each: things.settings(world, draw, each, of) for each in things.channels(draw)}
    return {"name": draw.one(things.NAMES)} | things.fields(draw) | blocks


@move(7)
def create_profile(world: World, draw: Draw) -> None:
    """A profile with sound fields, sometimes with one that is read-only, undeclared or broken."""
    of = things.tenant(world, draw)
    body = _body(world, draw, of)
    if draw.chance(0.2):
        body |= _broken(draw)
    elif draw.chance(0.1):
        body |= [draw.one(list(_READ_ONLY.items()))]
    answer = world.call("CreateVerifyProfile", body, tenant=of)
    if answer.succeeded:
        world.call("GetVerifyProfile", tenant=of, variable=answer.data["id"])


@move(6)
def patch_profile(world: World, draw: Draw) -> None:
    """A change of a few members, one level down too; then a read."""
    of = things.tenant(world, draw)
    profile = things.a_profile(world, draw, of)
    if profile is None:
        return
    body: dict[str, Any] = things.fields(draw)
    if draw.chance(0.3):
        body["name"] = draw.one(things.NAMES)
    for channel in ("sms", "call", "whatsapp"):
        if draw.chance(0.4):
            body[channel] = things.settings(world, draw, channel, of)
    if draw.chance(0.1):
        body["flashcall"] = things.settings(world, draw, "flashcall", of)
    if draw.chance(0.25):
        body |= _broken(draw)
    elif draw.chance(0.15):
        body |= [draw.one(list(_READ_ONLY.items()))]
    world.call("UpdateVerifyProfile", body, tenant=of, variable=profile.id)
    world.call("GetVerifyProfile", tenant=of, variable=profile.id)


@move(3)
def patch_one_field(world: World, draw: Draw) -> None:
    """A change of exactly one member; the others keep their values."""
    profile = things.a_profile(world, draw, 0)
    if profile is None:
        return
    body = draw.one(_ONE_FIELD)
    world.call("UpdateVerifyProfile", body, variable=profile.id)
    world.call("GetVerifyProfile", variable=profile.id)


@move(2)
def break_settings(world: World, draw: Draw) -> None:
    """Some changes that have to be refused, and that change nothing."""
    profile = things.a_profile(world, draw, 0)
    if profile is None:
        return
    for _ in range(4):
        world.call("UpdateVerifyProfile", dict(_broken(draw)), variable=profile.id)
    world.call("CreateVerifyProfile", {"name": "Broken", **_broken(draw)})
    world.call("GetVerifyProfile", variable=profile.id)


@move(3)
def read_profile(world: World, draw: Draw) -> None:
    """A read of any profile."""
    of = things.tenant(world, draw)
    profile = things.a_profile(world, draw, of)
    if profile is not None:
        world.call("GetVerifyProfile", tenant=of, variable=profile.id)


@move(2)
def delete_profile(world: World, draw: Draw) -> None:
    """A deletion, and mostly a call about what is deleted, and a list."""
    of = things.tenant(world, draw)
    profile = things.a_profile(world, draw, of)
    if profile is None or len(world.account(of).live_profiles) == 1:
        return
    world.call("DeleteProfile", tenant=of, variable=profile.id)
    for operation in ("GetVerifyProfile", "UpdateVerifyProfile", "DeleteProfile"):
        if draw.chance(0.5):
            body = {"name": "Again"} if operation == "UpdateVerifyProfile" else None
            world.call(operation, body, tenant=of, variable=profile.id)
    world.call("ListProfiles", tenant=of)
    if draw.chance(0.5):
        body = {"phone_number": world.numbers[0], "verify_profile_id": profile.id}
        world.call("CreateVerificationSms", body, tenant=of)
    for each in world.account(of).verifications.values():
        if each.profile_id == profile.id and draw.chance(0.7):
            world.call("RetrieveVerification", tenant=of, variable=each.id)


@move(3, "second-key")
def meddle_with_a_profile(world: World, draw: Draw) -> None:
    """The other tenant reads, changes, deletes or uses a profile; its owner sees nothing of it."""
    of = draw.one((0, 1))
    profile = things.a_profile(world, draw, of)
    if profile is None:
        return
    for operation, body in (
        ("GetVerifyProfile", None),
        ("UpdateVerifyProfile", {"name": "Stolen", "sms": {"code_length": 9}}),
        ("DeleteProfile", None),
    ):
        if draw.chance(0.6):
            world.call(operation, body, tenant=1 - of, variable=things.nobodys_id(draw))
            world.call(operation, body, tenant=1 - of, variable=profile.id)
    world.call("GetVerifyProfile", tenant=of, variable=profile.id)
    world.call("ListProfiles", tenant=1 - of)


@move(1)
def ask_for_nobodys_profile(world: World, draw: Draw) -> None:
    """Calls about an id that nothing has."""
    operation = draw.one(("GetVerifyProfile", "UpdateVerifyProfile", "DeleteProfile"))
    body = {"name": "Nobody"} if operation == "UpdateVerifyProfile" else None
    world.call(operation, body, variable=things.nobodys_id(draw))
