"""Moves about message templates."""

from verify_harness.contract.sequences import things
from verify_harness.contract.sequences.draws import Draw
from verify_harness.contract.sequences.moves import move
from verify_harness.contract.sequences.world import World

_BROKEN = ("", "No code", "{{ code }}", "{{CODE}}", "x" * 995 + "{{code}}")


def _text(draw: Draw) -> str:
    return f"{draw.one(things.TEXTS)} {draw.rng.randrange(1000)}"


@move(4)
def create_template(world: World, draw: Draw) -> None:
    """A template, sometimes with a text that has to be refused."""
    of = things.tenant(world, draw)
    text = draw.one(_BROKEN) if draw.chance(0.15) else _text(draw)
    world.call("CreateMessageTemplate", {"text": text}, tenant=of)
    if draw.chance(0.5):
        world.call("ListProfileMessageTemplates", tenant=of)


@move(4)
def update_template(world: World, draw: Draw) -> None:
    """Another text for a template, and what all of them read then."""
    of = things.tenant(world, draw)
    template = things.a_template(world, draw, of)
    if template is None:
        return
    text = draw.one(_BROKEN) if draw.chance(0.15) else _text(draw)
    world.call("UpdateMessageTemplate", {"text": text}, tenant=of, variable=template)
    world.call("ListProfileMessageTemplates", tenant=of)


@move(2)
def list_templates(world: World, draw: Draw) -> None:
    """All templates."""
    world.call("ListProfileMessageTemplates", tenant=things.tenant(world, draw))


@move(3)
def send_by_a_template(world: World, draw: Draw) -> None:
    """A profile with a template, its message, another text, and the message with that."""
    template = things.a_template(world, draw, 0)
    if template is None:
        return
    channel = draw.one(("sms", "call"))
    block = {"messaging_template_id": template, "whitelisted_destinations": ["*"]}
    if draw.chance(0.7):
        block["app_name"] = "Shop 24-7"
    made = world.call("CreateVerifyProfile", {"name": "Sender", channel: block})
    if not made.succeeded:
        return
    operation = "CreateVerificationSms" if channel == "sms" else "CreateVerificationCall"
    body = {"phone_number": draw.one(world.numbers), "verify_profile_id": made.data["id"]}
    world.call(operation, body)
    if draw.chance(0.6):
        world.call("UpdateMessageTemplate", {"text": _text(draw)}, variable=template)
        world.call(operation, body)


@move(1, "second-key")
def meddle_with_a_template(world: World, draw: Draw) -> None:
    """The other tenant changes a template, and names it in a profile."""
    template = things.a_template(world, draw, 0)
    if template is None:
        return
    text = {"text": _text(draw)}
    world.call("UpdateMessageTemplate", text, tenant=1, variable=things.nobodys_id(draw))
    world.call("UpdateMessageTemplate", text, tenant=1, variable=template)
    body = {"name": "Borrowed", "sms": {"messaging_template_id": template}}
    world.call("CreateVerifyProfile", body, tenant=1)
    world.call("ListProfileMessageTemplates")
    world.call("ListProfileMessageTemplates", tenant=1)
