"""A service that answers all but one operation: what needs it fails, the rest is judged."""

from pathlib import Path

import pytest

from tests.program import Ended, Harness
from tests.targets.conftest import KEYS, serving
from verify_harness.contract.circuit_breaker import MAX_HANGS_PER_KIND

ID = "[0-9a-f-]{36}"
IMPATIENT = """
from verify_harness.contract import circuit_breaker

vars(circuit_breaker)["RESPONSE_TIMEOUT_SECS"] = 1.0  # a first hang would cost half a minute
"""
"""The conftest.py of a folder of own checks: no variable of the environment reaches a check."""


def _judged(harness: Harness, url: str, folder: Path, *selected: str) -> Ended:
    (folder / "conftest.py").write_text(IMPATIENT)
    own = ("--checks", str(folder), "--jobs", "1")
    ended = harness("contract", "run", *selected, "--target", url, *own, **KEYS)
    assert ended.code == 1, ended.out + ended.err
    assert "Traceback" not in ended.out + ended.err
    return ended


def _assert_bounded(ended: Ended, operation_id: str) -> None:
    """At most so many requests in vain for each purpose, and for no other operation any."""
    vain = [line for line in ended.journal if line["kind"] == "exchange" and line["failure"]]
    assert {line["operation_id"] for line in vain} == {operation_id}
    purposes = {line["purpose"] for line in vain}
    assert 1 <= len(vain) <= MAX_HANGS_PER_KIND * len(purposes)


def test_one_operation_that_hangs_fails_alone(
    harness: Harness, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("impatient")
    needs_it, needs_it_not = ("VFY-PROF-001", "VFY-PROF-003"), ("VFY-LOOK-003", "VFY-LIFE-001")
    with serving(hangs_on=f"GET /v2/verify_profiles/{ID}") as url:
        ended = _judged(harness, url, folder, *needs_it, *needs_it_not)
    statuses = {entry["id"]: entry["status"] for entry in ended.run_json["requirements"]}
    assert statuses == dict.fromkeys(needs_it, "fail") | dict.fromkeys(needs_it_not, "pass")
    _assert_bounded(ended, "GetVerifyProfile")
