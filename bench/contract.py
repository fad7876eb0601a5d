"""Requests per second of our contract run and of stock `st run`, in turn, and who catches sooner.

Run `python -m bench.contract --rounds 3 --faults 5 --seed 7`; the last line is JSON. Each run has a
fresh sandbox, which counts the requests. Ours starts as many processes as it does by default; `st`
gets a worker for each core, and is no faster with one more. Requests a second are over the whole
run, start and reports included. With a fault (drawn by seed) ours stops at the first failure; `st`
cannot tell one from its false alarms on a clean sandbox before its end.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bench.proof import schemathesis_tools
from bench.proof.bed import Job, requests_served, sandbox
from verify_harness.sandbox.faults import FAULTS

LIMIT_SECS = 600.0

Tool = Callable[[Job], frozenset[str]]


def main() -> None:
    """Measure and print the figures."""
    options = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    for name, default in (("rounds", 3), ("faults", 5), ("seed", 7)):
        options.add_argument(f"--{name}", type=int, default=default)
    given = options.parse_args()
    rounds = [_round(given.seed + index) for index in range(given.rounds)]
    names = Random(given.seed).sample(sorted(FAULTS), given.faults)
    false_alarms = _timed(stock, None, given.seed)[1]
    catches = [_catch(name, given.seed, false_alarms) for name in names]
    ratios = [each["ours_per_s"] / each["stock_per_s"] for each in rounds]
    figures = {"rounds": rounds, "ratio": round(statistics.median(ratios), 2), "faults": catches}
    print(json.dumps(figures))


def ours(job: Job) -> frozenset[str]:
    """`contract run`, which stops at the first failure where there is a fault."""
    fail_fast = () if job.fault is None else ("--fail-fast",)
    place = ("--target", job.url, "-o", str(job.folder / "run"), "--quiet")
    command = (sys.executable, "-m", "verify_harness", "contract", "run", *place, *fail_fast)
    job.execute([*command, "--seed", str(job.seed)])
    report = json.loads((job.folder / "run" / "run.json").read_text())
    return frozenset(each["id"] for each in report["requirements"] if each["status"] == "fail")


def stock(job: Job) -> frozenset[str]:
    """`st run` with its defaults, and with a worker for each core."""
    return schemathesis_tools.stock(job, "--workers", "auto")


def _round(seed: int) -> dict[str, float]:
    """Both tools, one after the other, on a clean sandbox."""
    figures: dict[str, float] = {}
    for tool in (stock, ours):
        secs, _, served = _timed(tool, None, seed)
        figures[f"{tool.__name__}_per_s"] = round(served / secs, 1)
        figures[f"{tool.__name__}_requests"] = served
    return figures


def _catch(fault: str, seed: int, false_alarms: frozenset[str]) -> dict[str, object]:
    """Seconds until each tool has caught a fault; None where it did not."""
    mine_secs, mine, _ = _timed(ours, fault, seed)
    secs, alarms, _ = _timed(stock, fault, seed)
    return {
        "fault": fault,
        "ours_secs": round(mine_secs, 1) if mine else None,
        "stock_secs": round(secs, 1) if alarms - false_alarms else None,
    }


def _timed(tool: Tool, fault: str | None, seed: int) -> tuple[float, frozenset[str], int]:
    """Seconds, what was reported, and how many requests the sandbox served."""
    with sandbox(fault, seed) as url, TemporaryDirectory() as folder:
        job = Job(url, fault, Path(folder), seed, LIMIT_SECS)
        began = time.monotonic()
        reported = tool(job)
        return time.monotonic() - began, reported, requests_served(url)


if __name__ == "__main__":
    main()
