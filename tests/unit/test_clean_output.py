"""What children print is redacted line by line, wherever it goes, and never blocks them."""

import io
from pathlib import Path

import pytest

from verify_harness.clean_output import clean_output, clean_stderr
from verify_harness.safety.redaction import Redactor

KEY = "KEY0187B2F4C6D8Ef13aX5cZ7e9G1h3"
REDACTOR = Redactor({KEY: "$K"})


def test_a_log_has_no_secret_however_it_arrives(tmp_path: Path) -> None:
    with clean_output(tmp_path / "log", REDACTOR) as pipe:
        for byte in f"one {KEY}\nhalf ".encode():
            pipe.write(bytes([byte]))
            pipe.flush()
        pipe.write(f"{KEY[:20]}\xff without an end".encode("latin-1"))
    assert (tmp_path / "log").read_text() == "one $K\nhalf $K(cut)\ufffd without an end"


def test_our_stderr_gets_whole_lines_and_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = io.StringIO()
    monkeypatch.setattr("sys.stderr", printed)
    with clean_stderr(REDACTOR) as pipe:
        pipe.write(f"3 of 7\x1b[K\rprotocol error in {KEY}\r\n".encode())
    assert printed.getvalue() == "3 of 7\x1b[K\rprotocol error in $K\r\n"


def test_a_full_disk_does_not_stop_a_child() -> None:
    with clean_output(Path("/dev/full"), REDACTOR) as pipe:
        for _ in range(100):  # more than a pipe holds
            pipe.write(b"x" * 10_000 + b"\n")
            pipe.flush()
