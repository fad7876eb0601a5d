"""The sample for the Locust operator, by the options that the operator adds to its commands.

They are those of its `internal/resources/command.go` as of its API version v2.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import sandbox_with
from tests.deploy.processes import free_ports, running
from verify_harness.journal.reader import Follower
from verify_harness.journal.records import LoadFinished

ROOT = Path(__file__).parents[2]
SAMPLE: dict[str, Any] = yaml.safe_load(
    (ROOT / "deploy/locust-operator/locusttest.yaml").read_text()
)
SPEC = SAMPLE["spec"]
KEY = "KEY_of_the_operator"
MOUNTED = "/lotest/src/locustfile.py"
"""Where the operator puts the file of the ConfigMap."""


def command_of(role: str, port: str, *added: str) -> list[str]:
    """Locust's command line in a pod of this role."""
    given = SPEC[role]["command"].replace(MOUNTED, str(ROOT / "loadtests/locustfile.py")).split()
    return [
        sys.executable,
        "-P",
        "-m",
        "locust",
        *given,
        f"--{role}",
        f"--master-port={port}",
        *added,
    ]


@pytest.mark.long
def test_what_the_operator_starts_makes_the_whole_load(tmp_path: Path) -> None:
    workers = SPEC["worker"]["replicas"]
    with sandbox_with(TELNYX_API_KEY=KEY) as url:
        journal = tmp_path / "journal.ndjson"
        settings = {"target_url": url, "api_key": KEY, "profile": "smoke", "seed": 7}
        place = {"journal": str(journal), "processes": workers}
        given = {"VERIFY_HARNESS_LOAD": json.dumps({**settings, **place})}
        (port,) = free_ports(5557).values()
        expected = (f"--expect-workers={workers}", "--enable-rebalancing", "--only-summary")
        bound = f"--master-bind-port={port}"  # in a pod of its own the usual port is free
        master = command_of("master", port, *expected, bound)
        worker = command_of("worker", port, "--master-host=127.0.0.1")
        with (
            running(tmp_path, *master, **given) as leader,
            running(tmp_path, *worker, **given),
            running(tmp_path, *worker, **given),
        ):
            assert leader.wait(90) == 0
    parts = sorted(tmp_path.glob("journal*.ndjson"))
    ends = [
        entry for part in parts for entry in Follower(part).new() if isinstance(entry, LoadFinished)
    ]
    assert len(ends) == workers
    assert all(end.journeys.completed > 0 for end in ends)
