"""Keys: without one, or with a wrong one, no operation answers."""

import pytest

from verify_harness.checks import OPERATIONS, Api, Exchange, call_plainly, current, requirement

WRONG_KEY = "Bearer KEY00000000000000000000000000000000_wrong"


def judge_without_key(answer: Exchange, operation_id: str) -> None:
    """401 with its scheme, or 404 with code 10005 (facts.md#c8)."""
    hidden = (answer.status, answer.error_codes[:1]) == (404, ["10005"])
    assert answer.status == 401 or (hidden and not current().target.says_documented)
    current().findings.observe("C8", str(answer.status), operation_id)
    challenge = (answer.header("www-authenticate") or "").lower()
    if answer.status == 401 and not challenge.startswith("bearer"):
        current().findings.report("VFY-AUTH-003", "401 without WWW-Authenticate: Bearer")


@requirement("VFY-AUTH-001", "VFY-AUTH-003", level="smoke", operations=["ListProfiles"])
def test_keys_are_asked_for(api: Api) -> None:
    judge_without_key(api.call("ListProfiles", authorization=None), "ListProfiles")


@requirement("VFY-AUTH-002", level="smoke", operations=["ListProfiles"])
def test_keys_are_looked_at(api: Api) -> None:
    assert api.call("ListProfiles", authorization=WRONG_KEY).status in {401, 403}
    assert api.call("ListProfiles").status == 200


@requirement("VFY-AUTH-001", "VFY-AUTH-003")
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_no_key_no_answer(api: Api, operation_id: str) -> None:
    judge_without_key(call_plainly(api, operation_id, authorization=None), operation_id)
    assert call_plainly(api, operation_id).status == 200


@requirement("VFY-AUTH-002")
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_a_wrong_key_opens_nothing(api: Api, operation_id: str) -> None:
    for wrong in (WRONG_KEY, f"Bearer {api.key}x", f"Bearer {api.key[:-1]}", f"Basic {api.key}"):
        assert call_plainly(api, operation_id, authorization=wrong).status in {401, 403}


@requirement("VFY-AUTH-002", operations=["ListProfiles"], levers=["revoke-key"])
def test_a_revoked_key_opens_nothing(api: Api) -> None:
    assert api.call("ListProfiles").status == 200
    current().levers.revoke_key()
    assert api.call("ListProfiles").status in {401, 403}
