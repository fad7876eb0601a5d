"""The Helm chart: rendered by a real Helm, held against Kubernetes' schemas, its Jobs run here."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.cli.conftest import sandbox_with
from tests.deploy.processes import free_ports, placed, running

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy/chart"
README = ROOT / "deploy/README.md"
TOOLS = ROOT / ".tools/bin"
HELM = shutil.which("helm") or shutil.which("helm", path=str(TOOLS))
VALIDATE = shutil.which("kubernetes-validate", path=str(TOOLS))
KEY = "KEY_of_the_chart"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(HELM is None or VALIDATE is None, reason="`make tools` found no registry"),
]

Manifest = dict[str, Any]
PEER = "networkPolicy.target.to[0].podSelector.matchLabels.app=verify"
TARGET = ("target.url=http://verify.staging.svc:8080/v2", "target.allowPlainText=true")
STAGING = (*TARGET, "target.allowRemote={verify.staging.svc}", "keys.secretName=verify", PEER)
LOAD = (*STAGING, "mode=load", "load.maxTriggers=500", "load.maxRate=50/s")
METRICS = ("metrics.enabled=true", "metrics.from[0].podSelector.matchLabels.app=prometheus")
MODES = {
    "contract alone": (),
    "contract on staging": STAGING,
    "smoke": (*STAGING, "mode=smoke", "keys.secondKey=OTHER", "reports.existingClaim=reports"),
    "load": (*LOAD, *METRICS),
    "load of a file": (*LOAD, "load.profile=/etc/verify-harness/own.toml", "files.own\\.toml=x=1"),
}


def helm(command: str, *values: str, **more: Any) -> subprocess.CompletedProcess[str]:
    assert HELM is not None
    options = [part for value in values for part in ("--set", value)]
    name = ["run"] if command == "template" else []
    return subprocess.run(
        [HELM, command, *name, str(CHART), *options, *more.pop("extra", ())],
        capture_output=True,
        text=True,
        check=more.pop("check", True),
    )


def rendered(*values: str) -> dict[str, Manifest]:
    """What Helm would install, by kind and name."""
    documents = yaml.safe_load_all(helm("template", *values).stdout)
    return {f"{item['kind']} {item['metadata']['name']}": item for item in documents if item}


def container(job: Manifest) -> Manifest:
    found: Manifest = job["spec"]["template"]["spec"]["containers"][0]
    return found


@pytest.mark.parametrize("values", MODES.values(), ids=MODES)
def test_kubernetes_takes_what_it_renders(values: tuple[str, ...], tmp_path: Path) -> None:
    assert VALIDATE is not None
    assert "0 chart(s) failed" in helm("lint", *values, extra=["--strict"]).stdout
    (tmp_path / "all.yaml").write_text(helm("template", *values).stdout)
    for version in ("1.29", "1.37"):
        options = ("--strict", "--quiet", "--kubernetes-version", version)
        ended = subprocess.run(
            [VALIDATE, *options, str(tmp_path / "all.yaml")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize(
    "values, told",
    [
        (TARGET, "needs keys.secretName"),
        (("mode=load",), "needs target.url"),
        ((*STAGING, "mode=load"), "needs load.maxTriggers and load.maxRate"),
        (STAGING[:-1], "networkPolicy.target.to is empty"),
        ((*LOAD, "metrics.enabled=true"), "metrics.from is empty"),
        (("mode=live",), "mode"),
        (("key=KEY123",), "key"),
    ],
)
def test_what_cannot_work_is_not_installed(values: tuple[str, ...], told: str) -> None:
    ended = helm("template", *values, check=False)
    assert ended.returncode != 0
    assert told in ended.stderr


@pytest.mark.parametrize("values", MODES.values(), ids=MODES)
def test_pods_can_do_little_and_are_never_run_twice(values: tuple[str, ...]) -> None:
    for name, job in rendered(*values).items():
        if name.startswith("Job"):
            spec, pod = job["spec"], job["spec"]["template"]["spec"]
            assert (spec["backoffLimit"], pod["restartPolicy"]) == (0, "Never")
            assert {rule["action"] for rule in spec["podFailurePolicy"]["rules"]} == {"FailJob"}
            assert pod["securityContext"]["runAsNonRoot"] is True
            assert pod["automountServiceAccountToken"] is False
            assert container(job)["securityContext"]["readOnlyRootFilesystem"] is True
            assert all("valueFrom" in item for item in container(job).get("env", ()))


def test_every_pod_is_under_the_policy_and_may_call_the_target_only() -> None:
    found = rendered(*LOAD)
    policy = found["NetworkPolicy run-1"]["spec"]
    selector = policy["podSelector"]["matchLabels"].items()
    for job in (found["Job run-1-master"], found["Job run-1-worker"]):
        assert selector <= job["spec"]["template"]["metadata"]["labels"].items()
    dns, target, master = policy["egress"]
    assert [port["port"] for port in dns["ports"]] == [53, 53]
    assert target["to"] == [{"podSelector": {"matchLabels": {"app": "verify"}}}]
    assert master["ports"] == [{"port": 5557}]
    alone = rendered()["NetworkPolicy run-1"]["spec"]
    assert alone["egress"] == []
    assert "ingress" not in alone


def test_the_values_that_the_readme_shows_are_taken(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```yaml\n(# staging.yaml\n.*?)```", README.read_text(), re.DOTALL)
    (tmp_path / "staging.yaml").write_text(shown)
    told = helm("template", extra=["--values", str(tmp_path / "staging.yaml")]).stdout
    jobs = [item for item in yaml.safe_load_all(told) if item and item["kind"] == "Job"]
    assert [job["metadata"]["name"] for job in jobs] == ["run-1-master", "run-1-worker"]
    assert "--max-triggers" in container(jobs[0])["args"]


def command_of(job: Manifest, ports: dict[str, str]) -> list[str]:
    """What the image would run, with this machine's ports, and its address for the service."""
    words = [placed(word, ports) for word in container(job)["args"]]
    return [
        sys.executable,
        "-m",
        "verify_harness",
        *("127.0.0.1" if word == "run-1" else word for word in words),
    ]


def test_its_load_jobs_make_one_load(tmp_path: Path) -> None:
    with sandbox_with(TELNYX_API_KEY=KEY) as url:
        target = (f"target.url={url}", "keys.secretName=any", PEER)
        found = rendered(*target, *LOAD[-3:], *METRICS)
        ports = free_ports(5557, 8090)
        master, worker = (found[f"Job run-1-{role}"] for role in ("master", "worker"))
        port = ["--master-port", ports["5557"]]  # a pod has the usual one to itself
        (tmp_path / "w").mkdir()
        workers = [
            running(tmp_path / "w", *command_of(worker, ports), *port, TELNYX_API_KEY=KEY)
            for _ in range(worker["spec"]["completions"])
        ]
        with workers[0] as first, workers[1] as second:
            time.sleep(3)  # a master that is scheduled late
            with running(tmp_path, *command_of(master, ports), *port, TELNYX_API_KEY=KEY) as leader:
                metrics = scraped(f"http://127.0.0.1:{ports['8090']}/metrics")
                ends = [process.wait(90) for process in (leader, first, second)]
    assert ends == [0, 0, 0]
    assert "verify_harness_run_info" in metrics


def scraped(url: str) -> str:
    """What a scrape by the pod's address gets, as soon as somebody answers."""
    for _ in range(100):
        try:
            return httpx.get(url, headers={"Host": "10.1.2.3:8090"}, trust_env=False).text
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(f"nobody answers at {url}")


def test_its_contract_job_judges_a_target(tmp_path: Path) -> None:
    with sandbox_with("code-works-twice", TELNYX_API_KEY=KEY) as url:
        values = (f"target.url={url}", "keys.secretName=any", PEER, "args={VFY-CODE-004}")
        job = rendered(*values)["Job run-1"]
        with running(tmp_path, *command_of(job, {"5557": "5557"}), TELNYX_API_KEY=KEY) as process:
            code = process.wait(60)
    listed = job["spec"]["podFailurePolicy"]["rules"][0]["onExitCodes"]["values"]
    assert code == 1
    assert code in listed
