"""What a message says: the profile's template, filled in."""

from typing import Any

import pytest

from verify_harness.checks import TRIGGERS, Api, Opener, current, requirement

FIRST_STOCK = "0abb5b4f-459f-445a-bfcd-488998b7572d"
WITH_TEMPLATE = ("sms", "call")
"""The channels whose block declares a template."""


def made(api: Api, text: str) -> str:
    """The id of a template with this text."""
    created = api.set_up("VFY-TMPL-001", "CreateMessageTemplate", {"text": text})
    return str(created["id"])


def message(api: Api, channel: str, **block: str) -> tuple[str, str]:
    """The text that a profile with this block sends, and the code in it."""
    settings = {"whitelisted_destinations": ["*"], **block}
    profile = api.profile(**{channel: settings})
    opened = Opener(api, channel, "by_id")(profile=profile)
    (sent,) = current().levers.messages_to(opened.number)
    return str(sent["text"]), opened.code


@requirement("VFY-TMPL-004", operations=[TRIGGERS[each] for each in WITH_TEMPLATE])
@pytest.mark.parametrize("name", WITH_TEMPLATE)
def test_a_message_is_its_template_filled_in(api: Api, name: str) -> None:
    first = made(api, "{{app_name}} says {{code}}; again, {{code}}.")
    second = made(api, "Use {{code}} now")
    text, code = message(api, name, messaging_template_id=first, app_name="Shop 24-7")
    assert text == f"Shop 24-7 says {code}; again, {code}."
    text, code = message(api, name, messaging_template_id=second, app_name="Shop 24-7")
    assert text == f"Use {code} now"


@requirement("VFY-TMPL-004", operations=[TRIGGERS[each] for each in WITH_TEMPLATE])
@pytest.mark.parametrize("name", WITH_TEMPLATE)
def test_a_stock_template_is_filled_in_too(api: Api, name: str) -> None:
    text, code = message(api, name, messaging_template_id=FIRST_STOCK, app_name="Shop 24-7")
    assert code in text
    assert "Shop 24-7" in text
    assert "{{" not in text


@requirement("VFY-TMPL-004", operations=["CreateVerificationSms", "CreateVerificationCall"])
@pytest.mark.parametrize("name", [*WITH_TEMPLATE, "whatsapp"])
def test_without_a_template_a_message_still_has_the_code(api: Api, name: str) -> None:
    text, code = message(api, name)
    assert code in text
    assert "{{" not in text


@requirement("VFY-TMPL-005", operations=["CreateMessageTemplate", "UpdateMessageTemplate"])
@pytest.mark.parametrize("text", ["", "Hello", "{{app_name}}", "{code}", "{{ code }}", "{{CODE}}"])
def test_a_template_without_the_code_is_refused(api: Api, text: str) -> None:
    kept = made(api, "Kept: {{code}}")
    assert 400 <= api.call("CreateMessageTemplate", {"text": text}).status < 500
    changed = api.call("UpdateMessageTemplate", {"text": text}, template_id=kept)
    assert 400 <= changed.status < 500
    rows = api.call("ListProfileMessageTemplates").data
    assert {"id": kept, "text": "Kept: {{code}}"} in rows
    assert text not in [row["text"] for row in rows]


@requirement("VFY-TMPL-006", operations=["UpdateMessageTemplate"])
@pytest.mark.parametrize("name", WITH_TEMPLATE)
def test_an_edited_template_is_used_at_once(api: Api, name: str) -> None:
    template_id = made(api, "Old {{code}}")
    block = {"messaging_template_id": template_id, "whitelisted_destinations": ["*"]}
    profiles = [api.profile(**{name: block}) for _ in range(2)]
    opener = Opener(api, name, "by_id")
    for word in ("Old", "New"):
        for profile in profiles:
            opened = opener(profile=profile)
            (sent,) = current().levers.messages_to(opened.number)
            assert sent["text"] == f"{word} {opened.code}"
        change = {"text": "New {{code}}"}
        api.set_up("VFY-TMPL-002", "UpdateMessageTemplate", change, template_id=template_id)


@requirement("VFY-TMPL-007", operations=["UpdateMessageTemplate"])
@pytest.mark.parametrize("name", WITH_TEMPLATE)
def test_a_template_speaks_for_its_own_profiles_only(api: Api, name: str) -> None:
    edited, other = made(api, "Edited {{code}}"), made(api, "Other {{code}}")
    used = [{"messaging_template_id": each} for each in (edited, other)]
    blocks = [{**each, "whitelisted_destinations": ["*"]} for each in (*used, {})]
    profiles = [api.profile(**{name: block}) for block in blocks]
    before = [said(api, name, profile) for profile in profiles]
    change = {"text": "Changed {{code}}"}
    api.set_up("VFY-TMPL-002", "UpdateMessageTemplate", change, template_id=edited)
    after = [said(api, name, profile) for profile in profiles]
    assert before[:2] == ["Edited *", "Other *"]
    assert after == ["Changed *", *before[1:]]


def said(api: Api, channel: str, profile: dict[str, Any]) -> str:
    """What a profile's message says, with an asterisk for the code."""
    opened = Opener(api, channel, "by_id")(profile=profile)
    (sent,) = current().levers.messages_to(opened.number)
    return str(sent["text"]).replace(opened.code, "*")
