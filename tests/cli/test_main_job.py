"""`verify-harness check`: everything against the embedded sandbox, and one report."""

import json

import jsonschema_rs
import pytest

from bench.exercised import as_markdown, excuses, exercised, unexplained
from tests.program import Harness
from verify_harness import schemas

SCHEMAS = schemas.FOLDER


@pytest.fixture
def ended(harness: Harness):  # type: ignore[no-untyped-def]  # noqa: ANN201 - see Harness
    """The main job, run once."""
    return harness("check", "--seed", "3", TELNYX_API_KEY="KEY_of_the_user_0123456789")


def test_the_main_job_passes_and_leaves_every_report(ended) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    assert ended.code == 0, ended.err
    assert "verdict: ✓ PASS (exit 0)" in ended.out
    assert str(ended.directory / "report.html") in ended.out.replace("\n", "")
    kept = {path.name for path in ended.directory.iterdir()}
    assert kept >= {"journal.ndjson", "run.json", "junit.xml", "report.html", "summary.md"}
    assert "locust.html" in kept
    run = ended.run_json
    jsonschema_rs.validate(json.loads((SCHEMAS / "run.schema.json").read_text()), run)
    line_schema = jsonschema_rs.validator_for(
        json.loads((SCHEMAS / "journal.schema.json").read_text())
    )
    lines = (ended.directory / "journal.ndjson").read_text().splitlines()
    assert all(line_schema.is_valid(json.loads(line)) for line in lines)
    assert {entry["status"] for entry in run["requirements"]} == {"pass"}
    assert len(run["operations"]) == 17
    assert all(
        any(status.startswith("2") for status in operation["statuses"])
        for operation in run["operations"]
    )
    assert run["answers"]["judged_by_model"] > 0.6 * run["answers"]["received"]
    assert ended.unexplained == {}
    table, known = exercised(ended.journal), excuses()
    assert sorted(unexplained(table, known)) == []
    assert "**hole**" not in as_markdown(table, known)
    assert run["load"]["journeys"]["completed"] == run["load"]["journeys"]["planned"] > 0
    everything = b"".join(path.read_bytes() for path in ended.directory.iterdir())
    assert b"KEY_of_the_user" not in everything
