"""`verify-harness` against the very same sandbox process: its checks, and its own proof."""

import json
import sys
from typing import Any

from bench.proof.bed import Job


def checks(job: Job) -> frozenset[str]:
    """All requirements at standard level; a failure is a requirement that is not kept."""
    requirements = _run(job, "contract", "run")["requirements"]
    broken = ("fail", "error", "flaky")
    return frozenset(each["id"] for each in requirements if each["status"] in broken)


def proof(job: Job) -> frozenset[str]:
    """`prove` for the one fault; it stops at the first alarm. On the clean sandbox: all checks."""
    if job.fault is None:
        return checks(job)
    faults = _run(job, "prove", "--fault", job.fault)["faults"]
    return frozenset(name for each in faults if each["caught"] for name in each["by"])


def _run(job: Job, *command: str) -> dict[str, Any]:
    """The run's report."""
    place = ("--target", job.url, "--output", str(job.folder / "run"))
    options = ("--seed", str(job.seed), "--jobs", "1", "--quiet")
    job.execute([sys.executable, "-m", "verify_harness", *command, *place, *options])
    report: dict[str, Any] = json.loads((job.folder / "run" / "run.json").read_text())
    return report
