"""Whether the suite stays silent on a clean sandbox, whatever the seed, in both dialects.

Run `python -m bench.silent --seeds 50`: one line for each seed and dialect, then every alarm, and
exit status 1 if there was one. Results are kept in `.bench/silent/` under the hash of what was run,
so that a run that was cut short goes on where it ended, and a changed suite starts afresh.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".bench" / "silent"
DIALECTS = ("documented", "observed")
RUN_WITHIN_SECS = 600
OURS = ("TELNYX_", "VERIFY_HARNESS_")
"""Variables that would configure the run."""


@dataclass(frozen=True, slots=True)
class Result:
    """How one run ended; `alarms` is empty where it was silent."""

    seed: int
    dialect: str
    exit_code: int
    duration_s: float
    alarms: tuple[str, ...]

    @property
    def line(self) -> str:
        """The run in one line."""
        told = "silent" if not self.alarms else f"{len(self.alarms)} alarms"
        return f"seed {self.seed:3} {self.dialect:10} {self.duration_s:6.1f} s  {told}"


def main() -> None:
    """Run what is missing, then list the alarms of all."""
    given = _parser().parse_args()
    folder = KEPT / _version()
    folder.mkdir(parents=True, exist_ok=True)
    results = []
    for seed in range(given.first, given.first + given.seeds):
        for dialect in DIALECTS:
            results.append(_known_or_run(folder, seed, dialect))
            print(results[-1].line, flush=True)
    sys.exit(_report(results))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.silent")
    parser.add_argument("--seeds", type=int, default=50, help="how many seeds")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    return parser


def _report(results: list[Result]) -> int:
    """List the alarms and the slowest run; the exit status."""
    loud = [each for each in results if each.alarms]
    for each in loud:
        print(f"\nseed {each.seed}, {each.dialect}:", *each.alarms, sep="\n  ")
    slowest = max(each.duration_s for each in results)
    print(f"\n{len(results)} runs, {len(loud)} with alarms, the slowest took {slowest:.1f} s")
    return 1 if loud else 0


def _known_or_run(folder: Path, seed: int, dialect: str) -> Result:
    kept = folder / f"{dialect}-{seed}.json"
    if kept.exists():
        fields = json.loads(kept.read_text(encoding="utf-8"))
        return Result(**{**fields, "alarms": tuple(fields["alarms"])})
    result = _run(folder / f"run-{dialect}-{seed}", seed, dialect)
    kept.write_text(json.dumps(asdict(result)), encoding="utf-8")
    return result


def _run(directory: Path, seed: int, dialect: str) -> Result:
    """One whole run; its directory stays only if there is something to look at."""
    shutil.rmtree(directory, ignore_errors=True)
    command = ["contract", "run", "--seed", str(seed), "--dialect", dialect, "-o", str(directory)]
    ended = subprocess.run(
        [sys.executable, "-m", "verify_harness", *command],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith(OURS)},
        capture_output=True,
        text=True,
        timeout=RUN_WITHIN_SECS,
        check=False,
    )
    report = json.loads((directory / "run.json").read_text(encoding="utf-8"))
    alarms = tuple(_alarms(report, ended))
    if not alarms:
        shutil.rmtree(directory)
    return Result(seed, dialect, ended.returncode, report["duration_s"], alarms)


def _alarms(report: dict[str, Any], ended: "subprocess.CompletedProcess[str]") -> Iterator[str]:
    """What the run says beyond "pass": a sandbox has every lever, so nothing may be skipped."""
    for finding in report["findings"]:
        yield f"{finding['requirement']}: {finding['title']}; {finding['replay']}"
    for entry in report["requirements"]:
        if entry["status"] not in {"pass", "fail"}:
            yield f"{entry['id']} {entry['status']}: {entry['reason']}"
    if ended.returncode:
        yield f"exit {ended.returncode}: {(ended.stderr.splitlines() or ['no word why'])[-1]}"


def _version() -> str:
    """The hash of everything that a run depends on."""
    digest = hashlib.sha256()
    for name in ("contracts", "specs", "src"):
        for path in sorted((ROOT / name).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


if __name__ == "__main__":
    main()
