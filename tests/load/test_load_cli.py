"""`verify-harness load` as its user runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from verify_harness import schemas

SCHEMAS = schemas.FOLDER


@pytest.fixture
def harness(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `verify-harness load` in an empty directory."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        ours = ("TELNYX_", "VERIFY_HARNESS_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        command = [sys.executable, "-m", "verify_harness", "load", *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=kept, capture_output=True, text=True, check=False, timeout=90
        )

    return run


def _with_limit(write_profile: Callable[..., Path], limit: str) -> str:
    return str(write_profile(("[waits]", f"[slo]\n{limit}\n[waits]")))


def _run_json(directory: Path) -> Any:
    run = json.loads((directory / "run.json").read_text())
    jsonschema_rs.validate(json.loads((SCHEMAS / "run.schema.json").read_text()), run)
    return run


def test_a_missed_slo_is_exit_1_and_stands_in_every_report(
    harness: Callable[..., subprocess.CompletedProcess[str]],
    write_profile: Callable[..., Path],
    tmp_path: Path,
) -> None:
    profile = _with_limit(write_profile, '"p50(trigger)" = "< 0.001 ms"\n"error_rate" = "< 1 %"')

    ended = harness("run", profile, "-o", "out")

    assert ended.returncode == 1, ended.stderr
    missed, kept = _run_json(tmp_path / "out")["load"]["slo"]
    assert (missed["expression"], missed["status"]) == ("p50(trigger)", "fail")
    assert (kept["measured"], kept["status"]) == (0.0, "pass")
    assert "SLO missed: p50(trigger) < 0.001 ms" in ended.stdout
    for name in ("report.html", "summary.md"):
        assert "p50(trigger)" in (tmp_path / "out" / name).read_text().replace("&#40;", "(")
    schema = jsonschema_rs.validator_for(json.loads((SCHEMAS / "journal.schema.json").read_text()))
    lines = (tmp_path / "out" / "journal.ndjson").read_text().splitlines()
    assert all(schema.is_valid(json.loads(line)) for line in lines)


def test_a_limit_that_aborts_ends_the_load_as_failed_and_whole(
    harness: Callable[..., subprocess.CompletedProcess[str]],
    write_profile: Callable[..., Path],
    tmp_path: Path,
) -> None:
    limits = ('"p50(trigger)" = "< 0.001 ms over 1 s, abort"', '"completed" = "> 99 %"')
    limit = "\n".join(("[slo]", *limits, "[waits]"))
    profile = write_profile(("[waits]", limit), ("duration_s = 2", "duration_s = 60"))

    ended = harness("run", str(profile), "-o", "out")

    assert ended.returncode == 1, ended.stderr
    run = _run_json(tmp_path / "out")
    assert (run["verdict"], run["partial"]) == ("fail", False)
    assert "p50(trigger) < 0.001 ms over 1 s, abort was missed" in run["load"]["aborted"]
    assert run["load"]["duration_s"] < 30  # of sixty
    assert run["load"]["slo"][0]["worst_from_s"] is not None
    assert "aborted: p50(trigger)" in ended.stdout
    assert [limit["status"] for limit in run["load"]["slo"]] == ["fail", "pass"]
    journeys = run["load"]["journeys"]
    assert journeys["started"] > journeys["completed"], "none was under way"
    assert journeys["failed"] == 0


def test_a_plan_is_told_without_sending_or_writing_anything(
    harness: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    ended = harness("plan", "prerelease")

    assert ended.returncode == 0
    assert "400.0/s" in ended.stdout
    assert "p95(trigger) < 250 ms" in ended.stdout
    assert "vendor's US prices" in ended.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "flags,ceiling,told",
    [
        (("--max-triggers", "19"), "", "plans 20 triggers, above the ceiling of 19"),
        (("--max-rate", "9/s"), "", "plans 10 triggers/s, above the ceiling of 9"),
        (("--max-triggers", "99"), "max_triggers = 5", "above the ceiling of 5"),
    ],
)
@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_plan_that_exceeds_its_ceiling_is_a_usage_error(
    harness: Callable[..., subprocess.CompletedProcess[str]],
    write_profile: Callable[..., Path],
    command: str,
    flags: tuple[str, ...],
    ceiling: str,
    told: str,
) -> None:
    profile = write_profile(("[[arrivals]]", f"{ceiling}\n[[arrivals]]"))

    ended = harness(command, str(profile), *flags)

    assert ended.returncode == 2
    assert told in ended.stderr


def test_a_profile_without_limits_has_no_capacity(
    harness: Callable[..., subprocess.CompletedProcess[str]], write_profile: Callable[..., Path]
) -> None:
    ended = harness("capacity", str(write_profile()))

    assert ended.returncode == 2
    assert "sets no [slo]" in ended.stderr
