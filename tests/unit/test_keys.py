"""What is no API key is refused with a sentence, without saying it."""

from pathlib import Path

import pytest

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
