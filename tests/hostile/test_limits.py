"""Odd documents and odd machines: bounded in time, or said in a line."""

import json
import resource
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from tests.program import environment
from tests.unit.spec.documents import reading
from verify_harness.spec import judge, load


def test_a_pattern_that_backtracks_for_ever_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(reading({"type": "string", "pattern": "^(a+)+$"})))
    (operation,) = load(path).operations
    body = json.dumps("a" * 50_000 + "!").encode()
    started = time.monotonic()
    broken = list(judge(operation, 200, [("Content-Type", "application/json")], body))
    assert time.monotonic() - started < 1
    assert [each.subject for each in broken] == ["schema"]


ODD = {
    "64 open files": ({}, (resource.RLIMIT_NOFILE, (64, 64))),
    "no home": ({"HOME": ""}, None),
    "no place for temporary files": ({"TMPDIR": "/nowhere"}, None),
    "no terminal and a narrow one": ({"LANG": "C", "LC_ALL": "C", "COLUMNS": "20"}, None),
}


@pytest.mark.long
@pytest.mark.parametrize("machine", ODD)
def test_an_odd_machine_is_no_obstacle(tmp_path: Path, machine: str) -> None:
    variables, limit = ODD[machine]
    ended = subprocess.run(
        [sys.executable, "-m", "verify_harness", "contract", "run", "VFY-TMPL-003", "-o", "run"],
        cwd=tmp_path,
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=partial(resource.setrlimit, *limit) if limit else None,
    )
    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr
    assert json.loads((tmp_path / "run" / "run.json").read_text())["verdict"] == "pass"
