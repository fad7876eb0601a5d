"""Who catches the sandbox's faults: stock tools beside ours, on the very same sandboxes.

Run `python -m bench.proof --sample 20 --seed 7`; the last line is JSON. Results are kept in
`.bench/proof/` and not measured again: remove that folder to start afresh. `--max-secs` ends a run
early; the next one goes on there. RESULTS.md is written from all results of the sample.
"""

import argparse
import datetime as dt
import json
import os
import platform
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from random import Random

from bench.proof import ours, results, table
from bench.proof.bed import Job, requests_served, sandbox
from bench.proof.node_tools import PACKAGES, portman, specmatic
from bench.proof.results import Result
from bench.proof.schemathesis_tools import furnished, stock
from verify_harness.sandbox.faults import FAULTS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
KEPT = ROOT / ".bench" / "proof"
CLEAN_RUNS = 2
"""With seeds of their own: what a tool reports on any of them is a false alarm."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool, how it is called in the table, and how to find its version."""

    title: str
    version: Callable[[], str]
    run: Callable[[Job], frozenset[str]]


def _of_npm(*names: str) -> str:
    paths = [PACKAGES / name / "package.json" for name in names]
    return " and ".join(
        json.loads(each.read_text())["version"] if each.exists() else "missing" for each in paths
    )


TOOLS = {
    "stock": Tool("`st run`, its defaults", lambda: version("schemathesis"), stock),
    "furnished": Tool(
        "`st run`, two accounts, hooks, bounds", lambda: version("schemathesis"), furnished
    ),
    "specmatic": Tool("Specmatic, resiliency tests", lambda: _of_npm("specmatic"), specmatic),
    "portman": Tool("Portman, Newman", lambda: _of_npm("@apideck/portman", "newman"), portman),
    "checks": Tool("`verify-harness contract run`", lambda: version("verify-harness"), ours.checks),
    "proof": Tool("`verify-harness prove`", lambda: version("verify-harness"), ours.proof),
}


def main() -> None:
    """Measure what is missing, then write the table."""
    given = _parser().parse_args()
    faults = _sample(given.sample, given.seed)
    KEPT.mkdir(parents=True, exist_ok=True)
    ends = time.monotonic() + given.max_secs
    for fault, seed in _wanted(faults, given.seed):
        for tool in given.tool or TOOLS:
            if time.monotonic() < ends:
                _measure_once(tool, fault, seed, given.timeout_secs)
    _report(faults, given.seed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.proof")
    parser.add_argument("--tool", action="append", choices=list(TOOLS), help="only these")
    parser.add_argument("--sample", type=int, default=len(FAULTS), help="this many faults")
    parser.add_argument("--seed", type=int, default=7, help="of the sample and of the tools")
    parser.add_argument("--timeout-secs", type=float, default=90, help="for one fault")
    parser.add_argument("--max-secs", type=float, default=float("inf"), help="begin nothing later")
    return parser


def _sample(size: int, seed: int) -> list[str]:
    """So many faults in a drawn order: a smaller sample is the beginning of a larger one."""
    faults = sorted(FAULTS)
    Random(seed).shuffle(faults)
    return faults[:size]


def _wanted(faults: Sequence[str], seed: int) -> list[tuple[str | None, int]]:
    clean = [(None, seed + index) for index in range(CLEAN_RUNS)]
    return [*clean, *((fault, seed) for fault in faults)]


def _measure_once(tool: str, fault: str | None, seed: int, timeout_secs: float) -> None:
    path = KEPT / "results.ndjson"
    key = (tool, fault, seed)
    if any((each.tool, each.fault, each.seed) == key for each in results.read(path)):
        return
    result = _measured(tool, fault, seed, timeout_secs)
    results.add(path, result)
    print(f"{tool} {fault or 'clean'}: {len(result.failures)} failures, {result.seconds:g} s")


def _measured(tool: str, fault: str | None, seed: int, timeout_secs: float) -> Result:
    folder = KEPT / tool / f"{fault or 'clean'}-{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    started, spent = time.monotonic(), _cpu_seconds()
    failures: frozenset[str] = frozenset()
    timed_out = False
    with sandbox(fault, seed) as url:
        try:
            failures = TOOLS[tool].run(Job(url, fault, folder, seed, timeout_secs))
        except subprocess.TimeoutExpired:
            timed_out = True
        seconds = round(time.monotonic() - started, 1)
        spent = round(_cpu_seconds() - spent, 1)
        served = requests_served(url)
    found = tuple(sorted(failures))
    return Result(tool, fault, seed, found, seconds, spent, served, timed_out)


def _cpu_seconds() -> float:
    """Of all children that have ended; the sandbox of the moment is not among them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _report(faults: Sequence[str], seed: int) -> None:
    wanted = _wanted(faults, seed)
    kept = [
        each for each in results.read(KEPT / "results.ndjson") if (each.fault, each.seed) in wanted
    ]
    rows = [found for tool in TOOLS if (found := table.row(tool, kept))]
    (HERE / "RESULTS.md").write_text(_page(rows, len(faults), seed))
    print(json.dumps({"seed": seed, "sample": len(faults), "rows": table.as_json(rows)}))


def _page(rows: Sequence[table.Row], size: int, seed: int) -> str:
    def title(tool: str) -> str:
        return f"{TOOLS[tool].title} ({TOOLS[tool].version()})"

    today = dt.datetime.now(dt.UTC).date()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return PAGE.format(
        command=f"python -m bench.proof --sample {size} --seed {seed}",
        sample=f"{size} of {len(FAULTS)} faults, drawn with seed {seed}",
        today=today,
        machine=machine,
        table=table.markdown(rows, title),
    )


PAGE = """\
# Who catches the sandbox's faults

{today}, `{command}`: {sample}.
Machine: {machine}, with other work to do, so the CPU seconds say more than the seconds.

Each fault is a sandbox process of its own with that one defect. A tool catches it if it reports a
failure that it does not report on the clean sandbox; what it reports there are its false alarms.
What ran into the time limit is measured again, for every tool alike. A warning of ours (a broken
requirement that does no harm) is no failure here. Seconds and requests are medians of one fault,
the requests counted by the sandbox. The share is the 95 % interval of what a tool would catch of
all faults. Each tool's set-up is in its function, in
`schemathesis_tools.py`, `node_tools.py` and `ours.py`; it was made on the clean sandbox.

What it does not show. The faults were written together with our checks, so ours has to catch them,
and many are about rules that no general tool can know: a tool that finds few of these may find much
in a service whose mistakes are crashes and broken schemas. `contract run` compares with the other
tools; `prove` is told the fault, runs that requirement's checks first and stops at the first alarm,
so its seconds and requests do not compare. Tools that learn from many hours of traffic, or see into
the service, are not tried: EvoMaster, CATS and RESTler are in no package registry as a whole.

{table}"""


if __name__ == "__main__":
    main()
