"""What other services may do otherwise, without breaking a rule: the whole suite stays silent."""

from pathlib import Path

import pytest

from tests.program import Harness

BEHAVES_OTHERWISE = '''
from dataclasses import replace

from verify_harness.sandbox.faults import fault
from verify_harness.sandbox.error_envelope import not_found, refuse
from verify_harness.sandbox.rules import Rules

KNOWN = {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"}


@fault("behaves-otherwise", breaks="VFY-CODE-004", harm="None.")
def behaves_otherwise(rules: Rules) -> Rules:
    """A verification that has ended is not found any more; unknown methods are 501."""

    def is_checkable(verification, open_statuses):
        if verification.status in {"accepted", "invalid"}:
            raise not_found("verification")
        return rules.is_checkable(verification, open_statuses)

    def method_of(request):
        if request.method not in KNOWN:
            raise refuse(501, "10030", "Nobody knows this method.")
        return rules.method_of(request)

    return replace(rules, is_checkable=is_checkable, method_of=method_of)
'''


@pytest.mark.long
def test_no_rule_reaches_beyond_its_source(harness: Harness, tmp_path: Path) -> None:
    folder = tmp_path / "faults"
    folder.mkdir()
    (folder / "otherwise.py").write_text(BEHAVES_OTHERWISE)
    ended = harness("prove", "--fault", "behaves-otherwise", "--faults-from", str(folder))
    (judged,) = ended.run_json["faults"]
    assert judged["by"] == []
