"""The live page of a real load in a real browser, and what else its server answers."""

import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.chromium import needs_chromium, started
from tests.program import Harness, environment
from verify_harness import bundled

PROMETHEUS = shutil.which("prometheus")


def profile(directory: Path, duration_s: int) -> str:
    path = directory / "short.toml"
    text = (bundled.loadtests() / "profiles" / "smoke.toml").read_text()
    path.write_text(text.replace("duration_s = 6", f"duration_s = {duration_s}"))
    return str(path)


@contextmanager
def loading(directory: Path, duration_s: int, *options: str) -> Iterator[str]:
    """The address of the page of a load against the embedded sandbox, which then ends by itself."""
    command = [sys.executable, "-m", "verify_harness", "load", "run"]
    command += [profile(directory, duration_s), "--web", "0", "-o", str(directory / "run")]
    process = subprocess.Popen(
        [*command, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    try:
        assert process.stderr is not None
        found = next(filter(None, map(re.compile(r"live: (\S+) ").match, process.stderr)))
        yield found[1]
        assert process.wait(timeout=120) == 0
    finally:
        process.kill()
        process.communicate()


def state_when(url: str, phase: str) -> dict[str, object]:
    """The first event of this phase."""
    with httpx.stream("GET", f"{url}events", timeout=60, trust_env=False) as stream:
        for text in stream.iter_lines():
            if text.startswith("data: "):
                state: dict[str, object] = json.loads(text.removeprefix("data: "))
                if state["phase"] == phase:
                    return state
    raise AssertionError(f"the stream ended without {phase}")


@needs_chromium
def test_the_page_follows_a_load_to_its_end(tmp_path: Path) -> None:
    said: list[str] = []
    with started() as browser, loading(tmp_path, 10, "--processes", "2") as url:
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(url)
        page.wait_for_selector("#latency path.p95", state="attached", timeout=60_000)
        assert page.inner_text("#phase").startswith("running, second ")
        assert re.fullmatch(r"[\d.]+ ms", page.inner_text("#p95"))
        assert page.inner_text("#processes") == "2 generating"
        assert page.inner_text("#broken") == "none"
        assert page.locator("#limits tr").count() == 5
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_text(re.compile("^over")).wait_for(timeout=60_000)
        assert page.inner_text("#processes") == "2 finished"
    assert said == []


def test_the_last_event_agrees_with_the_report(tmp_path: Path) -> None:
    with loading(tmp_path, 4, "--quiet") as url:
        for host, status in (("evil.example", 403), ("localhost:9", 200), ("[::1]", 200)):
            answer = httpx.get(url, headers={"Host": host}, trust_env=False)
            assert answer.status_code == status
        assert httpx.get(f"{url}other", trust_env=False).status_code == 404
        state = state_when(url, "over")
    load = json.loads((tmp_path / "run" / "run.json").read_text())["load"]
    assert state["requests"] == load["requests"]
    assert state["completed"] == load["journeys"]["completed"]
    assert [item["measured"] for item in state["limits"]] == [  # type: ignore[attr-defined]  # JSON
        pytest.approx(item["measured"], abs=0.001) for item in load["slo"]
    ]


def test_a_page_bound_elsewhere_answers_whoever_asks_and_says_so(tmp_path: Path) -> None:
    with loading(tmp_path, 4, "--web-bind", "0.0.0.0", "--quiet") as url:
        answer = httpx.get(
            url.replace("0.0.0.0", "127.0.0.1"), headers={"Host": "node-7:80"}, trust_env=False
        )
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "address, told",
    [("203.0.113.7", "cannot listen on 203.0.113.7"), ("here", "'here' is not an IP address")],
)
def test_an_address_that_is_not_ours_is_said(harness: Harness, address: str, told: str) -> None:
    ended = harness("load", "run", "smoke", "--web", "0", "--web-bind", address)
    assert (ended.code, told in ended.err) == (2, True)


def test_a_port_in_use_is_said_before_anything_is_sent(harness: Harness) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = harness("load", "run", "smoke", "--web", port)
    assert ended.code == 2
    assert f"port {port} on 127.0.0.1 is already in use" in ended.err
    assert "--web 0" in ended.err
    assert not ended.directory.exists()


DURATION = "verify_harness_http_client_request_duration_seconds"


@pytest.mark.long
@pytest.mark.skipif(PROMETHEUS is None, reason="no prometheus on PATH")
@pytest.mark.parametrize(
    "feature, p95, count",
    [
        (
            "exemplar-storage",
            f"histogram_quantile(0.95, sum by (le) ({DURATION}_bucket))",
            f"sum({DURATION}_count)",
        ),
        (
            "native-histograms",
            f"histogram_quantile(0.95, sum({DURATION}))",
            f"histogram_count(sum({DURATION}))",
        ),
    ],
)
def test_a_real_prometheus_scrapes_it(tmp_path: Path, feature: str, p95: str, count: str) -> None:
    assert PROMETHEUS is not None
    with loading(tmp_path, 20) as url, socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
        probe.close()
        place = url.removeprefix("http://").rstrip("/")
        job = {"job_name": "load", "scrape_interval": "1s"}
        jobs = {"scrape_configs": [{**job, "static_configs": [{"targets": [place]}]}]}
        (tmp_path / "prometheus.yml").write_text(json.dumps(jobs))  # which is YAML
        served = subprocess.Popen(
            [
                PROMETHEUS,
                f"--config.file={tmp_path / 'prometheus.yml'}",
                f"--storage.tsdb.path={tmp_path / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
                f"--enable-feature={feature}",
            ],
            stderr=subprocess.DEVNULL,
        )
        try:
            value = asked(port, "sum(verify_harness_requests_total)")
            p95_s, timed = asked(port, p95), asked(port, count)
        finally:
            served.terminate()
            served.wait(20)
    assert value > 0
    assert timed > 0
    assert 0 < p95_s < 5


def asked(port: int, query: str) -> float:
    """What Prometheus says to a query, as soon as it says anything."""
    for _ in range(100):
        time.sleep(0.3)
        try:
            answer = httpx.get(
                f"http://127.0.0.1:{port}/api/v1/query", params={"query": query}, trust_env=False
            ).json()
        except httpx.TransportError:
            continue
        if found := answer["data"]["result"]:
            return float(found[0]["value"][1])
    raise AssertionError(f"Prometheus never answered {query}")
