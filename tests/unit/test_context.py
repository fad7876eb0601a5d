"""A check that ends: what it leaves behind does not stop the other checks."""

import json
from pathlib import Path

import pytest

from tests.unit.checks import opened
from verify_harness.contract import current
from verify_harness.contract.check_exceptions import NoAnswer
from verify_harness.errors import NoVerdict


@pytest.mark.parametrize("gone", [NoAnswer("refused"), NoVerdict("gone")])
def test_a_target_that_is_gone_at_the_clean_up_is_noted(gone: Exception, tmp_path: Path) -> None:
    done: list[str] = []

    def fails() -> None:
        raise gone

    with opened(journal=tmp_path / "journal") as check:
        assert current() is check
        check.clean_up += [lambda: done.append("first"), fails]
    assert done == ["first"]
    (line,) = map(json.loads, (tmp_path / "journal").read_text().splitlines())
    assert line["kind"] == "note"
    assert line["message"] == f"a check left something behind: {gone}"
