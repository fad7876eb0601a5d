"""`spec lint`, `spec coverage`, and what a run does with a spec of the user's own."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.program import Harness
from tests.unit.spec.documents import (
    as_published,
    ours,
    under_media_key,
    with_balance,
    with_extensions,
    with_other_names,
)
from verify_harness.spec import load


@pytest.fixture
def own_spec(tmp_path: Path) -> Path:
    """A copy of our document, as JSON."""
    path = tmp_path / "own.json"
    path.write_text(json.dumps(load().document))
    return path


def _change(path: Path, pointer: str, value: Any) -> None:
    document = node = json.loads(path.read_text())
    *steps, last = pointer.split(".")
    for step in steps:
        node = node[step]
    node[last] = value
    path.write_text(json.dumps(document))


def test_lint_counts_what_a_sound_document_holds(harness: Harness, own_spec: Path) -> None:
    for arguments in ([], [str(own_spec)]):
        ended = harness("spec", "lint", *arguments, output=False)
        assert ended.code == 0, ended.err
        assert "17 operations, 140 documented statuses" in ended.out


@pytest.mark.parametrize(
    "text,says",
    [
        ("", "is empty"),
        ("a: [", "line 2, column 1"),
        ('{"openapi": "3.1.0", "paths": {"/a": {"$ref": "#/nowhere"}}}', "leads nowhere"),
        ('{"openapi": "3.1.0", "paths": {}}', "no operations"),
    ],
)
def test_lint_says_in_one_line_what_is_wrong(
    harness: Harness, tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text)
    ended = harness("spec", "lint", str(path), output=False)
    assert ended.code == 2
    assert ended.err.startswith(f"error: {path}: ")
    assert says in ended.err
    assert len(ended.err.splitlines()) == 1


def test_coverage_tells_what_a_run_reached_and_why_not_the_rest(harness: Harness) -> None:
    ended = harness("contract", "run", "LIST", "--jobs", "2")
    told = harness("spec", "coverage", str(ended.directory), output=False)
    assert told.code == 0, told.err
    assert "ListProfiles" in told.out
    assert "never 500: a request that makes the sandbox fail" in told.out
    machine = harness("spec", "coverage", str(ended.directory), "--json", output=False)
    assert json.loads(machine.out) == ended.run_json["coverage"]


def test_coverage_of_a_run_without_any_is_one_clear_line(harness: Harness, tmp_path: Path) -> None:
    (tmp_path / "journal.ndjson").write_text('{"v": 2, "t": 1.0, "kind": "note", "message": "x"}\n')
    ended = harness("spec", "coverage", str(tmp_path), output=False)
    assert ended.code == 2
    assert "tells nothing of coverage" in ended.err


def test_an_operation_that_no_request_can_satisfy_is_an_error_and_the_rest_runs(
    harness: Harness, own_spec: Path
) -> None:
    impossible = {"type": "string", "minLength": 5, "maxLength": 2}
    properties = "components.schemas.CreateMessageTemplateRequest.properties.text"
    _change(own_spec, properties, impossible)
    selected = ("CreateMessageTemplate", "ListProfileMessageTemplates")
    ended = harness("contract", "run", *selected, "--spec", str(own_spec), "--jobs", "2")
    assert ended.code == 3, ended.out + ended.err
    entries = {entry["id"]: entry for entry in ended.run_json["requirements"]}
    reason = entries["VFY-SPEC-006"]["reason"]
    assert "[CreateMessageTemplate]: the spec cannot be satisfied" in reason
    assert entries["VFY-TMPL-001"]["status"] == "pass"
    finished = [line for line in ended.journal if line["kind"] == "check-finished"]
    statuses = {line["check"].rpartition("::")[2]: line["status"] for line in finished}
    assert [name for name, status in statuses.items() if status != "pass"] == [
        "test_every_operation_keeps_the_spec[CreateMessageTemplate]"
    ]
    assert statuses["test_every_operation_keeps_the_spec[ListProfileMessageTemplates]"] == "pass"


NARROW = ("RetrieveVerification", "UpdateVerifyProfile", "VFY-HOOK-003")
"""What these runs check: generated requests, directed ones, and the webhooks' schemas."""


def _written(path: Path, document: dict[str, Any]) -> str:
    path.write_text(json.dumps(document))
    return str(path)


def test_a_document_of_another_spelling_passes_like_the_bundled_one(
    harness: Harness, tmp_path: Path
) -> None:
    document = under_media_key(with_other_names(ours()), "application/json; charset=utf-8")
    spec = _written(tmp_path / "own.json", with_balance(with_extensions(document)))
    ended = harness("contract", "run", *NARROW, "--spec", spec)
    assert ended.code == 0, ended.out + ended.err
    assert "GetBalance" not in json.dumps(ended.run_json)
    assert ended.status("VFY-SPEC-006") == "pass"


def test_the_vendors_own_document_is_put_right_once_and_not_called_broken(
    harness: Harness, tmp_path: Path
) -> None:
    document = as_published(ours())
    del document["paths"]["/verify_profiles/templates"]
    spec = _written(tmp_path / "own.json", document)
    ended = harness("contract", "run", *NARROW, "VFY-TMPL-001", "--spec", spec)
    assert ended.code == 0, ended.out + ended.err
    assert ended.err.count("typed as integers") == 1
    assert ended.err.count("the document is silent about") == 1
    assert ended.status("VFY-SPEC-001") == "pass"
    assert ended.status("VFY-TMPL-001") == "skip"
    entries = {entry["id"]: entry for entry in ended.run_json["requirements"]}
    assert entries["VFY-TMPL-001"]["reason"] == "not in the document: ListProfileMessageTemplates"
