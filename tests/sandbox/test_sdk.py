"""The vendor's own client, in strict mode, drives all 17 operations."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from telnyx import AuthenticationError, BadRequestError, NotFoundError, Telnyx

from tests.sandbox.conftest import Account
from verify_harness import phone_numbers

UNKNOWN = "12ade33a-21c0-473b-b055-b3c836e1c292"
NUMBER = phone_numbers.nth(300)


@pytest.fixture
def client(account: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[Telnyx]:
    """The SDK on a fresh account; with client id and secret it would call the real service."""
    for name in ("TELNYX_CLIENT_ID", "TELNYX_CLIENT_SECRET", "TELNYX_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with _client(account, account.key) as client:
        yield client


def _client(account: Account, key: str) -> Telnyx:
    return Telnyx(
        api_key=key,
        base_url=str(account.api.base_url),
        max_retries=0,
        _strict_response_validation=True,
    )


@pytest.fixture
def profile_id(client: Telnyx) -> str:
    """A profile with every channel."""
    created = client.verify_profiles.create(name="p", sms={}, call={}, flashcall={}, whatsapp={})
    assert created.data is not None
    assert created.data.id is not None
    return created.data.id


TRIGGERS = ["trigger_sms", "trigger_call", "trigger_flashcall", "trigger_whatsapp_verification"]


@pytest.mark.parametrize("method", TRIGGERS)
def test_each_channel_is_triggered_read_and_checked(
    client: Telnyx, account: Account, profile_id: str, method: str
) -> None:
    trigger: Callable[..., Any] = getattr(client.verifications, method)
    data = trigger(phone_number=NUMBER, verify_profile_id=profile_id).data
    assert client.verifications.retrieve(data.id).data.status == "pending"
    (message,) = account.outbox()
    wrong = client.verifications.actions.verify(data.id, code="nonsense")
    assert wrong.data.response_code == "rejected"
    right = client.verifications.actions.verify(data.id, code=message["code"])
    assert (right.data.response_code, right.data.phone_number) == ("accepted", NUMBER)


def test_a_number_is_listed_and_checked(client: Telnyx, profile_id: str) -> None:
    by_number = client.verifications.by_phone_number
    client.verifications.trigger_sms(
        phone_number=NUMBER, verify_profile_id=profile_id, custom_code="43612", timeout_secs=60
    )
    listed = by_number.list(NUMBER)
    assert [each.custom_code for each in listed.data] == ["43612"]
    assert listed.meta.total_results == 1
    for code, expected in (("00000", "rejected"), ("43612", "accepted")):
        checked = by_number.actions.verify(NUMBER, code=code, verify_profile_id=profile_id)
        assert checked.data.response_code == expected


def test_the_outcome_of_an_own_code_is_recorded(client: Telnyx, profile_id: str) -> None:
    data = client.verifications.trigger_call(
        phone_number=NUMBER, verify_profile_id=profile_id, custom_code="43612", extension="1www2"
    ).data
    assert data.id is not None
    client.verifications.actions.verify(data.id, status="accepted")
    assert client.verifications.retrieve(data.id).data.status == "accepted"


def test_profiles_are_created_read_listed_changed_and_deleted(client: Telnyx) -> None:
    ids = [client.verify_profiles.create(name=f"p{index}").data.id for index in range(5)]  # type: ignore[union-attr]  # the SDK makes data optional
    assert [each.id for each in client.verify_profiles.list(page_size=2)] == ids
    listed = client.verify_profiles.list(filter={"name": "p3"})
    assert [each.name for each in listed] == ["p3"]
    first = str(ids[0])
    changed = client.verify_profiles.update(first, name="new", sms={"code_length": 6}).data
    assert changed is not None
    assert changed.sms is not None
    assert (changed.name, changed.sms.code_length) == ("new", 6)
    assert client.verify_profiles.retrieve(first).data == changed
    assert client.verify_profiles.delete(first).data == changed
    with pytest.raises(NotFoundError):
        client.verify_profiles.retrieve(first)


def test_templates_are_listed_created_and_changed(client: Telnyx) -> None:
    created = client.verify_profiles.create_template(text="one {{code}}").data
    assert created is not None
    assert created.id is not None
    client.verify_profiles.update_template(created.id, text="two {{code}}")
    texts = {each.id: each.text for each in client.verify_profiles.retrieve_templates().data}
    assert texts[created.id] == "two {{code}}"
    assert len(texts) == 7


@pytest.mark.parametrize("kind", ["carrier", "caller-name"])
def test_a_number_is_looked_up(client: Telnyx, kind: Any) -> None:
    data = client.number_lookup.retrieve("+13035550100", type=kind).data
    assert data is not None
    assert (data.phone_number, data.country_code) == ("+13035550100", "US")


def test_refusals_are_the_sdks_own_errors(
    client: Telnyx, account: Account, profile_id: str
) -> None:
    with pytest.raises(BadRequestError):
        client.verifications.trigger_sms(phone_number="x", verify_profile_id=profile_id)
    with pytest.raises(NotFoundError):
        client.verifications.retrieve(UNKNOWN)
    with _client(account, "wrong") as stranger, pytest.raises(AuthenticationError):
        stranger.verify_profiles.list()
