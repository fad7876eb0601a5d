"""The settings that travel between the runner and the load process."""

from pathlib import Path

import pytest

from verify_harness.errors import UsageError
from verify_harness.load.process_settings import VARIABLE, LoadSettings

SETTINGS = LoadSettings(
    target_url="http://127.0.0.1:8080/v2",
    api_key="KEY-0123456789",
    profile="smoke",
    seed=7,
    journal=Path("journal.ndjson"),
    run_id="run-1",
    duration_s=2.5,
    parent_pid=42,
)


def test_settings_survive_the_environment() -> None:
    assert list(SETTINGS.to_environment()) == [VARIABLE]
    assert LoadSettings.from_environment(SETTINGS.to_environment()) == SETTINGS


@pytest.mark.parametrize(
    "text,message",
    [
        ("", "VERIFY_HARNESS_LOAD holds no settings"),
        ('{"target_url": "http://127.0.0.1"}', "missing required field `api_key`"),
        ('{"seed": "seven"}', r"Expected `int`, got `str` - at `\$.seed`"),
    ],
)
def test_what_is_missing_or_wrong_is_named(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        LoadSettings.from_environment({VARIABLE: text})


def test_the_key_does_not_show_in_a_representation() -> None:
    assert "KEY-0123456789" not in repr(SETTINGS)
