"""`verify-harness prove`: what nobody catches is a survivor, until somebody does."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from tests.program import Ended, Harness
from verify_harness import schemas
from verify_harness.journal.embedded import Fault
from verify_harness.proof import coordinator
from verify_harness.sandbox.faults import FAULTS

FAULT = """
from dataclasses import replace

from verify_harness.sandbox.faults import fault
from verify_harness.sandbox.wire import Wire


@fault("tells-the-weather", breaks="VFY-HTTP-003", harm="Nobody asked.")
def tells_the_weather(wire: Wire) -> Wire:
    class Chatty(Wire):
        def write(self, answer, allowance):
            headers, body = super().write(answer, allowance)
            return [*headers, (b"x-weather", b"fair")], body

    return Chatty(**{name: getattr(wire, name) for name in wire.__dataclass_fields__})
"""

CHECK = """
from verify_harness.checks import requirement


@requirement("VFY-HTTP-003")
def test_answers_keep_to_the_point(api):
    assert api.call("ListProfiles").header("x-weather") is None
"""


def folder(path: Path, name: str, text: str) -> Path:
    path.mkdir()
    (path / name).write_text(text)
    return path


def test_a_new_fault_survives_until_a_check_catches_it(harness: Harness, tmp_path: Path) -> None:
    faults = folder(tmp_path / "faults", "mine.py", FAULT)
    proof = ["prove", "--fault", "tells-the-weather", "--faults-from", str(faults)]

    ended = harness(*proof, "--jobs", "1")
    assert ended.code == 1, ended.err
    assert "survived tells-the-weather" in ended.out
    assert ended.run_json["faults"][0]["caught"] is False
    ended.directory.rename(tmp_path / "before")

    checks = folder(tmp_path / "checks", "test_caching.py", CHECK)
    ended = harness(*proof, "--jobs", "1", "--checks", str(checks))
    assert ended.code == 0, ended.out + ended.err
    (judged,) = ended.run_json["faults"]
    assert judged["caught"] is True
    assert judged["by"] == ["VFY-HTTP-003"]


def test_a_sample_is_the_same_for_the_same_seed() -> None:
    faults = [Fault(f"fault-{at}", "VFY-LIST-001", "list", "rules", "") for at in range(50)]

    def sample(seed: int) -> tuple[str, ...]:
        chosen = coordinator.choose(faults, ids=(), area="LIST", sample=9, seed=seed)
        return tuple(fault.id for fault in chosen)

    assert len(sample(5)) == 9
    assert sample(5) == sample(5)
    assert sample(5) != sample(6)


@pytest.mark.long
def test_a_matrix_says_who_catches_what(harness: Harness) -> None:
    ended = harness("prove", "--fault", "code-works-twice", "--matrix", "--jobs", "1")
    assert ended.code == 0, ended.out + ended.err
    assert "VFY-CODE-004" in ended.run_json["faults"][0]["by"]
    assert "code-works-twice" in (ended.directory / "report.html").read_text()


def keeps_its_schemas(ended: Ended) -> None:
    """Assert that the files of a proof are what their JSON Schemas say."""
    jsonschema_rs.validate(
        json.loads((schemas.FOLDER / "run.schema.json").read_text()), ended.run_json
    )
    line = jsonschema_rs.validator_for(
        json.loads((schemas.FOLDER / "journal.schema.json").read_text())
    )
    for entry in ended.journal:
        line.validate(entry)


def test_a_proof_goes_on_where_it_was_cut_off(harness: Harness) -> None:
    whole = harness("prove", "--area", "tmpl", "--jobs", "1")
    judged = [line for line in whole.journal if line["kind"] == "fault-judged"]
    assert len(judged) > 2
    (whole.directory / "journal.ndjson").write_text(json.dumps(judged[0]) + "\n")
    for name in ("run.json", "report.html"):
        (whole.directory / name).unlink()
    again = harness(
        "prove", "--area", "tmpl", "--jobs", "1", "--resume", str(whole.directory), output=False
    )
    assert again.code == 0, again.out + again.err
    assert {fault["id"] for fault in whole.run_json["faults"]} == {
        line["fault"]["id"] for line in judged
    }


@pytest.mark.parametrize(
    "selection,count",
    [
        pytest.param(("--sample", "8", "--seed", "11"), 8, id="sample"),
        pytest.param((), len(FAULTS), id="all", marks=pytest.mark.long),
    ],
)
def test_each_fault_is_visible_to_a_check_and_the_clean_sandbox_breaks_nothing(
    harness: Harness, selection: tuple[str, ...], count: int
) -> None:
    ended = harness("prove", *selection)
    assert ended.code == 0, ended.out + ended.err
    assert len(ended.run_json["faults"]) == count
    missed = {fault["id"] for fault in ended.run_json["faults"] if not fault["caught"]}
    assert missed <= coordinator.survivors().keys()
    assert {entry["status"] for entry in ended.run_json["requirements"]} == {"pass"}
    keeps_its_schemas(ended)


@pytest.mark.parametrize(
    "arguments,says",
    [
        (["--fault", "code-works-twise"], "did you mean code-works-twice?"),
        (["--area", "nothing"], "areas: "),
    ],
)
def test_a_fault_that_is_not_there_is_named(
    harness: Harness,
    arguments: list[str],
    says: str,
) -> None:
    ended = harness("prove", *arguments)
    assert ended.code == 2
    assert says in ended.err
