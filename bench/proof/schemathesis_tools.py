"""schemathesis' own command line, once as it comes and once with all its manual advises."""

import json
import sys
from pathlib import Path

from bench.proof import documents
from bench.proof.bed import KEYS, Job

ST = Path(sys.executable).with_name("st")
HOOKS = Path(__file__).parent / "hooks" / "schemathesis_hooks.py"
REPORT = ("--report", "json", "--report-json-path", "report.json")


def stock(job: Job, *options: str) -> frozenset[str]:
    """`st run` with its defaults, these options and one key."""
    settings = f"""
        base-url = "{job.url}"
        [auth.openapi.bearerAuth]
        bearer = "${{TELNYX_API_KEY}}"
    """
    return _run(job, settings, documents.plain(), *options)


def furnished(job: Job, *options: str) -> frozenset[str]:
    """`st run` with two identities, hooks that make operations reach a 2xx, and the bounds.

    It goes on after a failure; by default it would stop the operation's phase.
    """
    settings = f"""
        base-url = "{job.url}"
        continue-on-failure = true
        [auth.wfc]
        path = "auth.json"
        peers = {json.dumps(sorted(KEYS))}
    """
    accounts = [
        {"name": name, "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {key}"}]}
        for name, key in KEYS.items()
    ]
    (job.folder / "auth.json").write_text(json.dumps({"auth": accounts}))
    (job.folder / "things.json").write_text(json.dumps(job.arranged()))
    contract = documents.bounded(job.folder)
    return _run(job, settings, contract, *options, SCHEMATHESIS_HOOKS=str(HOOKS))


def _run(
    job: Job, settings: str, contract: Path, *options: str, **environment: str
) -> frozenset[str]:
    (job.folder / "schemathesis.toml").write_text(settings)
    seed = ("--seed", str(job.seed))
    config = ("--config-file", "schemathesis.toml")
    job.execute([str(ST), *config, "run", *seed, *REPORT, *options, str(contract)], **environment)
    report = json.loads((job.folder / "report.json").read_text())
    return frozenset(
        f"{failure['code']} {operation}"
        for failure in report["failures"]
        for operation in failure["operations"]
    )
