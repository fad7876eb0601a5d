"""What the documents say is what the program does."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from verify_harness.cli import cli
from verify_harness.exitcodes import ExitCode

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its whole name."""
    for name, command in group.commands.items():
        here = (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, here)
        else:
            yield " ".join(here), command


COMMANDS = dict(commands(cli))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does_and_gives_an_example(name: str) -> None:
    text = COMMANDS[name].help or ""
    assert text.strip()
    assert f"verify-harness {name}" in text or name == "check"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_text(name: str) -> None:
    options = [item for item in COMMANDS[name].params if isinstance(item, click.Option)]
    silent = [item.name for item in options if not item.help and "help" not in item.opts]
    assert silent == []


def test_every_command_in_the_readme_exists() -> None:
    named = re.findall(r"verify-harness ([a-z]+(?: [a-z]+)?)", README)
    assert named
    for words in named:
        first = words.split()[0]
        assert words in COMMANDS or first in COMMANDS or first in cli.commands, words


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.MULTILINE))
    for document in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"):
        named = set(re.findall(r"(?:\$ |`)make ([a-z-]+)", (ROOT / document).read_text()))
        assert named <= targets, document


def test_the_readme_fits_on_a_screen_and_names_every_exit_code() -> None:
    assert len(README.splitlines()) <= 80
    for code in (code for code in ExitCode if code < 100):
        assert re.search(rf"\b{int(code)} \w+", README), code


def test_every_relative_link_leads_somewhere() -> None:
    for document in ROOT.glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (ROOT / target).exists(), f"{document.name}: {target}"
