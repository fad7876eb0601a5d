"""What a project's files start, started on this machine: their words, with ports of ours."""

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from tests.program import environment


def free_ports(*wanted: int) -> dict[str, str]:
    """A free port for each of these."""
    with ExitStack() as stack:
        held = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in wanted]
        return {
            str(port): str(each.getsockname()[1]) for port, each in zip(wanted, held, strict=True)
        }


def placed(text: str, ports: dict[str, str]) -> str:
    """A text of the project with this machine's ports."""
    return re.sub("|".join(ports), lambda found: ports[found[0]], text)


@contextmanager
def running(place: Path, *command: str, **extra: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process until the end of the block, in a directory of its own."""
    process = subprocess.Popen(
        command, cwd=place, stdout=subprocess.DEVNULL, env=environment(**extra)
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def healthy(url: str) -> None:
    """Wait until somebody answers."""
    for _ in range(100):
        try:
            httpx.get(url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"nobody answers at {url}")
