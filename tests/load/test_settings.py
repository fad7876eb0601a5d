"""The settings that travel between the runner and the load process."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from verify_harness.errors import UsageError
from verify_harness.load.engine.fingerprint import fingerprint
from verify_harness.load.load_plan import load_plan
from verify_harness.load.process_settings import VARIABLE, LoadSettings
from verify_harness.safety.permission import Ceiling, Permission

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


@pytest.mark.parametrize(
    "name,change",
    [
        ("permission", {"permission": Permission(("staging.example",))}),
        ("permission", {"permission": Permission(allow_plain_text=True)}),
        ("ceiling", {"ceiling": Ceiling(100, 5.0)}),
        ("ceiling", {"ceiling": Ceiling(max_rate_per_s=6.0)}),
        ("seed", {"seed": 8}),
    ],
)
def test_a_worker_that_may_do_something_else_is_told_apart(
    name: str, change: dict[str, Any]
) -> None:
    plan = load_plan(SETTINGS)
    mine = fingerprint(SETTINGS, plan)
    other = fingerprint(replace(SETTINGS, **change), plan)
    assert {key for key in mine if mine[key] != other[key]} == {name}
