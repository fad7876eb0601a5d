"""Message templates: created, listed, changed one at a time."""

from verify_harness.checks import Api, current, requirement

STOCK = {
    "0abb5b4f-459f-445a-bfcd-488998b7572d",
    "2ca3f1da-5621-4aa6-ae56-df21caff79e0",
    "33dfb056-6c1b-40bd-920e-4243e01248a5",
    "46acd63c-be57-4993-ae8d-0e4067ad1d57",
    "723ead5e-ada6-4c29-a962-349170866187",
    "88d0781f-f4c7-4b78-8d0a-1f3e4de78b5e",
}
"""The ids of the stock templates (facts.md#stock-templates)."""


def listed(api: Api) -> dict[str, str]:
    """Every template's text by id."""
    rows = api.set_up("VFY-SPEC-007", "ListProfileMessageTemplates")
    return {row["id"]: row["text"] for row in rows}


def create(api: Api, word: str) -> tuple[str, str]:
    """A template of our own: its id and its text."""
    text = f"{word} {current().seed}: {{{{code}}}}"
    made = api.set_up("VFY-TMPL-001", "CreateMessageTemplate", {"text": text})
    return made["id"], text


@requirement("VFY-TMPL-001", operations=["CreateMessageTemplate", "ListProfileMessageTemplates"])
def test_a_created_template_is_listed(api: Api) -> None:
    before = listed(api)
    made = [create(api, "first"), create(api, "second")]
    assert listed(api) == before | dict(made)


@requirement("VFY-LIST-007", operations=["ListProfileMessageTemplates"])
def test_the_template_list_keeps_its_order(api: Api) -> None:
    made = {create(api, f"{index}")[0] for index in range(4)}
    before = list(listed(api))
    assert made <= {*before}
    assert list(listed(api)) == before
    newest, _ = create(api, "newest")
    assert [each for each in listed(api) if each != newest] == before


@requirement("VFY-TMPL-002", operations=["UpdateMessageTemplate"])
def test_an_update_changes_one_template(api: Api) -> None:
    (changed, _), _ = create(api, "first"), create(api, "second")
    before = listed(api)
    text = "Changed: {{code}}"
    answer = api.call("UpdateMessageTemplate", {"text": text}, template_id=changed)
    assert answer.status == 200
    assert answer.data == {"id": changed, "text": text}
    assert listed(api) == before | {changed: text}


@requirement("VFY-TMPL-003", operations=["ListProfileMessageTemplates"], level="smoke")
def test_the_stock_templates_are_there(api: Api) -> None:
    assert listed(api).keys() >= STOCK
