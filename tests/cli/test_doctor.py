"""`doctor`: what a run depends on, looked at before it."""

import json
import os
from typing import Any

import pytest
from click.testing import CliRunner

from tests.targets.conftest import KEYS, serving
from verify_harness.cli import cli
from verify_harness.exitcodes import ExitCode
from verify_harness.targets import resolving


def rows(*arguments: str, **variables: str) -> tuple[int, dict[str, Any]]:
    """The exit code, and each row by its name."""
    ended = CliRunner(env=variables).invoke(
        cli, ["doctor", *arguments, "--json"], standalone_mode=False, catch_exceptions=False
    )
    return ended.return_value, {row["name"]: row for row in json.loads(ended.stdout)}


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in os.environ if each.startswith(("TELNYX_", "VERIFY_HARNESS_"))]:
        monkeypatch.delenv(name)


def test_without_a_target_all_is_well() -> None:
    code, found = rows()
    assert code == ExitCode.PASS
    assert found["settings"]["result"] == "all by default"
    assert "17 operations" in found["specification"]["result"]
    assert "embedded sandbox" in found["target"]["result"]


def test_a_service_of_ones_own_is_asked_once_and_its_clock_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resolving, "_clock_ahead_secs", lambda _exchange: 7200.0)
    with serving() as url:
        code, found = rows(TELNYX_API_KEY=KEYS["TELNYX_API_KEY"], VERIFY_HARNESS_TARGET=url)
    assert code == ExitCode.PASS
    assert found["settings"]["result"] == "--target by variable"
    assert found["key"]["result"].startswith("accepted; 1 of 2")
    assert (found["clock"]["status"], found["clock"]["result"][:3]) == ("warn", "2 h")


@pytest.mark.parametrize(
    "target,code,says",
    [
        ("https://api.telnyx.com/v2", ExitCode.REFUSED, "live service"),
        ("http://staging.example/v2", ExitCode.REFUSED, "staging.example"),
        ("http://127.0.0.1:1/v2", ExitCode.NO_VERDICT, "does not answer"),
    ],
)
def test_what_would_stop_a_run_is_named_with_its_remedy(
    target: str, code: ExitCode, says: str
) -> None:
    found_code, found = rows("--target", target, TELNYX_API_KEY=KEYS["TELNYX_API_KEY"])
    assert found_code == code
    assert says in found["target"]["result"]
    assert found["target"]["remedy"]


def test_a_key_that_is_refused_is_named() -> None:
    with serving() as url:
        code, found = rows("--target", url, TELNYX_API_KEY="KEY_of_nobody_0123456789")
    assert code == ExitCode.NO_VERDICT
    assert "refuses the key" in found["target"]["result"]
