"""The image, built from a Debian of our own, and its commands as PID 1 on a read-only root.

No engine is needed: buildah builds in a chroot, and what an engine would do to run it (a process
namespace, the numeric user, a read-only root) `as_pid_1.sh` does.
"""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
AS_PID_1 = Path(__file__).with_name("as_pid_1.sh")
TAG = "localhost/verify-harness-under-test"
BASE = "localhost/debian-python"
PACKAGES = "python3,python3-venv,ca-certificates"
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
MOST_MB = 150
BASE_MB = 45
"""What the published Python base weighs, compressed; our own Debian stands in for it here."""

missing = [name for name in ("buildah", "debootstrap", "unshare") if shutil.which(name) is None]
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(missing), reason=f"not on PATH: {', '.join(missing)}"),
    pytest.mark.skipif(os.geteuid() != 0, reason="an image is built and run by root"),
]


@dataclass(frozen=True)
class Image:
    root: Path
    """Where its files are mounted."""
    config: dict[str, Any]
    for_operators: dict[str, Any]
    """The configuration of the stage `locust`."""


def buildah(store: Path, *arguments: str) -> str:
    """What buildah prints; its images lie in a directory of the test."""
    place = ("--root", str(store / "images"), "--runroot", str(store / "run"))
    settings = {"STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}
    ended = subprocess.run(
        ["buildah", *place, *arguments],
        env={**os.environ, **settings},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=600,
    )
    return ended.stdout.strip()


def debian(store: Path) -> None:
    """A base image with Python, as a registry would give."""
    tree = store / "debian"
    subprocess.run(
        ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(tree)],
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=600,
    )
    shutil.copy(AUTHORITIES, tree / "etc/ssl/certs/ca-certificates.crt")
    container = buildah(store, "from", "scratch")
    buildah(store, "add", "--quiet", container, str(tree), "/")
    trusted = str(AUTHORITIES)
    environment = [f"--env={name}={trusted}" for name in ("SSL_CERT_FILE", "PIP_CERT")]
    buildah(store, "config", *environment, container)
    buildah(store, "commit", "--quiet", container, BASE)
    buildah(store, "rm", container)
    shutil.rmtree(tree)


def config_of(store: Path, tag: str) -> dict[str, Any]:
    """What an image says of itself."""
    told: dict[str, Any] = json.loads(buildah(store, "inspect", "--type=image", tag))
    config: dict[str, Any] = told["Docker"]["config"]
    return config


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    store = tmp_path_factory.mktemp("store")
    debian(store)
    folder = "deploy/image"
    options = ("--format=docker", "--network=host", f"--build-arg=BASE={BASE}", "--layers")
    files = (f"--file={folder}/Dockerfile", f"--ignorefile={folder}/Dockerfile.dockerignore")
    for target in ("locust", ""):  # the last stage is the image proper
        of_stage = (f"--target={target}", f"--tag={TAG}-{target}") if target else (f"--tag={TAG}",)
        buildah(store, "bud", "--quiet", *options, *of_stage, *files, ".")
    container = buildah(store, "from", TAG)
    root = Path(buildah(store, "mount", container))
    yield Image(root, config_of(store, TAG), config_of(store, f"{TAG}-locust"))
    buildah(store, "rm", "--all")
    # What the storage bound onto itself would keep the directory from being removed.
    subprocess.run(["umount", str(store / "images/overlay")], check=False, capture_output=True)


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A volume that the image's user may write."""
    place = tmp_path / "reports"
    place.mkdir()
    os.chown(place, 10001, 10001)
    return place


def started(image: Image, reports: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [str(AS_PID_1), str(image.root), str(reports), *image.config["Entrypoint"]]
    return subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> int:
    """The exit code after SIGTERM to PID 1 itself, as an engine sends it."""
    (pid,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(pid), signal.SIGTERM)
    process.communicate(timeout=60)
    return process.returncode


def test_what_the_image_says_of_itself(image: Image) -> None:
    config = image.config
    assert config["User"] == "10001:10001"
    assert config["Healthcheck"]["Test"][0] == "CMD"
    assert config["Labels"]["org.opencontainers.image.licenses"] == "MIT"
    assert config["Entrypoint"] == ["verify-harness"]
    assert image.for_operators["Entrypoint"] == ["locust"]
    assert image.for_operators["User"] == config["User"]


def test_what_it_adds_to_its_base_is_small(image: Image, tmp_path: Path) -> None:
    packed = tmp_path / "layer.tar.gz"
    places = ("--directory", str(image.root), "opt", "harness")
    subprocess.run(["tar", "--create", "--gzip", "--file", str(packed), *places], check=True)
    assert packed.stat().st_size / 1e6 + BASE_MB < MOST_MB


def test_the_main_job_passes_on_a_read_only_root(image: Image, reports: Path) -> None:
    process = started(image, reports, "check", "--quiet")
    process.communicate(timeout=300)
    assert process.returncode == 0
    (run,) = (path for path in reports.iterdir() if path.is_dir())
    assert json.loads((run / "run.json").read_text())["verdict"] == "pass"


def test_sigterm_at_pid_1_leaves_a_whole_report(image: Image, reports: Path) -> None:
    process = started(image, reports, "load", "run", "baseline", "--quiet")
    deadline = time.monotonic() + 60
    while not list(reports.glob("*/journal-*")) and time.monotonic() < deadline:
        time.sleep(0.5)
    time.sleep(5)
    assert ended(process) == 143
    (run,) = (path for path in reports.iterdir() if path.is_dir())
    assert json.loads((run / "run.json").read_text())["exit_code"] == 143
    assert "</html>" in (run / "report.html").read_text()


def test_the_health_check_is_green_while_a_sandbox_runs(image: Image, reports: Path) -> None:
    check = [
        str(image.root / part.lstrip("/")) if part.startswith("/opt") else part
        for part in image.config["Healthcheck"]["Test"][1:]
    ]
    assert subprocess.run(check, capture_output=True, check=False).returncode != 0
    process = started(image, reports, "sandbox", "--port", "8080")
    try:
        assert process.stdout is not None
        process.stdout.readline()
        assert subprocess.run(check, check=False).returncode == 0
    finally:
        ended(process)
