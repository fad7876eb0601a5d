"""Two tenants of a pair share nothing."""

import pytest

from tests.sandbox.conftest import Mint

UNKNOWN = "12ade33a-21c0-473b-b055-b3c836e1c292"


@pytest.mark.parametrize(
    "method, path, body",
    [
        ("GET", "/verifications/{verification}", None),
        ("POST", "/verifications/{verification}/actions/verify", {"code": "12345"}),
        ("GET", "/verify_profiles/{profile}", None),
        ("PATCH", "/verify_profiles/{profile}", {"name": "stolen"}),
        ("DELETE", "/verify_profiles/{profile}", None),
        ("PATCH", "/verify_profiles/templates/{template}", {"text": "{{code}}"}),
    ],
)
def test_the_neighbours_objects_read_like_unknown_ones(
    mint: Mint, method: str, path: str, body: object
) -> None:
    owner, stranger = mint()
    verification = owner.trigger(custom_code="12345")
    template = owner.api.post("/verify_profiles/templates", json={"text": "{{code}}"}).json()
    real = {
        "verification": verification["id"],
        "profile": verification["verify_profile_id"],
        "template": template["data"]["id"],
    }
    unknown = dict.fromkeys(real, UNKNOWN)
    answers = [
        stranger.api.request(method, path.format(**ids), json=body) for ids in (real, unknown)
    ]
    assert answers[0].status_code == 404
    assert answers[0].text == answers[1].text
    assert owner.status(verification) == "pending"


def test_a_number_lists_and_checks_the_callers_verifications_only(mint: Mint) -> None:
    owner, stranger = mint()
    shown = owner.trigger(custom_code="12345")
    path = f"/verifications/by_phone_number/{shown['phone_number']}"
    assert stranger.api.get(path).json()["data"] == []
    body = {"code": "12345", "verify_profile_id": shown["verify_profile_id"]}
    assert stranger.api.post(f"{path}/actions/verify", json=body).status_code == 404
    assert stranger.outbox() == []


def test_clocks_are_apart(mint: Mint) -> None:
    early, late = mint()
    first, second = early.trigger(timeout_secs=10), late.trigger(timeout_secs=10)
    late.advance(11)
    assert early.status(first) == "pending"
    assert late.status(second) == "expired"
