"""`smoke --live` from end to end, against a stand-in for the vendor's service."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import click
import pytest
import yaml

from tests.live.command_line import CommandLine
from tests.live.conftest import NUMBER, Control
from tests.live.stand_in import NO_ANSWER, Answer, Intercept, StandIn
from tests.program import environment
from verify_harness import bundled
from verify_harness.cli import cli, live_options
from verify_harness.errors import LiveApiRefused
from verify_harness.live.service import THE_SERVICE, LiveService
from verify_harness.safety.ledger import Charge, Ledger

INBOX = Path(__file__).with_name("inbox.py")
KILLED = Path(__file__).with_name("killed.py")
ACCEPTED = ("an accepted check", "0.03", True)
REJECTED = ("an accepted check", "0.03", False)
LOOKUP = ("a lookup", "0.0015", True)
SMS = ("sms to US", "0.004", True)

MakeProfile = Callable[..., str]


def answering(method: str, path: str, status: int, data: object = None) -> Intercept:
    """An intercept: so a request is answered; the others go to the sandbox."""
    body = json.dumps({"data": data} if status < 400 else {"errors": []}).encode()

    def intercept(asked: str, at: str) -> Answer | None:
        return (status, body) if (asked, path in at) == (method, True) else None

    return intercept


def test_the_whole_plan(
    command_line: CommandLine, stand_in: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.run() == 0
    assert set(command_line.statuses.values()) == {"pass"}
    assert stand_in.seen.triggers() == ["sms", "call", "flashcall", "whatsapp"]
    journey = [REJECTED, ACCEPTED, REJECTED]
    call, flashcall = ("call to US", "0.014", True), ("flashcall to US", "0.05", True)
    whatsapp = ("whatsapp to US", "0.05", True)
    charged = [LOOKUP, SMS, *journey, call, *journey, flashcall, whatsapp, *journey]
    assert command_line.charged == charged
    printed = capsys.readouterr()
    assert "costs at most 0.3895 USD" in printed.err
    assert "spent today with this key: 0.2095 USD" in printed.err
    assert "spent 0.2095 USD" in (command_line.directory / "journal.ndjson").read_text()
    assert NUMBER not in printed.err
    changed = [path for method, path in stand_in.seen.requests if method in {"PATCH", "DELETE"}]
    assert len(set(changed)) == 1
    assert command_line.options["--profile"] not in changed[0]


def test_the_plan_is_shown_without_a_request(
    command_line: CommandLine, stand_in: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.run("--show-plan", "--channel", "sms", confirmed=False) == 0
    shown = capsys.readouterr().out
    assert "sms: trigger to ..01" in shown
    assert "call" not in shown
    assert stand_in.seen.requests == []
    assert not command_line.directory.exists()


def test_only_reading_triggers_and_changes_nothing(
    command_line: CommandLine, stand_in: StandIn
) -> None:
    assert command_line.run("--reads-only") == 0
    assert {method for method, _ in stand_in.seen.requests} == {"GET"}
    assert command_line.charged == [LOOKUP]


def test_a_document_without_an_operation_of_the_plan_is_named_before_anything_is_sent(
    command_line: CommandLine, stand_in: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    document = yaml.safe_load((bundled.specs() / "verify.openapi.yaml").read_text())
    del document["paths"]["/number_lookup/{phone_number}"]
    Path("own.yaml").write_text(yaml.safe_dump(document))
    assert command_line.with_options(spec="own.yaml").run() == 2
    assert "LookupNumber" in capsys.readouterr().err
    assert len(stand_in.seen.requests) == 1  # is the key good


def test_a_profile_that_does_not_exist_is_refused(
    command_line: CommandLine, capsys: pytest.CaptureFixture[str]
) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"
    assert command_line.with_options(profile=unknown).run() == 4
    assert "it could not be read (status 404)" in capsys.readouterr().err


def test_a_typed_amount_confirms(
    command_line: CommandLine, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter(["0.09 USD", "0.0955 USD"])
    monkeypatch.setattr(live_options, "ask", lambda _question: next(typed))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    assert command_line.run("--channel", "sms", confirmed=False) == 4
    assert stand_in.seen.requests == []
    assert command_line.run("--channel", "sms", confirmed=False) == 0
    assert stand_in.seen.triggers() == ["sms"]


@pytest.mark.parametrize("fingerprint", ["000000000000", None], ids=["another key", "nobody"])
def test_without_consent_nothing_is_sent(
    command_line: CommandLine,
    stand_in: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    fingerprint: str | None,
) -> None:
    if fingerprint:
        monkeypatch.setenv("VERIFY_HARNESS_LIVE", fingerprint)
    assert command_line.run(confirmed=False) == 4
    assert stand_in.seen.requests == []
    assert not command_line.directory.exists()


@pytest.mark.parametrize(
    "changes, code, said",
    [
        ({"budget": "0.38USD"}, 3, "the plan for 0.3895 USD: 0.38 USD of it is left"),
        ({"budget": "0USD"}, 3, "0.00 USD of it is left"),
        ({"budget": "1.50"}, 2, "an amount with its currency"),
        ({"budget": None}, 2, "--live needs --budget"),
        ({"profile": None}, 2, "--live needs --profile"),
        ({"numbers": None}, 2, "--live needs --numbers"),
        ({"number": "+12025550199"}, 4, "..99 is not in the file"),
        ({"numbers": "none.toml"}, 2, "none.toml cannot be read"),
        ({"target": "http://127.0.0.1:1"}, 2, "a target of its own"),
        ({"prices": "own.toml"}, 2, "own.toml"),
    ],
)
def test_what_may_not_be_is_refused_before_any_request(
    command_line: CommandLine,
    stand_in: StandIn,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, str | None],
    code: int,
    said: str,
) -> None:
    assert command_line.with_options(**changes).run() == code
    assert said in capsys.readouterr().err
    assert stand_in.seen.requests == []


@pytest.mark.parametrize(
    "text, said",
    [
        ('numbers = ["2025550101"]', "numbers[0]"),
        ("numbers = []", "numbers"),
        ('numbers = ["+9990000000"]', "the number ..00 belongs to no country"),
    ],
)
def test_a_file_of_numbers_that_are_none_is_refused(
    command_line: CommandLine,
    stand_in: StandIn,
    capsys: pytest.CaptureFixture[str],
    text: str,
    said: str,
) -> None:
    Path("own.toml").write_text(text)
    assert command_line.run() == 2
    assert said in capsys.readouterr().err
    assert stand_in.seen.requests == []


def test_without_a_key_nothing_is_sent(
    command_line: CommandLine, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TELNYX_API_KEY")
    assert command_line.run(confirmed=False) == 4
    assert stand_in.seen.requests == []


def test_a_ledger_that_cannot_be_read_stops_everything(
    command_line: CommandLine, stand_in: StandIn
) -> None:
    command_line.ledger.write_text("not a ledger\n")
    assert command_line.run() == 4
    assert stand_in.seen.requests == []


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"sms": {"whitelisted_destinations": ["*"]}}, "of sms are *"),
        ({"daily_spend_limit_enabled": False}, "is not enabled"),
    ],
)
def test_a_profile_that_bounds_nothing_is_not_triggered(
    command_line: CommandLine,
    stand_in: StandIn,
    make_profile: MakeProfile,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, object],
    said: str,
) -> None:
    assert command_line.with_options(profile=make_profile(**changes)).run() == 4
    assert said in capsys.readouterr().err
    assert not command_line.ledger.read_text()
    assert len(stand_in.seen.requests) == 2  # is the key good, and the profile itself


def test_a_channel_that_the_profile_does_not_open_is_left_out(
    command_line: CommandLine, stand_in: StandIn, make_profile: MakeProfile
) -> None:
    profile = make_profile(sms={"whitelisted_destinations": ["CA"]})
    assert command_line.with_options(profile=profile).run("--channel", "sms") == 0
    assert stand_in.seen.triggers() == []
    assert command_line.statuses["VFY-CODE-001"] == "skip"


def test_what_another_process_spends_meanwhile_counts(
    command_line: CommandLine, stand_in: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    def spend(_method: str, path: str) -> None:
        if "number_lookup" in path:
            account = json.loads(command_line.ledger.read_text().splitlines()[0])["account"]
            other = Charge(
                t=time.time(),
                id="other",
                run="another",
                account=account,
                price_class="send",
                what="sms to US",
                usd=Decimal("0.998"),
            )
            Ledger(command_line.ledger).charge(other, Decimal(1000))

    stand_in.seen.intercept = spend
    assert command_line.run() == 3
    assert "the budget does not allow sms to US for 0.004 USD" in capsys.readouterr().err
    assert stand_in.seen.triggers() == []
    assert command_line.charged == [LOOKUP, ("sms to US", "0.998", True)]


def test_a_402_ends_everything_at_once(
    command_line: CommandLine, stand_in: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in.seen.intercept = answering("POST", "/verifications/sms", 402)
    assert command_line.run() == 3
    assert "the account cannot pay" in capsys.readouterr().err
    assert stand_in.seen.requests[-1] == ("POST", "/v2/verifications/sms")
    assert command_line.charged == [LOOKUP, ("sms to US", "0.004", False)]
    assert command_line.run_json["verdict"] == "no-verdict"
    answered = {row["operation_id"]: row["statuses"] for row in command_line.run_json["operations"]}
    assert answered["CreateVerificationSms"] == {"402": 1}


@pytest.mark.parametrize("status, code, outcome", [(500, 1, "fail"), (0, 3, "error")])
def test_a_trigger_of_unknown_outcome_is_spent_and_never_repeated(
    command_line: CommandLine, stand_in: StandIn, status: int, code: int, outcome: str
) -> None:
    answer = answering("POST", "/verifications/sms", status)
    stand_in.seen.intercept = lambda method, path: (
        NO_ANSWER if status == 0 and path.endswith("/sms") else answer(method, path)
    )
    assert command_line.run("--channel", "sms") == code
    assert stand_in.seen.triggers() == ["sms"]
    assert command_line.charged == [LOOKUP, SMS]
    assert command_line.statuses["VFY-LIFE-001"] == outcome


def test_a_code_that_opens_twice_is_found(command_line: CommandLine, stand_in: StandIn) -> None:
    opened = {"phone_number": NUMBER, "response_code": "accepted"}
    stand_in.seen.intercept = answering("POST", "/actions/verify", 200, opened)
    assert command_line.run("--channel", "sms") == 1
    failed = {name for name, status in command_line.statuses.items() if status == "fail"}
    assert failed >= {"VFY-CODE-002", "VFY-CODE-004", "VFY-LIFE-002"}
    assert command_line.charged == [LOOKUP, SMS, ACCEPTED, ACCEPTED, ACCEPTED]
    replays = {finding["replay"] for finding in command_line.run_json["findings"]}
    assert all("smoke --live" in each and "--profile" in each for each in replays)


def test_an_inbox_gives_the_code_that_was_received(
    command_line: CommandLine, stand_in: StandIn, control: Control, tenant: dict[str, str]
) -> None:
    outbox = f"{control.origin}/_sandbox/tenants/{tenant['id']}/outbox"
    inbox = f"{sys.executable} {INBOX} {outbox}"
    assert command_line.with_options(inbox=inbox).run("--channel", "sms") == 0
    assert command_line.charged == [LOOKUP, SMS, REJECTED, ACCEPTED, REJECTED]
    sent = control(f"/_sandbox/tenants/{tenant['id']}/outbox")["messages"][-1]["code"]
    written = [path.read_text() for path in command_line.directory.iterdir()]
    assert not any(f'"{sent}"' in text for text in written)


@pytest.mark.parametrize(
    "inbox, said",
    [
        ("false", "ended with status 1"),
        ("/no/such/program", "No such file"),
    ],
)
def test_an_inbox_that_does_not_work_stops_before_the_trigger(
    command_line: CommandLine,
    stand_in: StandIn,
    capsys: pytest.CaptureFixture[str],
    inbox: str,
    said: str,
) -> None:
    assert command_line.with_options(inbox=inbox).run("--channel", "sms") == 3
    assert said in capsys.readouterr().err
    assert stand_in.seen.triggers() == []
    assert command_line.charged == [LOOKUP]


def test_a_person_may_type_the_code_of_a_flash_call(
    command_line: CommandLine,
    control: Control,
    tenant: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ask(_question: str) -> str:
        messages = control(f"/_sandbox/tenants/{tenant['id']}/outbox")["messages"]
        return str(messages[-1]["code"])

    monkeypatch.setattr(live_options, "ask", ask)
    assert command_line.run("--channel", "flashcall", "--prompt-code") == 0
    assert command_line.statuses["VFY-CODE-001"] == "pass"


def test_no_code_is_no_verdict(command_line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_options, "ask", lambda _question: " ")
    assert command_line.run("--channel", "sms", "--prompt-code") == 3
    assert command_line.statuses["VFY-CODE-001"] == "error"


def test_client_credentials_give_the_token(
    command_line: CommandLine, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, secret = os.environ["TELNYX_API_KEY"], "s3cret-9876543210"
    token = json.dumps({"access_token": key, "expires_in": 0}).encode()
    stand_in.seen.intercept = lambda _, path: (200, token) if path == "/v2/oauth/token" else None
    monkeypatch.delenv("TELNYX_API_KEY")
    monkeypatch.setenv("TELNYX_CLIENT_ID", "client-0123456789")
    monkeypatch.setenv("TELNYX_CLIENT_SECRET", secret)
    assert command_line.run("--channel", "sms") == 0
    assert stand_in.seen.requests.count(("POST", "/v2/oauth/token")) > 2
    written = [path.read_text() for path in command_line.directory.iterdir()]
    assert not any(word in text for text in written for word in (key, secret))


def test_another_authority_gets_no_key(command_line: CommandLine, stand_in: StandIn) -> None:
    assert command_line.with_options(ca_file=None).run() == 3
    assert stand_in.seen.requests == []


def test_a_process_that_dies_between_ledger_and_request_has_spent(
    command_line: CommandLine, stand_in: StandIn
) -> None:
    document = {
        "port": stand_in.port,
        "options": command_line.options,
        "dies_at": "sms to US",
    }
    extra = {"TELNYX_API_KEY": os.environ["TELNYX_API_KEY"]}
    ended = subprocess.run(
        [sys.executable, str(KILLED)],
        input=json.dumps(document),
        env=environment(**extra, PYTHONPATH=str(KILLED.parents[2])),
        text=True,
        check=False,
        capture_output=True,
        timeout=60,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert stand_in.seen.triggers() == []
    assert command_line.charged == [LOOKUP, SMS]


@pytest.mark.parametrize(
    "arguments",
    [
        ("contract", "run"),
        ("check",),
        ("smoke",),
        ("load", "run", "smoke", "--max-triggers", "999", "--max-rate", "999/s"),
    ],
)
def test_every_other_command_refuses_the_live_service(
    command_line: CommandLine,
    stand_in: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
) -> None:
    target = command_line.service.base_url
    allowed = ("--target", target, "--allow-remote", "api.telnyx.com")
    monkeypatch.setenv("VERIFY_HARNESS_LIVE", "1")
    with pytest.raises(LiveApiRefused):
        cli([*arguments, *allowed], obj=command_line.service, standalone_mode=False)
    assert stand_in.seen.requests == []


def test_an_option_of_the_live_plan_says_nothing_without_it() -> None:
    with pytest.raises(Exception, match="--prompt-code belongs to --live"):
        cli(["smoke", "--prompt-code"], standalone_mode=False)


def test_the_live_service_is_the_vendors_for_all_who_declare_no_other() -> None:
    context = click.Context(cli)
    assert context.find_object(LiveService) is None
    assert THE_SERVICE.base_url == "https://api.telnyx.com/v2"
