"""What platforms read from us, held against the schemas and audits that are published for it."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = str(ROOT / ".tools/bin")
CHECK = shutil.which("check-jsonschema", path=TOOLS)
AUDIT = shutil.which("zizmor", path=TOOLS)
STARTER = "src/verify_harness/starter/files"
WORKFLOWS = (".github/workflows/ci.yml", f"{STARTER}/github.yml")

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(CHECK is None or AUDIT is None, reason="`make tools` found no registry"),
]


def said(*command: str | None) -> str:
    """What a tool says where it finds nothing wrong."""
    ended = subprocess.run(
        [word for word in command if word], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


@pytest.mark.parametrize(
    "schema, file",
    [
        *(("github-workflows", file) for file in WORKFLOWS),
        ("github-actions", "action.yml"),
        ("gitlab-ci", f"{STARTER}/gitlab.yml"),
        ("compose-spec", "deploy/compose/compose.yaml"),
    ],
)
def test_a_file_keeps_its_platforms_schema(schema: str, file: str) -> None:
    transform = "--data-transform=gitlab-ci" if schema == "gitlab-ci" else None
    assert "ok" in said(CHECK, f"--builtin-schema=vendor.{schema}", transform, file)


def test_an_audit_of_the_workflows_finds_nothing() -> None:
    told = said(AUDIT, "--offline", "--no-progress", "--persona=pedantic", "action.yml", *WORKFLOWS)
    assert "No findings to report" in told


def test_the_charts_own_schema_is_one() -> None:
    assert "ok" in said(CHECK, "--check-metaschema", "deploy/chart/values.schema.json")
