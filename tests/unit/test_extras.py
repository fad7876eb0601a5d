"""What is said where a part was not installed."""

from pathlib import Path

import pytest

from verify_harness import extras
from verify_harness.load.profile import load_profile
from verify_harness.run.life import assist, conduct
from verify_harness.run.plan import Load, RunPlan


@pytest.mark.parametrize("work_of", [conduct, assist])
def test_load_without_its_extra_begins_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, work_of: object
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _name: None)
    plan = RunPlan(command="load-run", output=tmp_path / "run")
    plan = plan.with_load(Load(profile=load_profile("smoke")))
    with pytest.raises(extras.MissingExtra, match="locust is not installed") as missing:
        work_of(plan, pytest.fail)  # type: ignore[operator]  # both take a plan and its work
    assert missing.value.hint == "pip install 'verify-harness[load]'"
    assert not (tmp_path / "run").exists()


def test_a_load_with_a_collector_needs_what_speaks_to_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None if "telemetry" in name else name)
    plan = RunPlan(command="load-run", output=tmp_path / "run")
    plan = plan.with_load(Load(profile=load_profile("smoke"), otlp="http://127.0.0.1:4318"))
    with pytest.raises(extras.MissingExtra, match="opentelemetry is not installed"):
        conduct(plan, lambda _run: pytest.fail("work began"))
    assert not (tmp_path / "run").exists()


def test_what_is_installed_is_not_missed() -> None:
    extras.demand("load")
    extras.demand("otel")
