"""Builds the documentation as a site: the pages of this folder, and a reference by the program.

`python docs/build.py DIRECTORY` writes DIRECTORY/pages, and DIRECTORY/site by Zensical.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from verify_harness import catalogue
from verify_harness.cli import cli
from verify_harness.exitcodes import ExitCode
from verify_harness.sandbox.faults import FAULTS

HERE = Path(__file__).parent
NAVIGATION = (
    ("Quick start", "index.md"),
    ("Contract checks in CI", "ci.md"),
    ("Load before a release", "release.md"),
    ("A staging system", "staging.md"),
    ("The live service", "live.md"),
    ("The sandbox in your tests", "own-tests.md"),
    ("Reading a report", "reports.md"),
    ("Adding to it", "extend.md"),
    ("How it works", "how-it-works.md"),
    ("Commands", "commands.md"),
    ("Requirements", "requirements.md"),
    ("Faults", "faults.md"),
)


def main(directory: Path) -> int:
    """Write the pages and build the site; the builder's exit code, which a warning makes 1."""
    shutil.rmtree(directory, ignore_errors=True)
    pages = directory / "pages"
    shutil.copytree(HERE, pages, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name, lines in (
        ("commands.md", commands()),
        ("requirements.md", requirements()),
        ("faults.md", faults()),
    ):
        (pages / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (directory / "zensical.toml").write_text("\n".join(settings()) + "\n", encoding="utf-8")
    builder = shutil.which("zensical", path=str(Path(".tools/bin").resolve()))
    if builder is None:
        sys.stdout.write(f"{pages} is written; `make tools` installs what builds the site\n")
        return 0
    return subprocess.run([builder, "build", "--strict"], cwd=directory, check=False).returncode


def settings() -> Iterator[str]:
    """Zensical's configuration."""
    yield "[project]"
    yield 'site_name = "verify-harness"'
    yield 'docs_dir = "pages"'
    yield "nav = ["
    yield from (f'  {{"{title}" = "{file}"}},' for title, file in NAVIGATION)
    yield "]"
    yield from ("[project.theme]", "font = false")  # nothing from elsewhere


def commands() -> Iterator[str]:
    """Every command with its whole help."""
    yield "# Commands"
    yield from ("", "The exit codes of all:", "", "| code | meaning |", "|---|---|")
    yield from (f"| {int(code)} | {code.name.lower().replace('_', ' ')} |" for code in ExitCode)
    for name, command in _below(cli, ()):
        context = click.Context(command, info_name=f"verify-harness {name}", terminal_width=100)
        yield from ("", f"## {name}", "", "```text", command.get_help(context), "```")


def _below(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _below(command, (*path, name))
        elif command is not None:
            yield " ".join((*path, name)), command


def requirements() -> Iterator[str]:
    """The catalogue, by area."""
    found = catalogue.load().values()
    yield "# Requirements"
    yield from (
        "",
        f"{len(found)} sentences about the API, each with its source (`contract explain`).",
    )
    area = ""
    for item in found:
        if item.area != area:
            area = item.area
            yield from ("", f"## {area}", "", "| id | what has to hold | basis |", "|---|---|---|")
        yield f"| {item.id} | **{_cell(item.title)}.** {_cell(item.statement)} | {item.basis} |"


def faults() -> Iterator[str]:
    """Every fault of the sandbox, by the requirement that it breaks."""
    yield "# Faults"
    yield from (
        "",
        f"`sandbox --fault ID` turns one on; `prove` turns on each of the {len(FAULTS)}.",
    )
    yield from ("", "| id | breaks | harm |", "|---|---|---|")
    for fault in sorted(FAULTS.values(), key=lambda each: (each.breaks, each.id)):
        yield f"| {fault.id} | {fault.breaks} | {_cell(fault.harm)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("{{", "{ {").rstrip(".")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
