"""A service that answers all but one operation: what needs it fails, the rest is judged."""

from pathlib import Path

from tests.program import Ended, Harness
from tests.targets.conftest import KEYS, serving
from verify_harness.contract.circuit_breaker import MAX_HANGS_PER_KIND

ID = "[0-9a-f-]{36}"
IMPATIENT = {
    "PYTEST_ADDOPTS": "-p tests.targets.impatient",
    "PYTHONPATH": str(Path(__file__).parents[2]),
}


def _judged(harness: Harness, url: str, *selected: str) -> Ended:
    ended = harness(
        "contract", "run", *selected, "--target", url, "--jobs", "1", **KEYS, **IMPATIENT
    )
    assert ended.code == 1, ended.out + ended.err
    assert "Traceback" not in ended.out + ended.err
    return ended


def _assert_bounded(ended: Ended, operation_id: str) -> None:
    """At most so many requests in vain for each purpose, and for no other operation any."""
    vain = [line for line in ended.journal if line["kind"] == "exchange" and line["failure"]]
    assert {line["operation_id"] for line in vain} == {operation_id}
    purposes = {line["purpose"] for line in vain}
    assert 1 <= len(vain) <= MAX_HANGS_PER_KIND * len(purposes)


def test_one_operation_that_hangs_fails_alone(harness: Harness) -> None:
    needs_it, needs_it_not = ("VFY-PROF-001", "VFY-PROF-003"), ("VFY-LOOK-003", "VFY-LIFE-001")
    with serving(hangs_on=f"GET /v2/verify_profiles/{ID}") as url:
        ended = _judged(harness, url, *needs_it, *needs_it_not)
    statuses = {entry["id"]: entry["status"] for entry in ended.run_json["requirements"]}
    assert statuses == dict.fromkeys(needs_it, "fail") | dict.fromkeys(needs_it_not, "pass")
    _assert_bounded(ended, "GetVerifyProfile")
