"""The committed sample shows what this version writes, and reports import only what they may."""

import ast
import shutil
from pathlib import Path

import pytest

from tests.report.sample import SAMPLE
from verify_harness import report

ALLOWED = {"journal", "errors", "exitcodes", "report", "sources"}
ALLOWED = {"journal", "errors", "exitcodes", "report", "catalogue", "waivers"}
FORBIDDEN = {"schemathesis", "locust", "httpx", "pytest", "hypothesis", "gevent"}
SOURCES = sorted(Path(report.__file__).parent.glob("*.py"))


@pytest.mark.parametrize(
    "name", ["run.json", "junit.xml", "summary.md", "report.html", "histograms.ndjson"]
)
def test_the_sample_is_up_to_date(name: str, tmp_path: Path) -> None:
    shutil.copy(SAMPLE / "journal.ndjson", tmp_path)
    report.write_all(tmp_path)
    told = "make it again: python -m tests.report.sample"
    assert (tmp_path / name).read_text() == (SAMPLE / name).read_text(), told


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_reports_depend_on_the_journal_alone(source: Path) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            parts = [f"{node.module}.{alias.name}" for alias in node.names]
            names.update(parts if node.module == "verify_harness" else [node.module])
    ours = {name.split(".")[1] for name in names if name.startswith("verify_harness.")}
    assert ours <= ALLOWED
    assert not {name.split(".")[0] for name in names} & FORBIDDEN
