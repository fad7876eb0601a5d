"""How faults are declared and found."""

import re

import pytest

from verify_harness.errors import UsageError
from verify_harness.sandbox.dialects import DOCUMENTED
from verify_harness.sandbox.faults import FAULTS, broken, fault, faults_named
from verify_harness.sandbox.rules import Rules

EXAMPLE = "code-works-twice"


def test_every_fault_is_well_formed() -> None:
    for key, each in FAULTS.items():
        assert key == each.id
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each.id)
        assert re.fullmatch(r"VFY-[A-Z]+-[0-9]{3}", each.breaks)
        assert each.area == each.breaks.split("-")[1].lower()
        assert each.harm.endswith(".")


def test_every_layer_has_faults() -> None:
    assert {each.layer for each in FAULTS.values()} == {"rules", "store", "wire"}


def test_an_unknown_fault_is_a_usage_error_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="code-work-twice") as caught:
        faults_named(["code-work-twice"])
    assert EXAMPLE in caught.value.hint


def test_a_name_cannot_be_taken_twice() -> None:
    def same(rules: Rules) -> Rules:
        return rules

    with pytest.raises(ValueError, match=EXAMPLE):
        fault(EXAMPLE, breaks="VFY-CODE-004", harm="None.")(same)


def test_a_fault_leaves_the_clean_rules_alone() -> None:
    before = DOCUMENTED.checkable_statuses
    changed = broken(DOCUMENTED, faults_named([EXAMPLE]))
    assert changed.checkable_statuses != before
    assert DOCUMENTED.checkable_statuses == before
