"""What a profile may spend in a day."""

import pytest

from tests.sandbox.conftest import Account
from verify_harness.sandbox.records import Profile
from verify_harness.sandbox.spending import PRICE_USD, count_message, is_affordable, sent_today

NOON = 20_000 * 86_400 + 43_200.0


def profile(**fields: object) -> Profile:
    return Profile("x", NOON, NOON, {"name": "p", **fields}, {})


@pytest.mark.parametrize("messages", [0, 1, 3, 30, 300])
def test_a_limit_of_so_many_prices_is_so_many_messages(messages: int) -> None:
    limited = profile(daily_spend_limit=messages * PRICE_USD, daily_spend_limit_enabled=True)
    for _ in range(messages):
        assert is_affordable(limited, NOON)
        count_message(limited, NOON)
    assert not is_affordable(limited, NOON)


def test_a_day_ends_at_midnight_utc() -> None:
    busy = profile()
    count_message(busy, NOON)
    assert sent_today(busy, NOON + 43_199) == 1
    assert sent_today(busy, NOON + 43_200) == 0


def test_the_answer_beyond_the_limit_names_it(account: Account) -> None:
    limit = {"daily_spend_limit": 0, "daily_spend_limit_enabled": True}
    body = {"phone_number": "+13035550100", "verify_profile_id": account.profile(**limit)}
    refused = account.api.post("/verifications/sms", json=body)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "40333")
    assert account.outbox() == []
