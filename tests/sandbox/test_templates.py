"""Message templates and the texts that are sent."""

import pytest

from tests.sandbox.conftest import Account

STOCK = "0abb5b4f-459f-445a-bfcd-488998b7572d"
UNKNOWN = "12ade33a-21c0-473b-b055-b3c836e1c292"
PATH = "/verify_profiles/templates"


def _texts(account: Account) -> dict[str, str]:
    return {each["id"]: each["text"] for each in account.api.get(PATH).json()["data"]}


def test_six_stock_templates_are_listed_without_meta(account: Account) -> None:
    listed = account.api.get(PATH).json()
    assert set(listed) == {"data"}
    assert len(listed["data"]) == 6
    assert _texts(account)[STOCK] == "Your {{app_name}} verification code is: {{code}}."


def test_a_created_template_is_listed_and_an_update_changes_it_alone(account: Account) -> None:
    ids = []
    for text in ("one {{code}}", "two {{code}}"):
        answer = account.api.post(PATH, json={"text": text})
        assert answer.status_code == 200
        ids.append(answer.json()["data"]["id"])
    before = _texts(account)
    answer = account.api.patch(f"{PATH}/{ids[0]}", json={"text": "new {{code}}"})
    assert answer.json() == {"data": {"id": ids[0], "text": "new {{code}}"}}
    assert _texts(account) == {**before, ids[0]: "new {{code}}"}


def test_a_stock_template_cannot_be_changed(account: Account) -> None:
    answer = account.api.patch(f"{PATH}/{STOCK}", json={"text": "mine {{code}}"})
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["code"] == "10010"


def test_an_unknown_template_is_404(account: Account) -> None:
    assert account.api.patch(f"{PATH}/{UNKNOWN}", json={"text": "{{code}}"}).status_code == 404


@pytest.mark.parametrize("text", ["", "no variable", "{{code}}" + "x" * 1000, 5, None])
def test_a_text_needs_the_code_and_at_most_1000_characters(account: Account, text: object) -> None:
    assert account.api.post(PATH, json={"text": text}).status_code == 400


def test_the_text_sent_is_the_template_filled_in(account: Account) -> None:
    text = "{{app_name}}: {{code}} for {{default_verification_timeout_secs}} s"
    template = account.api.post(PATH, json={"text": text}).json()["data"]["id"]
    sms = {"messaging_template_id": template, "default_verification_timeout_secs": 90}
    named = account.profile(sms={**sms, "app_name": "Shop"})
    unnamed = account.profile(sms=sms)
    for profile in (named, unnamed):
        account.trigger(verify_profile_id=profile, custom_code="12345")
    assert [message["text"] for message in account.outbox()] == [
        "Shop: 12345 for 90 s",
        "your app: 12345 for 90 s",
    ]


def test_without_a_template_the_text_names_the_code(account: Account) -> None:
    account.trigger(custom_code="12345")
    assert account.outbox()[0]["text"] == "Your verification code is 12345."
