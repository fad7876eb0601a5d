"""The process: ports, signals, keys from the start."""

import signal
import socket
import subprocess
import sys
from contextlib import ExitStack

import httpx
import pytest

from verify_harness.errors import PortInUse, UsageError
from verify_harness.sandbox.server import SandboxOptions, serve

COMMAND = [sys.executable, "-m", "verify_harness.sandbox"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_quietly_with_a_client_connected(number: signal.Signals) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen(COMMAND, stdout=pipe, stderr=pipe, text=True) as server:
        assert server.stdout is not None
        with httpx.Client(base_url=server.stdout.readline().strip()) as client:
            client.get("/_sandbox/")
            server.send_signal(number)
            out, err = server.communicate(timeout=10)
    assert (server.returncode, out, err) == (0, "", "")


def test_a_busy_port_is_said_before_anything_else() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse, match=str(port)):
            serve(SandboxOptions(port=port))


@pytest.mark.parametrize(
    "options",
    [
        SandboxOptions(faults=["nonsense"]),
        SandboxOptions(dialect="klingon"),
        SandboxOptions(bind="not an address"),
    ],
)
def test_wrong_options_are_usage_errors(options: SandboxOptions) -> None:
    with pytest.raises(UsageError):
        serve(options)


def test_keys_given_at_the_start_are_a_pair_of_tenants() -> None:
    command = [*COMMAND, "--key", "one", "--key", "two"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            headers = [{"authorization": f"Bearer {key}"} for key in ("one", "two", "three")]
            body = {"name": "mine"}
            httpx.post(f"{url}/v2/verify_profiles", headers=headers[0], json=body)
            seen = [httpx.get(f"{url}/v2/verify_profiles", headers=each) for each in headers]
        finally:
            server.terminate()
    assert [each.status_code for each in seen] == [200, 200, 401]
    assert [each.json()["meta"]["total_results"] for each in seen[:2]] == [1, 0]


def test_idle_connections_do_not_stop_it_and_are_ended() -> None:
    with (
        subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as server,
        ExitStack() as open_,
    ):
        open_.callback(server.terminate)
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        idle = [open_.enter_context(socket.create_connection(address)) for _ in range(1500)]
        assert httpx.get(f"{url}/_sandbox/", timeout=5).status_code == 200
        idle[0].sendall(b"GET / HT")
        for connection in (idle[0], idle[-1]):
            connection.settimeout(15)
            assert connection.recv(1024).partition(b"\r\n")[0] in {
                b"",
                b"HTTP/1.1 408 Request Timeout",
            }
