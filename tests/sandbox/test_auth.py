"""Who may ask."""

import httpx
import pytest

from tests.sandbox.conftest import Account

PATHS = ["/verify_profiles", "/verifications/12ade33a-21c0-473b-b055-b3c836e1c292", "/nothing"]


@pytest.mark.parametrize("path", PATHS)
def test_no_key_is_401_with_a_challenge(sandbox: str, path: str) -> None:
    answer = httpx.get(f"{sandbox}/v2{path}")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["errors"][0]["code"] == "10009"


@pytest.mark.parametrize(
    "authorization", ["Bearer wrong", "Bearer", "", "Basic a2V5", "KEY", "Bearer KEY extra"]
)
def test_a_wrong_key_is_401(account: Account, sandbox: str, authorization: str) -> None:
    headers = {"authorization": authorization.replace("KEY", account.key)}
    answer = httpx.get(f"{sandbox}/v2/verify_profiles", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["code"] == "10009"


def test_two_authorization_headers_are_401(account: Account, sandbox: str) -> None:
    right = ("authorization", f"Bearer {account.key}")
    answer = httpx.get(f"{sandbox}/v2/verify_profiles", headers=[right, right])
    assert answer.status_code == 401


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_the_scheme_may_be_written_anyhow(account: Account, sandbox: str, scheme: str) -> None:
    headers = {"authorization": f"{scheme} {account.key}"}
    assert httpx.get(f"{sandbox}/v2/verify_profiles", headers=headers).status_code == 200


def test_a_revoked_key_is_401(account: Account) -> None:
    assert account.api.get("/verify_profiles").status_code == 200
    account.levers.post("revoke-key").raise_for_status()
    assert account.api.get("/verify_profiles").status_code == 401


def test_the_observed_dialect_answers_no_key_with_404_and_a_wrong_one_with_401(
    observed: Account, sandbox: str
) -> None:
    path = f"{sandbox}/v2/verify_profiles/{observed.profile()}"
    missing = httpx.get(path, headers={"x-sandbox-tenant": observed.id})
    assert (missing.status_code, missing.json()["errors"][0]["code"]) == (404, "10005")
    assert httpx.get(path, headers={"authorization": "Bearer wrong"}).status_code == 401
