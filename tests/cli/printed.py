"""What commands print, for the snapshots: `python -m tests.cli.printed` writes them anew.

A snapshot is read by a person before it is kept: it is the page that a user reads. Whatever
differs from run to run or from machine to machine stands as `#`, or as a name in capitals.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tests.cli.conftest import sandbox_with
from tests.program import environment
from verify_harness import bundled

SNAPSHOTS = Path(__file__).parent / "snapshots"
FAULTY = "SANDBOX"
"""Stands for the URL of a sandbox where a code works twice."""
NOBODY = "http://127.0.0.1:9/v2"
TINY = """\
title = "A second of traffic"
scenario = "verify_journey"
[[arrivals]]
shape = "constant"
rate_per_s = 5
duration_s = 1
[mix]
sms = 100
[slo]
"p99(trigger)" = "< 5000 ms"
"""
IMPOSSIBLE = TINY.replace("5000", "0.001")
_FILES = {"tiny.toml": TINY, "impossible.toml": IMPOSSIBLE, "broken.toml": "title = \n"}


@dataclass(frozen=True)
class Case:
    """Commands of one snapshot, run one after the other in the same empty folder."""

    commands: tuple[str, ...]
    is_load: bool = False
    """Whether every number of it is a measurement."""


def _of(*commands: str, is_load: bool = False) -> Case:
    return Case(commands, is_load)


CASES: Mapping[str, Case] = MappingProxyType(
    {
        "help": _of("--help", "--version", "chekc", "check --traget x"),
        "contract run": _of(
            "contract run VFY-CODE-004 -o passed",
            f"contract run VFY-CODE-004 --target {FAULTY} -o failed",
            "contract run VFY-CODE-004 -o passed",
            f"contract run CODE --target {NOBODY} -o dead",
            "contract run VFY-CODE-0004",
            "contract run --target https://api.telnyx.com/v2",
            "contract run --target http://staging.example/v2",
        ),
        "contract list and explain": _of(
            "contract list VFY-CODE-004", "contract explain VFY-CODE-004", "contract explain CODE-4"
        ),
        "smoke": _of("smoke -o passed", f"smoke --target {NOBODY} -o dead", "smoke --live"),
        "load": _of(
            "load plan tiny.toml",
            "load run tiny.toml -o passed",
            "load run impossible.toml -o missed",
            "load run no-such-profile",
            "load run broken.toml",
            is_load=True,
        ),
        "prove": _of("prove --fault code-works-twice -o proved", "prove --fault code-works-twise"),
        "runs": _of(
            f"contract run VFY-CODE-004 --target {FAULTY} -o reports/first -q",
            "contract run VFY-CODE-004 -o reports/second -q",
            "runs list",
            "runs latest",
            "runs show reports/first",
            f"replay reports/first VFY-CODE-004.1 --target {FAULTY} -o again",
            "replay reports/second",
            "rerun reports/first -o mended",
            "compare reports/first reports/second",
            "compare reports/first reports/nothing",
            "report reports/first --format markdown",
            "report nothing",
            "report index reports",
            "runs prune --keep 1",
        ),
        "spec": _of("spec lint", "spec diff nothing.yaml", "spec coverage nothing"),
        "init": _of("init", "init"),
        "spend": _of("spend --ledger ledger.ndjson"),
    }
)


def printed(case: Case) -> str:
    """All that the commands of a case print, with their exit codes."""
    uses_sandbox = any(FAULTY in command for command in case.commands)
    with (
        tempfile.TemporaryDirectory() as folder,
        sandbox_with("code-works-twice") if uses_sandbox else nullcontext("") as url,
    ):
        for name, text in _FILES.items():
            (Path(folder) / name).write_text(text)
        told = [_ran(command, folder, url, is_load=case.is_load) for command in case.commands]
    return "\n".join(told)


def _ran(command: str, folder: str, url: str, *, is_load: bool) -> str:
    words = [word.replace(FAULTY, url) if url else word for word in command.split()]
    ended = subprocess.run(
        [sys.executable, "-m", "verify_harness", *words],
        cwd=folder,
        env=environment(COLUMNS="100", TERM="dumb"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=300,
        check=False,
    )
    told = _steady(ended.stdout, folder, url)
    told = _without_measurements(told) if is_load else told
    return f"$ verify-harness {command}\n{told}[exit {ended.returncode}]\n"


def _steady(text: str, folder: str, url: str) -> str:
    """The same text on every machine and day."""
    if url:
        text = text.replace(url, FAULTY).replace(url.removesuffix("/v2"), FAULTY)
    text = text.replace(os.path.realpath(folder), "FOLDER").replace(folder, "FOLDER")
    text = text.replace(str(bundled.specs()), "SPECS")
    for pattern, name in (
        (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?Z?", "TIME"),
        (r"\b\d{8}T\d{6}Z?", "TIME"),
        (r"\b[0-9a-f]{64}\b", "DIGEST"),
        (r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b", "ID"),
        (r"\b[0-9a-f]{12}-[0-9a-f]{8}-\d+", "REQUEST"),
        (r"127\.0\.0\.1:(?!9/)\d+", "127.0.0.1:PORT"),
        (r"\+\d{10,15}", "NUMBER"),
        (r"\b\d+(\.\d+)? (s|ms|min)\b", r"# \2"),
        (r"\b\d+ requests,", "# requests,"),
        (r" +$", ""),
    ):
        text = re.sub(pattern, name, text, flags=re.MULTILINE)
    return text


def _without_measurements(text: str) -> str:
    """Text whose numbers all stand as one mark, and whose spaces do not depend on them."""
    return re.sub(r" {2,}", "  ", re.sub(r"\d[\d.\u202f ]*\d|\d", "#", text))


def main(names: Sequence[str]) -> None:
    """Write these snapshots, or all."""
    for name in names or CASES:
        (SNAPSHOTS / f"{name}.txt").write_text(printed(CASES[name]), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
