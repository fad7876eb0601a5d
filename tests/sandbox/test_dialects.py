"""Where the observed dialect differs (facts.md#c1 to facts.md#c4; facts.md#c8 is in test_auth)."""

from tests.sandbox.conftest import Account


def test_a_profile_needs_a_channel(observed: Account) -> None:
    answer = observed.api.post("/verify_profiles", json={"name": "x"})
    assert answer.status_code == 400
    assert "channel" in answer.json()["errors"][0]["detail"]


def test_a_bad_field_is_422_and_broken_json_still_400(observed: Account) -> None:
    assert observed.api.post("/verifications/sms", json={}).status_code == 422
    headers = {"content-type": "application/json"}
    answer = observed.api.post("/verifications/sms", content=b"{", headers=headers)
    assert answer.status_code == 400


def test_late_and_locked_codes_have_words_of_their_own(observed: Account) -> None:
    late = observed.trigger(custom_code="11111", timeout_secs=10)
    locked = observed.trigger(custom_code="11111", timeout_secs=60)
    for _ in range(5):
        assert observed.check(locked, "22222") == "rejected"
    observed.advance(11)
    assert observed.check(late, "11111") == "expired"
    assert observed.check(locked, "11111") == "max_attempts_exceeded"


def test_a_patch_puts_the_rest_of_a_block_back_to_its_defaults(observed: Account) -> None:
    profile = observed.profile(sms={"code_length": 8, "app_name": "Shop"})
    patch = {"sms": {"app_name": "Other"}}
    shown = observed.api.patch(f"/verify_profiles/{profile}", json=patch).json()["data"]
    assert shown["sms"]["app_name"] == "Other"
    assert shown["sms"]["code_length"] == 5
