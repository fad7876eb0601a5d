"""The catalogue and the checks hold each other: no requirement without a check, nor the reverse."""

from pathlib import Path

import pytest

from verify_harness import catalogue
from verify_harness.contract import suite
from verify_harness.errors import ContentError
from verify_harness.sandbox.faults import FAULTS


def test_every_requirement_has_a_check_and_every_check_a_requirement() -> None:
    assert set(suite.checks()) == set(catalogue.load())


def test_every_requirement_has_a_fault_that_breaks_it() -> None:
    assert {fault.breaks for fault in FAULTS.values()} == set(catalogue.load())


@pytest.mark.parametrize(
    "text,message",
    [
        (
            "[VFY-CODE-1]\ntitle='x'\nstatement='x'\nsources=[]\nbasis='chosen'",
            "is not a requirement id",
        ),
        ("[VFY-CODE-001]\ntitle = 'x'", "VFY-CODE-001.*: lacks the key"),
        ("[VFY-CODE-001]\ntitel = 'x'", "VFY-CODE-001.*unknown key 'titel'"),
        (
            "[VFY-CODE-001]\ntitle='x'\nstatement='x'\nsources=[]\nbasis='guess'",
            "basis: unknown value 'guess'",
        ),
        ("[VFY", "cannot be read"),
    ],
)
def test_a_broken_catalogue_names_the_entry(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "requirements.toml"
    path.write_text(text)
    with pytest.raises(ContentError, match=message):
        catalogue.load(path)
