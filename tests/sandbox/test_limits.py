"""Requests per minute."""

from tests.sandbox.conftest import Account, Mint


def test_the_limit_is_counted_down_in_the_headers(account: Account) -> None:
    first, second = (account.api.get("/verify_profiles").headers for _ in range(2))
    assert first["x-ratelimit-limit"] == "1000000"
    assert int(first["x-ratelimit-remaining"]) == int(second["x-ratelimit-remaining"]) + 1
    assert 1 <= int(first["x-ratelimit-reset"]) <= 60


def test_beyond_the_limit_is_429_until_the_minute_is_over(mint: Mint) -> None:
    account, other = mint(requests_per_minute=2)
    statuses = [account.api.get("/verify_profiles").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = account.api.get("/verify_profiles")
    assert refused.json()["errors"][0]["code"] == "10011"
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert other.api.get("/verify_profiles").status_code == 200
    account.advance(61)
    assert account.api.get("/verify_profiles").status_code == 200


def test_a_refused_trigger_sends_nothing(mint: Mint) -> None:
    account, _ = mint(requests_per_minute=1)
    profile = account.profile()
    body = {"phone_number": "+13035550100", "verify_profile_id": profile}
    assert account.api.post("/verifications/sms", json=body).status_code == 429
    assert account.outbox() == []


def test_without_a_limit_there_are_no_headers(account: Account) -> None:
    account.levers.put("limits", json={"requests_per_minute": None}).raise_for_status()
    assert "x-ratelimit-limit" not in account.api.get("/verify_profiles").headers
