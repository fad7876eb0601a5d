"""The levers under /_sandbox/."""

import json
from importlib.resources import files

import httpx
import jsonschema_rs
import pytest

from tests.sandbox.conftest import Account, Mint


def test_the_announcement_keeps_its_schema(sandbox: str) -> None:
    schema = files("verify_harness.sandbox").joinpath("announcement.schema.json").read_text("utf-8")
    announcement = httpx.get(f"{sandbox}/_sandbox/").json()
    jsonschema_rs.validator_for(json.loads(schema)).validate(announcement)
    assert announcement["dialect"] == "documented"
    assert announcement["active_faults"] == []


def test_only_api_requests_are_counted(sandbox: str, account: Account) -> None:
    def served() -> int:
        count: int = httpx.get(f"{sandbox}/_sandbox/").json()["requests_served"]
        return count

    before = served()
    account.outbox()
    account.api.get("/verify_profiles")
    httpx.get(f"{sandbox}/v2/nothing")
    assert served() == before + 2


def test_a_pair_is_dropped_together(sandbox: str, mint: Mint) -> None:
    first, second = mint()
    httpx.delete(f"{sandbox}/_sandbox/tenants/{second.id}").raise_for_status()
    assert first.api.get("/verify_profiles").status_code == 401
    assert first.levers.get("outbox").status_code == 404


def test_a_seed_may_be_used_by_two_living_pairs(mint: Mint) -> None:
    one, other = mint(seed=5)[0], mint(seed=5)[0]
    assert one.key != other.key
    assert one.trigger()["id"] == other.trigger()["id"]


def test_mistakes_are_400_and_name_what_is_near(sandbox: str) -> None:
    answer = httpx.post(f"{sandbox}/_sandbox/tenants", json={"faults": ["code-work-twice"]})
    assert answer.status_code == 400
    assert "code-works-twice" in answer.json()["errors"][0]["detail"]
    for body in ({"dialect": "klingon"}, {"seed": "x"}, {"colour": 1}):
        assert httpx.post(f"{sandbox}/_sandbox/tenants", json=body).status_code == 400


def test_faults_can_be_switched_on_and_off_with_the_data_kept(account: Account) -> None:
    verification = account.trigger(custom_code="12345")
    assert account.check(verification, "12345") == "accepted"
    account.levers.put("faults", json={"faults": ["code-works-twice"]}).raise_for_status()
    assert account.check(verification, "12345") == "accepted"
    account.levers.put("faults", json={"faults": []}).raise_for_status()
    assert account.check(verification, "12345") == "rejected"


def test_the_clock_tells_its_new_time(account: Account) -> None:
    first, second = (
        account.levers.post("clock", json={"advance_secs": secs}).json()["now"]
        for secs in (0, 3600)
    )
    assert first < second


def test_unknown_levers_and_tenants_are_404(sandbox: str) -> None:
    assert httpx.get(f"{sandbox}/_sandbox/nothing").status_code == 404
    assert httpx.get(f"{sandbox}/_sandbox/tenants/x/outbox").status_code == 404
    assert httpx.get(f"{sandbox}/_sandbox/tenants").status_code == 405


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example:80"},
        {"host": "localhost.evil.example"},
        {"host": "192.0.2.1"},
        {"host": "[2001:db8::1]:80"},
        {"host": ""},
        {"origin": "http://evil.example"},
        {"origin": "null", "content-type": "text/plain"},
    ],
)
def test_no_web_page_pulls_the_levers(sandbox: str, headers: dict[str, str]) -> None:
    answer = httpx.post(f"{sandbox}/_sandbox/tenants", headers=headers, content="{}")
    assert answer.status_code == 403
    assert "key" not in answer.text
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.9.9.9:80", "[::1]:80"])
def test_names_of_this_machine_pull_the_levers(sandbox: str, host: str) -> None:
    assert httpx.get(f"{sandbox}/_sandbox/", headers={"host": host}).status_code == 200
