"""What the moves choose from: things of the model, and values for requests."""

from typing import Any

from verify_harness import phone_numbers
from verify_harness.contract.sequences.draws import Draw
from verify_harness.contract.sequences.world import World
from verify_harness.model.accounts import CHANNELS, Profile, Verification

COUNTRIES = ("US", "GB", "DE", "CA", "FR", "JM", "SE")
NOBODYS_ID = "00000000-0000-4000-8000-{:012x}"
NAMES = (
    *("Shop", "shop 2", "A Shop", "Bank", "x", " Shop ", f"Shop {'of many words ' * 8}end"),
    *("Sh\u00f6p \u2116 7", "\u5e97", "\U0001f600 Shop", "Sho\u0308p"),
)
"""Some that others contain, some with spaces at their ends, some in other scripts."""
TEXTS = (
    *("Code {{code}}", "{{app_name}}: {{code}}. Again: {{code}}", "<b>{{code}}</b> & more"),
    *("  {{code}}  for you", "\u00dcnser {{code}}", "{{code}} \u597d"),
    *("{{code}}\r\nBye", "{{code}}\n\nBye"),
)
FREE_TEXTS = ("1", "ab-9", " 1 ", "A&B", None)


def tenant(world: World, draw: Draw) -> int:
    """Mostly the first tenant; in an eighth of all cases the second one."""
    return 1 if draw.chance(1 / 8) and len(world.tenants) > 1 else 0


def origin(world: World, identity: str) -> str:
    """The step that a thing comes from."""
    return world.origins.get(identity, identity)


def a_profile(world: World, draw: Draw, of: int) -> Profile | None:
    """A profile of a tenant that is not deleted."""
    found = world.account(of).live_profiles
    return draw.thing(found, lambda each: origin(world, each.id)) if found else None


def a_verification(world: World, draw: Draw, of: int) -> Verification | None:
    """A verification of a tenant, whatever became of it."""
    found = list(world.account(of).verifications.values())
    return draw.thing(found, lambda each: origin(world, each.id)) if found else None


def a_pending_one(world: World, draw: Draw, of: int) -> Verification | None:
    """A verification that is pending and whose code is known; else any."""
    every = world.account(of).verifications.values()
    found = [each for each in every if each.status == "pending" and each.code is not None]
    if found:
        return draw.thing(found, lambda each: origin(world, each.id))
    return a_verification(world, draw, of)


def a_template(world: World, draw: Draw, of: int) -> str | None:
    """The id of a template of a tenant's own."""
    found = list(world.account(of).templates)
    return draw.thing(found, lambda each: origin(world, each)) if found else None


def a_number(world: World, draw: Draw) -> str:
    """Mostly one of a few numbers, so that steps meet; else any reserved one."""
    if draw.chance(0.8):
        return draw.one(world.numbers)
    area = draw.one(phone_numbers.in_country(draw.one(COUNTRIES)))
    return area.number(draw.rng.randrange(area.size))


def nobodys_id(draw: Draw) -> str:
    """An id that nothing has."""
    return NOBODYS_ID.format(draw.rng.getrandbits(48))


def a_code(draw: Draw) -> str:
    """A code of four to ten digits, often with zeros at its start."""
    length = draw.one((4, 5, 6, 6, 10))
    digits = f"{draw.rng.randrange(10**length):0{length}d}"
    return f"0{digits[1:]}" if draw.chance(0.3) else digits


def settings(world: World, draw: Draw, channel: str, of: int) -> dict[str, Any]:
    """Sound settings of one channel."""
    drawn: dict[str, Any] = {}
    if draw.chance(0.4):
        drawn["default_verification_timeout_secs"] = draw.one((1, 30, 60, 299, 300, 600))
    if draw.chance(0.5):
        drawn["whitelisted_destinations"] = countries(draw)
    if channel == "whatsapp":
        if draw.chance(0.4):
            drawn[draw.one(("waba_id", "template_id"))] = draw.one(FREE_TEXTS)
        return drawn
    if draw.chance(0.5):
        drawn["app_name"] = draw.one(("Shop 24-7", "My App", "A"))
    if channel == "flashcall":
        return drawn
    if draw.chance(0.4):
        drawn["code_length"] = draw.one((4, 5, 6, 8, 10))
    template = a_template(world, draw, of)
    if template is not None and draw.chance(0.5):
        drawn["messaging_template_id"] = template
    if channel == "sms" and draw.chance(0.3):
        drawn["alpha_sender"] = draw.one(("Shop", "A 1", None))
    return drawn


def countries(draw: Draw) -> list[str]:
    """A list of countries, most of them with the countries of the numbers that steps are about."""
    if draw.chance(0.4):
        return ["*"]
    return draw.rng.sample(COUNTRIES, draw.rng.randrange(2, len(COUNTRIES)))


def fields(draw: Draw) -> dict[str, Any]:
    """Sound fields of a profile beside its name and its channels."""
    choices: dict[str, Any] = {
        "language": draw.one(("en-US", "de-DE")),
        "webhook_url": draw.one(("http://127.0.0.1:9/hook", "http://127.0.0.1:9/a?b=%20c")),
        "webhook_failover_url": draw.one(("http://127.0.0.1:9/other", "http://127.0.0.1:9/Other")),
        "daily_spend_limit": draw.one((1000, 25.5)),
        "daily_spend_limit_enabled": draw.chance(0.5),
    }
    return {name: value for name, value in choices.items() if draw.chance(0.25)}


def channels(draw: Draw) -> list[str]:
    """Some channels, mostly all."""
    if draw.chance(0.6):
        return list(CHANNELS)
    return draw.rng.sample(CHANNELS, draw.rng.randrange(1, len(CHANNELS)))
