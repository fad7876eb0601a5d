"""The committed sample shows what this version writes."""

import shutil
from pathlib import Path

import pytest

from tests.report.journals import realistic
from tests.report.sample import SAMPLE, shortened
from verify_harness import report
from verify_harness.journal.records import Exchange
from verify_harness.results import build_view


@pytest.mark.parametrize(
    "name", ["run.json", "junit.xml", "summary.md", "report.html", "histograms.ndjson"]
)
def test_the_sample_is_up_to_date(name: str, tmp_path: Path) -> None:
    shutil.copy(SAMPLE / "journal.ndjson", tmp_path)
    report.write_all(tmp_path)
    told = "make it again: python -m tests.report.sample"
    assert (tmp_path / name).read_text() == (SAMPLE / name).read_text(), told


def test_a_shortened_journal_gives_the_same_figures() -> None:
    whole, short = realistic(), list(shortened(realistic()))
    views = build_view(whole), build_view(short)
    assert views[0].counts == views[1].counts
    assert views[0].operations == views[1].operations
    assert views[0].spend == views[1].spend
    kept = [sum(isinstance(entry, Exchange) for entry in each) for each in (whole, short)]
    assert 0 < kept[1] < kept[0]
