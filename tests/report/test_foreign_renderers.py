"""Formats of other packages, found by their entry points."""

from pathlib import Path

import pytest

from tests.program import Harness
from verify_harness.renderers import GROUP

MODULE = """
from verify_harness.renderers import RunView, renderer

@renderer("{name}")
def mine(view: RunView) -> str:
    return "".join(f"{{item.id}},{{item.status}}\\n" for item in view.requirements)
"""


@pytest.fixture
def ran(harness: Harness) -> str:
    ended = harness("contract", "run", "VFY-CODE-004")
    assert ended.code == 0, ended.out
    return str(ended.directory)


def installed(site: Path, text: str) -> dict[str, str]:
    """A package with one renderer; gives the environment in which it is found."""
    site.mkdir()
    (site / "mine_csv.py").write_text(text)
    metadata = site / "mine_csv-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: mine-csv\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text(f"[{GROUP}]\ncsv = mine_csv\n")
    return {"PYTHONPATH": str(site)}


def test_a_foreign_format_is_one_of_those_that_report_knows(
    harness: Harness, ran: str, tmp_path: Path
) -> None:
    found = installed(tmp_path / "site", MODULE.format(name="csv"))
    ended = harness("report", ran, "--format", "csv", output=False, **found)
    assert (ended.code, ended.out) == (0, "VFY-CODE-004,pass\n"), ended.err
    without = harness("report", ran, "--format", "csv", output=False)
    assert without.code == 2


@pytest.mark.parametrize(
    "text, told",
    [
        (MODULE.format(name="junit"), "there is a format junit already"),
        ("import a_module_that_is_not_there", "a_module_that_is_not_there"),
    ],
)
def test_one_that_cannot_be_used_is_named_and_stops_no_other_command(
    harness: Harness, ran: str, tmp_path: Path, text: str, told: str
) -> None:
    found = installed(tmp_path / "site", text)
    ended = harness("report", ran, "--format", "junit", output=False, **found)
    assert ended.code == 2
    assert "the renderer csv (mine_csv) cannot be loaded" in ended.err
    assert told in ended.err
    assert "Traceback" not in ended.err
    assert harness("report", ran, output=False, **found).code == 0
