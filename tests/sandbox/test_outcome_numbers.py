"""Numbers that decide what becomes of a trigger, and the pytest fixture that has them on."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.program import environment
from tests.sandbox.conftest import Account, Mint
from verify_harness import phone_numbers
from verify_harness.pytest_sandbox import VerifySandbox
from verify_harness.sandbox.special_numbers import OUTCOMES, SLOW_SECS

FIXED, NEVER, BLOCKED, LIMITED, SPENT, SLOW, EXPIRED, LOCKED = OUTCOMES


@pytest.fixture
def account(mint: Mint) -> Account:
    return mint(outcome_numbers=True)[0]


def answer(account: Account, number: str, channel: str = "sms") -> httpx.Response:
    asked = {"phone_number": number, "verify_profile_id": account.profile()}
    return account.api.post(f"/verifications/{channel}", json=asked)


def test_the_documents_have_the_same_table() -> None:
    readme = (Path(__file__).parents[2] / "src/verify_harness/sandbox/README.md").read_text()
    rows = [f"| {number} | {outcome.meaning} |" for number, outcome in OUTCOMES.items()]
    assert "\n".join(rows) in readme


def test_all_of_them_belong_to_nobody() -> None:
    assert all(phone_numbers.country_of(number) == "US" for number in OUTCOMES)


def test_the_code_is_known_before(account: Account) -> None:
    profile = account.profile(sms={"code_length": 7})
    verification = account.trigger(phone_number=FIXED, verify_profile_id=profile)
    assert account.code_of(verification) == "1234567"
    assert account.check(verification, "1234567") == "accepted"
    assert account.code_of(account.trigger("flashcall", phone_number=FIXED)) == "12345"


def test_nothing_arrives(account: Account) -> None:
    verification = account.trigger(phone_number=NEVER)
    assert verification["status"] == "pending"
    assert account.outbox() == []


@pytest.mark.parametrize(
    "number, status, code",
    [(BLOCKED, 400, "40309"), (LIMITED, 429, "10011"), (SPENT, 400, "40333")],
)
def test_a_trigger_is_refused(account: Account, number: str, status: int, code: str) -> None:
    refused = answer(account, number)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (status, code)
    assert refused.headers.get("retry-after") == ("30" if status == 429 else None)
    assert account.outbox() == []


def test_an_answer_is_late_but_the_message_is_not(account: Account) -> None:
    began = time.monotonic()
    assert answer(account, SLOW).status_code == 200
    assert time.monotonic() - began >= SLOW_SECS
    assert len(account.outbox()) == 1


@pytest.mark.parametrize("number, status", [(EXPIRED, "expired"), (LOCKED, "invalid")])
def test_a_verification_is_over_before_it_can_be_checked(
    account: Account, number: str, status: str
) -> None:
    verification = account.trigger(phone_number=number)
    assert account.status(verification) == status
    assert account.check(verification, account.code_of(verification)) == "rejected"


def test_without_the_option_they_are_numbers_like_any_other(mint: Mint) -> None:
    account, _ = mint()
    assert {answer(account, number).status_code for number in OUTCOMES} == {200}
    assert len(account.outbox()) == len(OUTCOMES)


def test_the_start_lists_them() -> None:
    command = [sys.executable, "-m", "verify_harness", "sandbox", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--outcome-numbers"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(TELNYX_API_KEY="KEY_of_the_start"),
    )
    assert process.stderr is not None
    told = [process.stderr.readline() for _ in range(1 + len(OUTCOMES))][1:]
    process.terminate()
    process.communicate(timeout=20)
    assert [line.split()[0] for line in told] == list(OUTCOMES)


# --- the fixture ---


def client(sandbox: VerifySandbox) -> httpx.Client:
    headers = {"Authorization": f"Bearer {sandbox.api_key}"}
    return httpx.Client(base_url=sandbox.base_url, headers=headers, trust_env=False)


def begun(api: httpx.Client, number: str) -> dict[str, Any]:
    profile = api.post("/verify_profiles", json={"name": "mine"}).json()["data"]["id"]
    asked = {"phone_number": number, "verify_profile_id": profile, "timeout_secs": 60}
    data: dict[str, Any] = api.post("/verifications/sms", json=asked).json()["data"]
    return data


def checked(api: httpx.Client, verification: dict[str, Any], code: str) -> str:
    path = f"/verifications/{verification['id']}/actions/verify"
    return str(api.post(path, json={"code": code}).json()["data"]["response_code"])


def test_the_fixture_gives_codes_time_and_faults(verify_sandbox: VerifySandbox) -> None:
    with client(verify_sandbox) as api:
        first = begun(api, "+12025550101")
        code = verify_sandbox.code("+12025550101")
        assert [checked(api, first, code) for _ in range(2)] == ["accepted", "rejected"]
        late = begun(api, "+12025550102")
        verify_sandbox.advance(61)
        assert checked(api, late, verify_sandbox.code("+12025550102")) == "rejected"
        verify_sandbox.break_with("code-works-twice")
        twice = begun(api, "+12025550103")
        code = verify_sandbox.code("+12025550103")
        assert [checked(api, twice, code) for _ in range(2)] == ["accepted", "accepted"]
        begun(api, NEVER)
        with pytest.raises(TimeoutError, match="nothing was sent"):
            verify_sandbox.code(NEVER, wait_secs=0.1)


def test_each_test_has_accounts_of_its_own(verify_sandbox: VerifySandbox) -> None:
    assert verify_sandbox.messages() == []
    assert verify_sandbox.api_key != verify_sandbox.second_api_key


def test_a_stranger_uses_the_fixture_and_keeps_options_and_fixtures(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "import pytest\n\n"
        "def pytest_addoption(parser):\n    parser.addoption('--target', default='theirs')\n\n"
        "@pytest.fixture\ndef channel(pytestconfig):\n"
        "    return pytestconfig.getoption('--target')\n"
    )
    (tmp_path / "test_theirs.py").write_text(
        "def test_it(verify_sandbox, channel):\n"
        "    assert verify_sandbox.messages() == []\n    assert channel == 'theirs'\n"
    )
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:locust", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
