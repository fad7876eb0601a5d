"""What a target was seen to do is written down, imitated, and compared."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.program import Ended, Harness, environment
from verify_harness import observations
from verify_harness.errors import ContentError
from verify_harness.sandbox.dialects import DOCUMENTED, OBSERVED, SIDES, imitated, not_imitated

KEYS = {
    "TELNYX_API_KEY": "KEY_of_the_first_tenant_0123456789",
    "VERIFY_HARNESS_SECOND_API_KEY": "KEY_of_the_second_tenant_0123456789",
}


@contextmanager
def _sandbox(*options: str) -> Iterator[str]:
    """The base URL of a sandbox of its own."""
    command = (sys.executable, "-m", "verify_harness", "sandbox", "--port", "0", "-q", *options)
    with subprocess.Popen(
        command, env=environment(**KEYS), stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        yield child.stdout.readline().split()[0]
        child.terminate()


def _kept(ended: Ended, name: str) -> Path:
    """The run directory under another name; the next run takes its place."""
    place = ended.directory.with_name(name)
    shutil.move(ended.directory, place)
    return place


def _changes(harness: Harness, *runs: Path) -> tuple[int, dict[str, list[str]]]:
    compared = harness("compare", *map(str, runs), "--json", "--fail-on-change", output=False)
    kinds = ("requirements", "observations", "operations", "keywords")
    told = json.loads(compared.out)
    return compared.code, {kind: [each["subject"] for each in told[kind]] for kind in kinds}


def _profile(path: Path, **observed: str) -> str:
    path.write_text(observations.as_toml("http://127.0.0.1:1/v2", observed))
    return str(path)


@pytest.mark.parametrize("conflict, side", [("C4", "replace")])
def test_one_rule_makes_one_observation(
    harness: Harness, tmp_path: Path, conflict: str, side: str
) -> None:
    usual, other = _profile(tmp_path / "a.toml"), _profile(tmp_path / "b.toml", **{conflict: side})
    runs = []
    for file in (usual, other):
        with _sandbox("--behave-like", file) as url:
            ended = harness("contract", "run", "VFY-PROF-002", "--target", url, **KEYS)
        assert ended.code == 0, ended.out
        runs.append(_kept(ended, f"run of {Path(file).name}"))

    code, changes = _changes(harness, *runs)

    assert changes == {
        "requirements": [],
        "observations": [conflict],
        "operations": [],
        "keywords": [],
    }
    assert code == 1


@pytest.mark.long
def test_what_was_observed_is_imitated(harness: Harness, tmp_path: Path) -> None:
    strange = {"C1": "400", "C3": "expired, max_attempts_exceeded, rejected", "C8": "404"}
    strange |= {"C15": "taken", "C16": "7", "C23": "422", "C24": "not received"}
    with _sandbox("--behave-like", _profile(tmp_path / "strange.toml", **strange)) as url:
        first = harness("observe", "--target", url, **KEYS)
    assert first.code == 0, first.out
    assert "C16  the digits of a code by default: 7" in first.out
    seen = observations.read(first.directory / observations.FILE)
    assert strange.items() <= seen.observed.items()
    assert seen.target == url
    assert seen.observed.keys() == {each.key for each in observations.CONFLICTS}

    file = _kept(first, "first") / observations.FILE
    with _sandbox("--behave-like", str(file)) as url:
        second = harness("observe", "--target", url, **KEYS)

    code, changes = _changes(harness, file.parent, _kept(second, "second"))
    assert code == 0, changes


def test_the_file_reads_as_it_was_written(tmp_path: Path) -> None:
    path, observed = tmp_path / "profile.toml", {"C1": "400", "C4": 'a "quoted"\n\x7f\\ value'}
    path.write_text(observations.as_toml("http://t/v2", observed))
    assert observations.read(path) == observations.TargetProfile("http://t/v2", observed)


@pytest.mark.parametrize("text", ["", "target = 1", 'target = "t"\n[seen]', "C1 = ["])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(text)
    with pytest.raises(ContentError, match=r"profile\.toml"):
        observations.read(path)


def test_every_side_changes_the_rules_and_the_documented_ones_do_not() -> None:
    for conflict, sides in SIDES.items():
        rules = [imitated({conflict: side}) for side in sides]
        assert DOCUMENTED in rules
        assert len([each for each in rules if each != DOCUMENTED]) == len(sides) - 1
    assert OBSERVED != DOCUMENTED


def test_what_the_sandbox_cannot_do_is_named() -> None:
    seen = {"C4": "replace", "C4b": "x", "C16": "3", "C11": "verify.sent"}
    assert not_imitated(seen) == ["C4b", "C16", "C11"]
    assert imitated(seen) == imitated({"C4": "replace"})


def test_conflicts_are_those_of_the_facts() -> None:
    keys = [each.key for each in observations.CONFLICTS]
    assert len(set(keys)) == len(keys)
    assert SIDES.keys() <= set(keys)
