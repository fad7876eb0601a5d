"""The environment variables between the runner and the load process."""

from pathlib import Path

import pytest

from verify_harness.errors import UsageError
from verify_harness.load.settings import LoadSettings

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
    assert LoadSettings.from_environment(SETTINGS.to_environment()) == SETTINGS


def test_missing_variables_are_named() -> None:
    environment = SETTINGS.to_environment()
    del environment["VERIFY_HARNESS_LOAD_TARGET_URL"]
    environment["VERIFY_HARNESS_LOAD_SEED"] = ""

    with pytest.raises(UsageError, match=r"LOAD_TARGET_URL, VERIFY_HARNESS_LOAD_SEED not set"):
        LoadSettings.from_environment(environment)


def test_a_variable_that_is_no_number_is_refused() -> None:
    environment = SETTINGS.to_environment() | {"VERIFY_HARNESS_LOAD_SEED": "seven"}

    with pytest.raises(UsageError, match="LOAD_SEED must be a number, not 'seven'"):
        LoadSettings.from_environment(environment)


def test_the_key_does_not_show_in_a_representation() -> None:
    assert "KEY-0123456789" not in repr(SETTINGS)
