"""What is no API key is refused with a sentence, without saying it."""

import shlex
import sys
from pathlib import Path

import pytest

from verify_harness import keys
from verify_harness.errors import UsageError
from verify_harness.keys import KEY_VARIABLE, SECOND_KEY_VARIABLE, read_keys, readable_by_others

GOOD = "KEY0187B2F4C6D8"


@pytest.mark.parametrize(
    "value, problem",
    [
        ("KEY0187", "shorter than 8"),
        (f" {GOOD}", "white space"),
        (f"{GOOD} ", "white space"),
        (f"{GOOD}\nsecond", "line break"),
        (f'"{GOOD}"', "quotes"),
        (f"'{GOOD}'", "quotes"),
        (f"{GOOD}é", "cannot be typed"),
        (f"{GOOD}\x00", "cannot be typed"),
    ],
)
def test_what_is_no_key_is_refused_and_not_said(tmp_path: Path, value: str, problem: str) -> None:
    file = tmp_path / "key"
    file.write_text(value, encoding="utf-8")
    asked = [
        (None, {KEY_VARIABLE: value}),
        (None, {KEY_VARIABLE: GOOD, SECOND_KEY_VARIABLE: value}),
        (file, {}),
    ]
    for where, environment in asked:
        with pytest.raises(UsageError, match=problem) as refused:
            read_keys(where, environment)
        assert value.strip() not in f"{refused.value} {refused.value.hint}"


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_key_file_may_end_its_line(tmp_path: Path, end: str) -> None:
    file = tmp_path / "key"
    file.write_bytes(f"{GOOD}{end}".encode())
    assert read_keys(file, {}).first == GOOD


def test_an_empty_key_file_is_refused_and_an_empty_variable_is_none(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("\n")
    with pytest.raises(UsageError, match="empty"):
        read_keys(file, {})
    assert read_keys(None, {KEY_VARIABLE: ""}).first == ""


@pytest.mark.parametrize("mode, told", [(0o600, False), (0o640, True), (0o604, True)])
def test_a_key_file_that_others_can_read_is_known(tmp_path: Path, mode: int, told: bool) -> None:
    file = tmp_path / "key"
    file.write_text(GOOD)
    file.chmod(mode)
    assert readable_by_others(file) is told


def command(*words: str) -> str:
    return shlex.join([sys.executable, "-c", *words])


def test_a_command_prints_the_key() -> None:
    asked = command(f"print('  {GOOD}  ')")
    assert read_keys(None, {KEY_VARIABLE: "KEY0000000000"}, command=asked).first == GOOD


def test_a_command_does_not_get_the_keys_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "KEY0000000000")
    asked = command(f"import os; print(os.environ.get({KEY_VARIABLE!r}, {GOOD!r}))")
    assert read_keys(None, {}, command=asked).first == GOOD


@pytest.mark.parametrize(
    "asked, said",
    [
        (command(f"print('{GOOD}'); raise SystemExit(3)"), "ended with status 3"),
        (command("print()"), "printed nothing"),
        (command("import os; os.write(1, bytes([255]))"), "printed no UTF-8 text"),
        (command(f"print('{GOOD} {GOOD}')"), "white space"),
        (command("print('short')"), "shorter than 8"),
        ("/no/such/program", "cannot be run: No such file"),
        ("", "cannot be run: it is empty"),
        ("echo 'x", "quote that does not end"),
    ],
)
def test_a_command_that_gives_no_key_is_named_without_what_it_printed(
    asked: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said) as refused:
        read_keys(None, {}, command=asked)
    assert GOOD not in f"{refused.value} {refused.value.hint}"


def test_a_command_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_COMMAND_SECS", 0.05)
    with pytest.raises(UsageError, match=r"did not end within 0\.05 s"):
        read_keys(None, {}, command=command("import time; time.sleep(9)"))


def test_a_key_has_one_source(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not both"):
        read_keys(tmp_path / "key", {}, command="true")


CLIENT = {"TELNYX_CLIENT_ID": "client-0123456789", "TELNYX_CLIENT_SECRET": "s3cret-9876543210"}


def test_client_credentials_stand_in_for_a_key_and_a_key_wins() -> None:
    found = read_keys(None, CLIENT)
    assert (found.exist, found.first, found.all) == (True, "", ())
    assert read_keys(None, {**CLIENT, KEY_VARIABLE: GOOD}) == read_keys(None, {KEY_VARIABLE: GOOD})
    both = read_keys(None, {**CLIENT, SECOND_KEY_VARIABLE: GOOD})
    assert both.oauth == found.oauth


@pytest.mark.parametrize("missing", CLIENT)
def test_half_of_the_client_credentials_is_a_mistake(missing: str) -> None:
    with pytest.raises(UsageError, match=f"{missing} is not set"):
        read_keys(None, {name: value for name, value in CLIENT.items() if name != missing})


def test_a_fingerprint_tells_keys_apart_and_says_nothing() -> None:
    prints = {read_keys(None, each).fingerprint for each in ({KEY_VARIABLE: GOOD}, CLIENT, {})}
    assert len(prints) == 3
    assert GOOD[:4] not in "".join(prints)
