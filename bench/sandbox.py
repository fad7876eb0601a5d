"""Triggers and checks per second of the sandbox, and triggers of Prism, on one core each.

Run `python -m bench.sandbox`; the last line is JSON. Server on core 0, generator on core 1; 20 000
requests of each kind to the sandbox, 2 000 to Prism. `prism_per_s` is null where Prism is not
installed (`make bench-sandbox` does). Prism answers the same request from the contract's example;
it keeps nothing and logs nothing here.
"""

import json
import socket
import sys
import time
from pathlib import Path

from bench.generator import (
    CODE,
    KEY,
    PROFILE_BODY,
    ids,
    port_announced,
    post,
    send,
    server,
    trigger,
)
from verify_harness import bundled

REQUESTS = 20_000
PRISM_REQUESTS = 2_000
PRISM = Path(__file__).parents[1] / ".node" / "bench" / "node_modules" / ".bin" / "prism"
PRISM_STARTS_WITHIN_SECS = 30


def main() -> None:
    """Measure once and print the figures."""
    with server([sys.executable, "-m", "verify_harness.sandbox", "--key", KEY]) as process:
        figures: dict[str, float | None] = _sandbox(port_announced(process))
    figures["prism_per_s"] = _prism() if PRISM.exists() else None
    print(json.dumps(figures))


def _sandbox(port: int) -> dict[str, float | None]:
    (profile_id,) = ids(send(port, [post("/v2/verify_profiles", PROFILE_BODY)])[1])
    triggers = [trigger(profile_id, index) for index in range(REQUESTS)]
    trigger_per_s, answers = send(port, triggers)
    checks = [
        post(f"/v2/verifications/{each}/actions/verify", {"code": CODE}) for each in ids(answers)
    ]
    check_per_s, answers = send(port, checks)
    accepted = sum(b'"accepted"' in answer for answer in answers)
    if accepted != REQUESTS:
        raise SystemExit(f"only {accepted} of {REQUESTS} checks were accepted")
    return {"trigger_per_s": round(trigger_per_s), "check_per_s": round(check_per_s)}


def _prism() -> float:
    """The second of two equal runs: the first warms its compiler up."""
    port = _free_port()
    contract = str(bundled.specs() / "verify.openapi.yaml")
    options = ["--port", str(port), "--verboseLevel", "silent"]
    profile_id = "4900017a-e7c8-e79e-0a7c-0d98f49b09cc"
    triggers = [trigger(profile_id, index, base="") for index in range(PRISM_REQUESTS)]
    with server([str(PRISM), "mock", *options, contract]):
        _wait_for(port)
        send(port, triggers)
        return round(send(port, triggers)[0])


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    ends = time.monotonic() + PRISM_STARTS_WITHIN_SECS
    while time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("Prism did not start")


if __name__ == "__main__":
    main()
