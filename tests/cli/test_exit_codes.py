"""One verdict for each way a run can end: the exit code, and the same words in every report."""

import html
import re
import resource
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.cli.conftest import sandbox_with
from tests.program import Ended, Harness, environment
from tests.targets.conftest import KEYS, serving

ONE = ("contract", "run", "VFY-TMPL-003", "--jobs", "1")
PASSES = "def test_mine():\n    assert True\n"
ASKS = (
    "import pytest\n"
    "@pytest.mark.parametrize('channel', ['sms'])\n"
    "def test_chosen(channel):\n"
    "    assert channel == 'sms'\n"
    "def test_mine(open_verification, channel, api):\n"
    "    verification = open_verification()\n"
    "    assert verification.check(verification.code) == 'accepted'\n"
)
FAILS = "def test_mine():\n    assert 1 == 2\n"
UNKNOWN = (
    "from verify_harness.contract.binding import requirement\n"
    "@requirement('VFY-CODE-040')\n"
    "def test_mine():\n    pass\n"
)
WAIVER = """
[[waiver]]
id = "{id}"
target = "*"
reason = "known"
link = "https://tracker.example/1"
owner = "me"
expires = {expires}
"""


@dataclass(frozen=True)
class Row:
    """A run and how it has to end."""

    name: str
    arguments: tuple[str, ...]
    code: int
    says: str = ""
    files: tuple[tuple[str, str], ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    fault: str | None = None
    """Broken in a sandbox of its own; None: the embedded one."""


JUDGED = (
    Row("pass", ONE, 0),
    Row("fail", (*ONE[:2], "VFY-CODE-004", *ONE[3:]), 1, fault="code-works-twice"),
    Row("own check passes", (*ONE, "--checks", "mine"), 0, files=(("mine/test_mine.py", PASSES),)),
    Row("own check asks", (*ONE, "--checks", "mine"), 0, files=(("mine/test_mine.py", ASKS),)),
    Row("own check fails", (*ONE, "--checks", "mine"), 1, files=(("mine/test_mine.py", FAILS),)),
    Row(
        "stale waiver",
        (*ONE, "--waivers", "w.toml"),
        1,
        files=(("w.toml", WAIVER.format(id="VFY-TMPL-003", expires="2099-01-01")),),
    ),
    Row(
        "unknown waiver",
        (*ONE, "--waivers", "w.toml"),
        1,
        files=(("w.toml", WAIVER.format(id="VFY-XYZ-001", expires="2099-01-01")),),
    ),
    Row(
        "pytest options of the job",
        (*ONE[:2], "VFY-CODE-004", *ONE[3:]),
        1,
        variables=(("PYTEST_ADDOPTS", "-k nothing"), ("PYTEST_PLUGINS", "no_such_plugin")),
        fault="code-works-twice",
    ),
    Row(
        "fail fast",
        ("contract", "run", "CODE", "--fail-fast", "--jobs", "2"),
        1,
        fault="code-works-twice",
    ),
)

USAGE = (
    Row("own check cannot be imported", (*ONE, "--checks", "mine"), 2, "No module named 'nonsense'",
        files=(("mine/test_mine.py", "import nonsense\n"),)),
    Row("own check names an unknown requirement", (*ONE, "--checks", "mine"), 2,
        "VFY-CODE-040", files=(("mine/test_mine.py", UNKNOWN),)),
    Row("checks are missing", (*ONE, "--checks", "mine"), 2, "does not exist"),
    Row("checks are a file", (*ONE, "--checks", "mine"), 2, "is not a directory",
        files=(("mine", ""),)),
    Row("only the second key", ("smoke", "--target", "http://127.0.0.1:9/v2"), 2, "no first key",
        variables=(("VERIFY_HARNESS_SECOND_API_KEY", "KEY_of_the_second"),)),
    Row("key file is empty", ("smoke", "--target", "http://127.0.0.1:9/v2", "--api-key-file", "k"),
        2, "is empty", files=(("k", "\n"),),
        variables=(("VERIFY_HARNESS_SECOND_API_KEY", "KEY_of_the_second"),)),
    Row("target is empty", ("smoke", "--target", ""), 2, "--target is empty"),
    Row("only is empty", (*ONE, "--only", ""), 2, "--only is empty"),
    Row("only is unknown", (*ONE[:2], "--only", "test_nope"), 2, "no check is named 'test_nope'"),
    Row("nothing matches", (*ONE[:2], "VFY-CODE-004", "--level", "smoke"), 2, "no check matches"),
    Row("unknown fault", ("prove", "--fault", "code-works-twise"), 2, "code-works-twice"),
    Row("unknown area", ("prove", "--area", "cod"), 2, "areas: "),
    Row("load through a proxy", ("load", "run", "smoke", "--proxy", "http://127.0.0.1:9"), 2,
        "proxy"),
    Row("check through a proxy", ("check", "--proxy", "http://127.0.0.1:9"), 2, "proxy"),
    Row("the file has an unknown level", ("contract", "run"), 2, "verify-harness.toml",
        files=(("verify-harness.toml", 'level = "deap"'),)),
)  # fmt: skip


@pytest.mark.parametrize("row", JUDGED, ids=lambda row: row.name)
def test_every_report_has_the_verdict_of_the_exit_code(
    harness: Harness, tmp_path: Path, row: Row
) -> None:
    ended = run_row(harness, tmp_path, row)
    assert ended.code == row.code, ended.out + ended.err
    assert verdicts(ended) == dict.fromkeys(verdicts(ended), "pass" if row.code == 0 else "fail")


@pytest.mark.parametrize("row", USAGE, ids=lambda row: row.name)
def test_a_usage_error_is_two_lines_and_leaves_no_directory(
    harness: Harness, tmp_path: Path, row: Row
) -> None:
    ended = run_row(harness, tmp_path, row)
    assert ended.code == 2, ended.out + ended.err
    assert row.says in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""
    assert not ended.directory.exists()


def run_row(harness: Harness, folder: Path, row: Row) -> Ended:
    """Run a row in a folder with its files."""
    for name, text in row.files:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    if row.fault is None:
        return harness(*row.arguments, **dict(row.variables))
    with sandbox_with(row.fault) as url:
        return harness(*row.arguments, "--target", url, **dict(row.variables))


def verdicts(ended: Ended) -> dict[str, str]:
    """The verdict by report."""
    page = html.unescape((ended.directory / "report.html").read_text())
    return {
        "terminal": named(r"verdict: \W*(PASS|FAIL|NO VERDICT)", ended.out),
        "json": ended.run_json["verdict"],
        "markdown": named(r"(PASS|FAIL|NO VERDICT)", (ended.directory / "summary.md").read_text()),
        "html": named(r"<title>(PASS|FAIL|NO VERDICT)", page),
        "junit": junit_verdict(ended.directory / "junit.xml"),
    }


def named(pattern: str, text: str) -> str:
    """The first verdict in a text."""
    found = re.search(pattern, text)
    return found[1].lower().replace(" ", "-") if found else "none"


def junit_verdict(path: Path) -> str:
    """What a CI system makes of the cases."""
    cases = list(ET.parse(path).iter("testcase"))  # noqa: S314 - written by ourselves
    bad = [case for case in cases if case.find("failure") is not None]
    errors = [case for case in cases if case.find("error") is not None]
    return "fail" if bad else "no-verdict" if errors or not cases else "pass"


def test_fail_fast_ends_at_the_first_failure_and_says_what_did_not_run(harness: Harness) -> None:
    with sandbox_with("code-works-twice") as url:
        ended = harness("contract", "run", "--fail-fast", "--target", url)
    assert ended.code == 1, ended.out + ended.err
    statuses = {entry["id"]: entry for entry in ended.run_json["requirements"]}
    skipped = [x for x in statuses.values() if "not run (fail-fast)" in (x["reason"] or "")]
    assert len(skipped) > 20
    assert not [name for name, entry in statuses.items() if entry["status"] == "error"]


def test_a_run_that_is_out_of_time_says_what_had_no_turn(harness: Harness) -> None:
    ended = harness("contract", "run", "--max-secs", "8", "--jobs", "2")
    assert ended.code == 0, ended.out + ended.err
    entries = ended.run_json["requirements"]
    skipped = [x for x in entries if "not run (the time was over)" in (x["reason"] or "")]
    passed = [x for x in entries if x["status"] == "pass"]
    assert len(skipped) > 20
    assert len(skipped) + len(passed) == len(entries)
    notes = [line["message"] for line in ended.journal if line["kind"] == "note"]
    assert sum("--max-secs 8" in note for note in notes) == 1
    assert f"{len(passed)} of {len(passed)} tested requirements pass" in ended.out


def test_an_own_check_without_a_requirement_is_one(harness: Harness, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "test_mine.py").write_text(FAILS)
    ended = harness("contract", "run", "--level", "smoke", "--checks", "mine")
    assert ended.code == 1
    assert ended.status("own: test_mine.py::test_mine") == "fail"


def test_resume_refuses_what_is_no_proof(harness: Harness) -> None:
    ended = harness(*ONE)
    before = {path.name: path.read_bytes() for path in ended.directory.iterdir()}
    refused = harness("prove", "--resume", str(ended.directory), output=False)
    assert refused.code == 2
    assert "holds no proof" in refused.err
    assert {path.name: path.read_bytes() for path in ended.directory.iterdir()} == before


def test_a_base_path_where_no_operation_is_gives_no_verdict(harness: Harness, sandbox: str) -> None:
    key = {"TELNYX_API_KEY": "KEY_of_nobody_in_particular"}
    ended = harness("smoke", "--target", sandbox.replace("/v2", "/v3"), **key)
    assert ended.code == 3
    assert "404 to every operation" in ended.err
    assert "/v2" in ended.err


@pytest.mark.parametrize("path", ["/V2", "/v3"])
def test_a_wrong_base_path_says_nothing_about_a_service_of_ones_own(
    harness: Harness, path: str
) -> None:
    with serving() as url:
        ended = harness("smoke", "--target", url.replace("/v2", path), **KEYS)
    assert ended.code == 3, ended.out
    assert "404 to every operation" in ended.err


def test_runs_that_start_together_get_directories_of_their_own(
    tmp_path: Path, sandbox: str
) -> None:
    def run(_: int) -> int:
        program = [sys.executable, "-m", "verify_harness", *ONE, "--target", sandbox]
        return subprocess.run(program, cwd=tmp_path, env=environment(), check=False).returncode

    with ThreadPoolExecutor(3) as pool:
        codes = list(pool.map(run, range(3)))
    assert codes == [0, 0, 0]
    assert len(list((tmp_path / "reports").iterdir())) == 3


@pytest.mark.parametrize(
    "redirection,code",
    [
        (">/dev/full", 3),
        ("| head -0", 0),
        ("2>&-", 0),
        (">&-", 0),
        ("2>/dev/full", 0),
    ],
)
def test_trouble_with_printing_is_not_a_broken_contract(
    shell: Callable[..., "subprocess.CompletedProcess[str]"], redirection: str, code: int
) -> None:
    ended = shell(redirection)
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_an_odd_encoding_gets_plain_marks(
    shell: Callable[..., "subprocess.CompletedProcess[str]"], encoding: str
) -> None:
    ended = shell("", PYTHONIOENCODING=encoding)
    assert ended.returncode == 0, ended.stderr
    assert "PASS" in ended.stdout


@pytest.fixture
def shell(tmp_path: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run one requirement in a shell, with a redirection; the program's own exit code."""

    def run(redirection: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        program = f"{sys.executable} -m verify_harness {' '.join(ONE)} -o {tmp_path}/run"
        script = f"set -o pipefail; {program} {redirection}"
        return subprocess.run(
            ["bash", "-c", script],
            env=environment(**variables),
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )

    return run


def test_files_named_like_modules_are_neither_loaded_nor_in_the_way(tmp_path: Path) -> None:
    for name in ("email", "secrets", "types", "pytest", "locust"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('a file of the user was run')\n")
    program = Path(sys.executable).with_name("verify-harness")
    ended = subprocess.run(
        [program, *ONE],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


def test_a_full_disk_is_named_where_it_is(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "verify_harness", *ONE, "-o", "run"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    assert ended.returncode == 3, ended.stderr
    assert "cannot write into run" in ended.stderr
    assert "Traceback" not in ended.stderr
