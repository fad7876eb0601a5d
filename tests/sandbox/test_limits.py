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


def test_a_429_says_how_long_to_wait(mint: Mint) -> None:
    account, _ = mint(requests_per_minute=0)
    refused = account.api.get("/verify_profiles").headers
    assert refused["retry-after"] == refused["x-ratelimit-reset"]


def test_a_number_is_sent_to_only_so_often(account: Account) -> None:
    account.levers.put("limits", json={"triggers_per_number": 2}).raise_for_status()
    body = {"phone_number": "+13035550100", "verify_profile_id": account.profile()}
    statuses = [
        account.api.post(f"/verifications/{channel}", json=body).status_code
        for channel in ("sms", "call", "whatsapp")
    ]
    assert statuses == [200, 200, 429]
    account.advance(601)
    assert account.api.post("/verifications/sms", json=body).status_code == 200


def test_one_limit_may_be_set_without_the_other(account: Account) -> None:
    first = account.levers.put("limits", json={"triggers_per_number": 2}).json()
    second = account.levers.put("limits", json={"requests_per_minute": 9}).json()
    assert first == {"requests_per_minute": 1_000_000, "triggers_per_number": 2}
    assert second == {"requests_per_minute": 9, "triggers_per_number": 2}


def test_a_limit_below_nothing_is_refused(account: Account) -> None:
    assert account.levers.put("limits", json={"requests_per_minute": -1}).status_code == 400
