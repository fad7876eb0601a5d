"""Who may import whom: kept here, or it erodes."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "verify_harness"
MAY_IMPORT = {
    "journal": {"journal", "safety", "exchange", "catalogue", "waivers", "errors", "atomic_files"},
    "results": {"results", "journal", "catalogue", "waivers", "exitcodes", "tracing"},
    "report": {
        *("errors", "report", "results", "journal", "exitcodes", "sanitize", "sources"),
        *("atomic_files", "bundled", "toml_files", "__version__"),
    },
    "history": {"history", "report", "results", "run", "journal", "errors", "atomic_files"},
    "live": {
        *("live", "contract", "targets", "client", "access_tokens", "journal", "spec", "safety"),
        *("catalogue", "exchange", "errors", "keys", "phone_numbers", "toml_files"),
    },
    "compare": {"compare", "report", "results", "journal", "errors", "exitcodes", "sanitize"},
}
"""What each of our packages may import of the others: no arrow up."""

ABOVE = {
    "report": {"cli", "report", "schemas", "history", "compare", "renderers.py"},
    "history": {"cli", "history"},
    "compare": {"cli", "compare"},
    "results": {
        *("cli", "run", "report", "compare", "load", "results", "history", "watch"),
        "renderers.py",
    },
}
"""Who may import a package."""

SAME_NAME = {
    "api": {"contract", "sandbox"},
    "checks": {"", "sandbox.operations"},
    "exchange": {"", "sandbox"},
    "levers": {"contract", "targets"},
    "limits": {"sandbox", "transport"},
    "lookup": {"sandbox", "sandbox.operations"},
    "plan": {"live", "proof", "run"},
    "profiles": {"sandbox", "sandbox.operations"},
    "records": {"journal", "sandbox"},
    "renderers": {"", "report"},
    "replay": {"cli", "run"},
    "rerun": {"cli", "run"},
    "templates": {"sandbox", "sandbox.operations"},
    "verifications": {"contract", "sandbox.operations"},
    "worker": {"load.engine", "proof"},
}
"""Modules with one base name in these packages: the same kind of thing, once in each."""


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
        "src/verify_harness/load/client/connection.py",
        "src/verify_harness/sandbox/webhooks.py",
        "src/verify_harness/transport/http1.py",
    }


INSIDE = {
    "contracts/operations/test_generated_requests.py": {
        "verify_harness.contract.case_preparation",
        "verify_harness.contract.existing_objects",
        "verify_harness.contract.generated",
    },
    "contracts/sequences/test_sequences.py": {"verify_harness.contract.sequences.walking"},
    "contracts/webhooks/test_webhooks.py": {"verify_harness.spec"},
    "loadtests/locustfile.py": {"verify_harness.load", "verify_harness.errors"},
}
"""Content that is the door of an engine of ours, and what it opens."""


@pytest.mark.parametrize(
    "folder, surface",
    [
        ("contracts", "verify_harness.checks"),
        ("loadtests", "verify_harness.scenarios"),
    ],
)
def test_content_uses_the_public_surface_only(folder: str, surface: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        allowed = (surface, *INSIDE.get(path.relative_to(ROOT).as_posix(), ()))
        names = {name for name in imports_of(path) if name.startswith("verify_harness")}
        assert {name for name in names if not name.startswith(allowed)} == set(), path


def test_content_imports_the_package_and_never_the_reverse() -> None:
    assert importers(PACKAGE, "contracts", "loadtests") == set()


def test_sandbox_and_model_do_not_know_each_other() -> None:
    assert importers(PACKAGE / "sandbox", "verify_harness.model") == set()
    assert importers(PACKAGE / "model", "verify_harness.sandbox") == set()


def ours(path: Path) -> set[str]:
    """The first part of every name of ours that a file imports."""
    names = (name.split(".") for name in imports_of(path))
    return {parts[1] for parts in names if parts[0] == "verify_harness" and len(parts) > 1}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_lies_below(package: str) -> None:
    for path in (PACKAGE / package).rglob("*.py"):
        assert ours(path) <= MAY_IMPORT[package], path


@pytest.mark.parametrize("package", ABOVE)
def test_a_package_is_imported_only_from_above(package: str) -> None:
    users = importers(PACKAGE, f"verify_harness.{package}")
    folders = {name.removeprefix("src/verify_harness/").split("/")[0] for name in users}
    assert folders <= ABOVE[package]
    assert folders >= {"cli", package} - {"results"}, "nobody uses it: is the rule still about it?"


def test_unrelated_modules_have_different_names() -> None:
    places: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        if not path.stem.startswith("__"):
            folder = ".".join(path.relative_to(PACKAGE).parent.parts)
            places.setdefault(path.stem, set()).add(folder)
    shared = {name: found for name, found in places.items() if len(found) > 1}
    assert {name: found - SAME_NAME.get(name, set()) for name, found in shared.items()} == {
        name: set() for name in shared
    }


def test_only_the_plugin_layer_of_the_contract_checks_knows_pytest() -> None:
    layer = {"binding", "plugin", "progress", "selection", "session"}
    users = importers(PACKAGE / "contract", "pytest", "_pytest")
    assert users == {f"src/verify_harness/contract/{name}.py" for name in layer}


def test_schemathesis_stays_behind_its_adapter() -> None:
    assert importers(PACKAGE, "schemathesis") == {
        "src/verify_harness/contract/case_preparation.py",
        "src/verify_harness/contract/generated.py",
    }


@pytest.mark.parametrize(
    "module,forbidden",
    [
        ("verify_harness.cli", "locust"),
        ("verify_harness.cli", "schemathesis"),
        ("verify_harness.contract.session", "locust"),
        ("verify_harness.load.launcher", "gevent"),
        ("verify_harness.spec", "schemathesis"),
    ],
)
def test_a_process_does_not_import_what_it_must_not(module: str, forbidden: str) -> None:
    program = f"import sys, {module}; sys.exit({forbidden!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
