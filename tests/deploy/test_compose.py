"""The compose project: its commands run as they stand, and its dashboard asked of a Prometheus."""

import json
import re
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.deploy.processes import free_ports, healthy, placed, running
from tests.watch.journals import begins, limit, second, write
from verify_harness import bundled
from verify_harness.journal.records import Finding
from verify_harness.watch.feed import Feed
from verify_harness.watch.prometheus import exposition

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose/compose.yaml").read_text())
SERVICES = COMPOSE["services"]
DASHBOARD: dict[str, Any] = json.loads((DEPLOY / "grafana/dashboard.json").read_text())
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
PROMETHEUS = shutil.which("prometheus")


def test_every_file_that_it_names_is_there() -> None:
    for config in COMPOSE["configs"].values():
        assert (DEPLOY / "compose" / config["file"]).is_file()
    build = SERVICES["sandbox"]["build"]
    assert (DEPLOY / "compose" / build["context"] / build["dockerfile"]).is_file()


def test_the_parts_agree_on_their_ports() -> None:
    jobs = yaml.safe_load((DEPLOY / "compose/prometheus.yaml").read_text())["scrape_configs"]
    words = SERVICES["load"]["command"]
    assert jobs[0]["static_configs"][0]["targets"] == [
        f"127.0.0.1:{words[words.index('--web') + 1]}"
    ]
    served = SERVICES["sandbox"]["command"][-1]
    assert words[words.index("--target") + 1] == f"http://127.0.0.1:{served}/v2"


def test_no_key_of_the_user_gets_in() -> None:
    """The only thing taken from the caller's environment is the profile's name."""
    text = (DEPLOY / "compose/compose.yaml").read_text()
    assert set(re.findall(r"\$\{(\w+)", text)) == {"PROFILE"}


def test_nothing_is_published_but_on_this_machine() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert published == ["127.0.0.1:3000:3000"]
    own_networks = {name for name, item in SERVICES.items() if "network_mode" not in item}
    assert own_networks == {"sandbox"}


def test_the_dashboard_asks_for_metrics_and_labels_that_exist(tmp_path: Path) -> None:
    feed = Feed()
    broken = Finding(
        check="load", seq=1, requirement="VFY-CODE-004", severity="fail", message="twice"
    )
    begun = begins(1, 9, limit("error_rate", "< 1 %"))
    records = [begun, *second(0, [0.1]), broken, *second(5, [0.1])]
    feed.look([write(tmp_path / "load", *records)])
    families = text_string_to_metric_families(exposition(feed, "run").decode())
    known = {item.name: set(item.labels) for family in families for item in family.samples}
    asked = {name for query in QUERIES for name in re.findall(r"verify_harness_\w+", query)}
    assert asked <= known.keys()
    assert {"verify_harness_slo_status", "verify_harness_workers"} <= asked
    for query in QUERIES:
        for name, labels in re.findall(r"(verify_harness_\w+)\{(.*?)\}", query):
            assert set(re.findall(r"(\w+)=~?\"", labels)) <= known[name]


def command_of(service: str, ports: dict[str, str], profile: str) -> list[str]:
    """What a service of ours runs."""
    words = [placed(word, ports) for word in SERVICES[service]["command"]]
    words = [word.replace("${PROFILE:-baseline}", profile) for word in words]
    return [sys.executable, "-m", "verify_harness", *words]


def answered(prometheus: str, query: str, deadline: float) -> bool:
    """Whether Prometheus has a number for a query of the dashboard before the deadline."""
    for variable, value in (("$run_id", ".*"), ("$step", ".*"), ("$__rate_interval", "20s")):
        query = query.replace(variable, value)
    while time.monotonic() < deadline:
        answer = httpx.get(f"{prometheus}/api/v1/query", params={"query": query}, trust_env=False)
        assert answer.status_code == 200, answer.text
        if answer.json()["data"]["result"]:
            return True
        time.sleep(0.5)
    return False


@pytest.mark.long
@pytest.mark.skipif(PROMETHEUS is None, reason="no prometheus on PATH")
def test_what_compose_starts_works_together(tmp_path: Path) -> None:
    assert PROMETHEUS is not None
    ports = free_ports(8080, 8090, 9090)
    profile = tmp_path / "thirty.toml"
    text = (bundled.loadtests() / "profiles/smoke.toml").read_text()
    profile.write_text(text.replace("duration_s = 6", "duration_s = 30"))
    config = tmp_path / "prometheus.yaml"
    config.write_text(placed((DEPLOY / "compose/prometheus.yaml").read_text(), ports))
    keys = SERVICES["sandbox"]["environment"]
    assert SERVICES["load"]["environment"] == keys
    prometheus = f"http://127.0.0.1:{ports['9090']}"
    with (
        running(tmp_path, *command_of("sandbox", ports, ""), **keys),
        running(
            tmp_path,
            PROMETHEUS,
            f"--config.file={config}",
            f"--storage.tsdb.path={tmp_path / 'data'}",
            f"--web.listen-address=127.0.0.1:{ports['9090']}",
        ),
    ):
        healthy(f"http://127.0.0.1:{ports['8080']}/_sandbox")
        healthy(prometheus)
        with running(tmp_path, *command_of("load", ports, str(profile)), **keys) as load:
            deadline = time.monotonic() + 40
            unanswered = [each for each in QUERIES if not answered(prometheus, each, deadline)]
            assert load.wait(60) == 0
    assert unanswered == []
