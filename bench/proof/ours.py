"""`verify-harness contract run` against the very same sandbox process."""

import json
import sys

from bench.proof.bed import Job

_BROKEN = ("fail", "error", "flaky")


def ours(job: Job) -> frozenset[str]:
    """All requirements at standard level; a failure is a requirement that is not kept."""
    place = ("--target", job.url, "--output", str(job.folder / "run"))
    options = ("--seed", str(job.seed), "--jobs", "1", "--quiet")
    command = [sys.executable, "-m", "verify_harness", "contract", "run"]
    job.execute([*command, *place, *options])
    run = json.loads((job.folder / "run" / "run.json").read_text())
    return frozenset(each["id"] for each in run["requirements"] if each["status"] in _BROKEN)
