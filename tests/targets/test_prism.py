"""A stranger as the target: Prism mocks our document, keeps its form and remembers nothing."""

import shutil
import socket
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.program import Harness, environment
from verify_harness import bundled

PRISM = Path(__file__).parents[2] / ".node" / "bench" / "node_modules" / ".bin" / "prism"
STARTS_WITHIN_SECS = 60
KEPT = (
    *("VFY-AUTH-001", "VFY-AUTH-003", "VFY-AUTH-004", "VFY-LIFE-001"),
    *("VFY-DEST-002", "VFY-DEST-003", "VFY-SPND-002", "VFY-PROF-011"),
)
"""What a mock of the document alone keeps."""
KEPT_WITH_ANY_DATA = (
    *("VFY-AUTH-001", "VFY-AUTH-003", "VFY-AUTH-004"),
    *("VFY-DEST-002", "VFY-DEST-003", "VFY-SPND-002"),
)
"""What it keeps of that when each answer is made up anew, within its schema."""
BROKEN = ("VFY-CODE-001", "VFY-CODE-002", "VFY-CODE-004", "VFY-LIST-001", "VFY-LIST-002")
"""What takes a memory."""

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
    pytest.mark.skipif(
        not PRISM.exists(), reason="Prism is not installed: make .node/bench/.installed"
    ),
]


class Kept:
    """Prism, started again on the same port whenever it dies.

    It does die: of the path `/verifications/%s%n`, which it fails to decode, for one. What killed
    it is a finding; the other checks are worth running all the same.
    """

    def __init__(self, *flags: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        command = [str(PRISM), "mock", "--port", str(self.port), "--verboseLevel", "silent"]
        self._command = [*command, *flags, str(bundled.specs() / "verify.openapi.yaml")]
        self._process = self._started()
        self._ended = threading.Event()
        self._keeper = threading.Thread(target=self._keep)

    def _started(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self._command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _keep(self) -> None:
        while not self._ended.wait(0.1):
            if self._process.poll() is not None:
                self._process = self._started()

    def __enter__(self) -> str:
        _wait_for(self.port)
        self._keeper.start()
        return f"http://127.0.0.1:{self.port}"

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._keeper.join()
        self._process.terminate()
        self._process.wait()


def _wait_for(port: int) -> None:
    ends = time.monotonic() + STARTS_WITHIN_SECS
    while time.monotonic() < ends:
        with suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.2)
    pytest.fail("Prism did not start")


def _judged(harness: Harness, *selected: str, flags: tuple[str, ...] = ()) -> dict[str, str]:
    """The status of each requirement; one job, for a dying Prism takes its neighbours with it."""
    with Kept(*flags) as url:
        key = {"TELNYX_API_KEY": "KEY_0123456789"}
        ended = harness("contract", "run", *selected, "--target", url, "--jobs", "1", **key)
    assert ended.code == 1, ended.out + ended.err
    assert ended.run_json["target"]["kind"] == "url"
    return {entry["id"]: entry["status"] for entry in ended.run_json["requirements"]}


def test_a_mock_keeps_the_form_and_fails_all_that_takes_a_memory(harness: Harness) -> None:
    statuses = _judged(harness, *KEPT, *BROKEN)
    assert statuses == dict.fromkeys(KEPT, "pass") | dict.fromkeys(BROKEN, "fail")


@pytest.mark.long
@pytest.mark.parametrize(
    "flags, kept", [((), KEPT), (("--dynamic",), KEPT_WITH_ANY_DATA)], ids=["examples", "dynamic"]
)
def test_the_whole_suite_judges_a_mock_without_an_error(
    harness: Harness, flags: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    statuses = _judged(harness, flags=flags)
    assert [name for name, status in statuses.items() if status in {"error", "flaky"}] == []
    assert {name: statuses[name] for name in kept} == dict.fromkeys(kept, "pass")
    assert {name: statuses[name] for name in BROKEN} == dict.fromkeys(BROKEN, "fail")
