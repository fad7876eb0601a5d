"""The site of docs/, built by a real builder that takes a warning for an error."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from verify_harness import catalogue
from verify_harness.sandbox.faults import FAULTS

ROOT = Path(__file__).parents[2]
BUILDER = ROOT / ".tools/bin/zensical"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not BUILDER.is_file(), reason="`make tools` found no registry"),
]


def built(place: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "docs/build.py"), str(place)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_site_is_built_without_a_warning_and_holds_the_reference(tmp_path: Path) -> None:
    ended = built(tmp_path / "docs")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    site = tmp_path / "docs/site"
    shown = {name: (site / name / "index.html").read_text() for name in ("requirements", "faults")}
    assert all(name in shown["requirements"] for name in catalogue.load())
    assert all(name in shown["faults"] for name in FAULTS)
    for page in site.rglob("*.html"):
        fetched = re.findall(
            r"<(?:script|img|link)[^>]+(?:src|href)=\"(https?:[^\"]+)", page.read_text()
        )
        assert [url for url in fetched if "zensical" not in url] == [], page


def test_a_link_that_leads_nowhere_fails_the_build(tmp_path: Path) -> None:
    assert built(tmp_path / "docs").returncode == 0
    page = tmp_path / "docs/pages/index.md"
    page.write_text(page.read_text().replace("(ci.md)", "(no-such-page.md)"))
    ended = subprocess.run(
        [str(BUILDER), "build", "--strict"], cwd=tmp_path / "docs", capture_output=True, check=False
    )
    assert ended.returncode != 0
