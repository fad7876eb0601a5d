"""What the documents tell people to type and to open exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from verify_harness.cli import cli

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")


def _written(pattern: str) -> Iterator[str]:
    for name in DOCUMENTS:
        yield from re.findall(pattern, (ROOT / name).read_text())


COMMANDS = sorted(set(_written(r"verify-harness ((?:[a-z]+|--[a-z])[^`\n|]*)")))
TARGETS = sorted(set(_written(r"(?:\$ |`)make ([a-z-]+)")))
LINKS = sorted(set(_written(r"\]\((?!https?:)([^)#]+)\)")))


@pytest.mark.parametrize("written", COMMANDS)
def test_a_command_and_its_options_exist(written: str) -> None:
    words = written.split()
    command: click.Command = cli
    while isinstance(command, click.Group):
        assert words, f"{command.name} needs a subcommand"
        command = command.commands[words.pop(0)]
    known = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("target", TARGETS)
def test_a_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("link", LINKS)
def test_a_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_the_documents_were_read() -> None:
    assert len(COMMANDS) >= 5
    assert len(TARGETS) >= 2
    assert len(LINKS) >= 4
