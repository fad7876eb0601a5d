"""Texts of templates: they come back, and go out, as they were given."""

import pytest

from verify_harness.checks import Api, Exchange, Opener, current, requirement, worst_inputs

TEXTS = tuple(f"{each.filled()}{{{{code}}}}" for each in worst_inputs.of_kind("text"))


def taken(answer: Exchange, text: str) -> bool:
    """Whether a text was taken, in which case the answer holds just that."""
    assert answer.succeeded or 400 <= answer.status < 500
    assert not answer.succeeded or answer.data["text"] == text
    return answer.succeeded


def listed(api: Api) -> dict[str, str]:
    """Every template's text by id."""
    rows = api.set_up("VFY-SPEC-007", "ListProfileMessageTemplates")
    return {row["id"]: row["text"] for row in rows}


@requirement("VFY-TMPL-008", operations=["CreateMessageTemplate", "UpdateMessageTemplate"])
def test_a_templates_text_is_kept_letter_by_letter(api: Api) -> None:
    made: dict[str, str] = {}
    for text in TEXTS:
        answer = api.call("CreateMessageTemplate", {"text": text})
        if taken(answer, text):
            made[answer.data["id"]] = text
    assert made.items() <= listed(api).items()
    for template_id, text in zip(made, reversed(TEXTS), strict=False):
        changed = api.call("UpdateMessageTemplate", {"text": text}, template_id=template_id)
        if taken(changed, text):
            made[template_id] = text
    assert made.items() <= listed(api).items()


@requirement(
    "VFY-TMPL-008",
    operations=["CreateVerificationSms", "CreateVerificationCall"],
    levers=["outbox"],
)
@pytest.mark.parametrize("name", ["sms", "call"])
def test_a_message_says_its_template_letter_by_letter(api: Api, name: str) -> None:
    for text in TEXTS:
        if text.count("{{") > 1:
            continue  # what becomes of unknown variables is not documented
        made = api.call("CreateMessageTemplate", {"text": text})
        if not made.succeeded:
            continue
        block = {"messaging_template_id": made.data["id"], "whitelisted_destinations": ["*"]}
        opened = Opener(api, name, "by_id")(profile=api.profile(**{name: block}))
        (sent,) = current().levers.messages_to(opened.number)
        assert sent["text"] == text.replace("{{code}}", opened.code)
