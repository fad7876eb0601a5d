"""Codes from an inbox: only of a message that came after the trigger, of the length that is due."""

import shlex
import sys
from pathlib import Path

import pytest

from tests.live.conftest import NUMBER
from verify_harness.errors import NoVerdict
from verify_harness.live import code_sources
from verify_harness.live.code_sources import Inbox, Prompt


@pytest.fixture
def message(tmp_path: Path) -> Path:
    """What the inbox command prints."""
    path = tmp_path / "message"
    path.write_text("")
    return path


def inbox(message: Path) -> Inbox:
    return Inbox(("cat", str(message)), arrival_secs=0.05, poll_secs=0.01)


@pytest.mark.parametrize(
    "text, digits, code",
    [
        ("Your code is 40516.", 5, "40516"),
        ("2026: your code is 40516", 5, "40516"),
        ("2026: your code is 40516", None, "2026"),
        ("405168 is your code", 5, "405168"),
        ("call us at 12, now", 5, None),
        ("card 12345678901", 5, None),
    ],
)
def test_the_code_is_found_in_a_new_message(
    message: Path, text: str, digits: int | None, code: str | None
) -> None:
    source = inbox(message)
    source.before_trigger(NUMBER)
    message.write_text(text)
    assert source.received(NUMBER, digits) == code


def test_an_old_message_is_not_the_code(message: Path) -> None:
    message.write_text("Your code is 40516.")
    source = inbox(message)
    source.before_trigger(NUMBER)
    assert source.received(NUMBER, 5) is None


def test_the_number_is_no_argument_of_the_command() -> None:
    program = "import os, sys; print(os.environ['VERIFY_HARNESS_NUMBER'][1:6], len(sys.argv))"
    source = Inbox((sys.executable, "-c", program))
    assert source.received(NUMBER, 5) == NUMBER[1:6]


@pytest.mark.parametrize(
    "command, said",
    [("false", "status 1"), ("/no/such", "No such file"), ("sleep 9", "not end within")],
)
def test_a_command_that_cannot_be_used_is_no_verdict(
    command: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_sources, "_COMMAND_SECS", 0.05)
    with pytest.raises(NoVerdict, match=said):
        Inbox(tuple(shlex.split(command))).before_trigger(NUMBER)


@pytest.mark.parametrize("typed, code", [(" 40516 ", "40516"), ("", None)])
def test_a_person_is_asked(typed: str, code: str | None) -> None:
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return typed

    source = Prompt(ask)
    source.before_trigger(NUMBER)
    assert source.received(NUMBER, 5) == code
    assert NUMBER not in asked[0]
