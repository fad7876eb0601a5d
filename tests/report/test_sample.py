"""The committed sample shows what this version writes."""

import shutil
from pathlib import Path

import pytest

from tests.report.sample import SAMPLE
from verify_harness import report


@pytest.mark.parametrize(
    "name", ["run.json", "junit.xml", "summary.md", "report.html", "histograms.ndjson"]
)
def test_the_sample_is_up_to_date(name: str, tmp_path: Path) -> None:
    shutil.copy(SAMPLE / "journal.ndjson", tmp_path)
    report.write_all(tmp_path)
    told = "make it again: python -m tests.report.sample"
    assert (tmp_path / name).read_text() == (SAMPLE / name).read_text(), told
