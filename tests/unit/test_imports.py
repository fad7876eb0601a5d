"""Who may import whom (design §2): kept here, or it erodes."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "verify_harness"
REPORT_MAY_IMPORT = {"journal", "errors", "exitcodes", "report"}


def imports_of(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(folder: Path, *prefixes: str) -> set[str]:
    """The files below a folder that import something with one of these prefixes."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in folder.rglob("*.py")
        if any(name == p or name.startswith(f"{p}.") for name in imports_of(path) for p in prefixes)
    }


def test_no_http_library_opens_connections() -> None:
    users = importers(PACKAGE, "httpx", "httpcore", "requests", "urllib3", "urllib.request")
    assert users == {"src/verify_harness/contract/generated.py"}  # it converts answers


def test_only_the_client_uses_what_dials() -> None:
    users = importers(PACKAGE, "verify_harness.transport.http1")
    assert users == {"src/verify_harness/client.py"}


def dialling(folder: Path) -> set[str]:
    """The files below a folder that open a connection by hand."""
    names = {
        "open_connection",
        "create_connection",
        "open_unix_connection",
        "connect_ex",
        "connect",
    }
    return {
        path.relative_to(ROOT).as_posix()
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in names
    }


def test_three_places_dial_and_all_ask_the_guard_where_to() -> None:
    # The sandbox plays the vendor where it delivers webhooks, so it cannot go through the client.
    assert dialling(PACKAGE) == {
        "src/verify_harness/load/connection.py",
        "src/verify_harness/sandbox/webhooks.py",
        "src/verify_harness/transport/http1.py",
    }


def test_content_imports_the_package_and_never_the_reverse() -> None:
    assert importers(PACKAGE, "contracts", "loadtests") == set()


def test_sandbox_and_model_do_not_know_each_other() -> None:
    assert importers(PACKAGE / "sandbox", "verify_harness.model") == set()
    assert importers(PACKAGE / "model", "verify_harness.sandbox") == set()


def test_reports_read_journals_only() -> None:
    for path in (PACKAGE / "report").rglob("*.py"):
        ours = {
            name.split(".")[1] for name in imports_of(path) if name.startswith("verify_harness.")
        }
        assert ours <= REPORT_MAY_IMPORT, path


def test_schemathesis_stays_behind_its_adapter() -> None:
    assert importers(PACKAGE, "schemathesis") == {
        "src/verify_harness/contract/furnish.py",
        "src/verify_harness/contract/generated.py",
    }


@pytest.mark.parametrize(
    "module,forbidden",
    [
        ("verify_harness.cli", "locust"),
        ("verify_harness.cli", "schemathesis"),
        ("verify_harness.contract.session", "locust"),
        ("verify_harness.load.runner", "gevent"),
        ("verify_harness.spec", "schemathesis"),
    ],
)
def test_a_process_does_not_import_what_it_must_not(module: str, forbidden: str) -> None:
    program = f"import sys, {module}; sys.exit({forbidden!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
