"""What the documents say is what the program does."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from verify_harness.cli import cli
from verify_harness.exitcodes import ExitCode

ROOT = Path(__file__).parents[2]
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for folder in (".", "docs", "deploy", "loadtests")
    for path in sorted((ROOT / folder).glob("*.md"))
    if path.name != "CHANGELOG.md"
}


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its whole name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        here = (*path, name)
        command = group.get_command(context, name)
        assert command is not None
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
    silent = [
        item.name for item in options if not (item.help or item.hidden or "help" in item.opts)
    ]
    assert silent == []


def written(pattern: str) -> list[str]:
    """The distinct matches in all documents; there is at least one, or the pattern is stale."""
    found = {each for text in DOCUMENTS.values() for each in re.findall(pattern, text)}
    assert found
    return sorted(found)


@pytest.mark.parametrize("line", written(r"verify-harness ((?:[a-z]+|--[a-z])[^`\n|]*)"))
def test_a_command_and_its_options_exist(line: str) -> None:
    words = re.sub(r"^--(?:version|config \S+) ?", "", line).split()
    if not words:
        return
    command: click.Command = cli
    while isinstance(command, click.Group):
        assert words, f"{command.name} needs a subcommand"
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None, f"{line} names a command that does not exist"
        command = found
    known = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("target", written(r"(?:\$ |`)make ([a-z-]+)"))
def test_a_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", DOCUMENTS[name]):
        assert (ROOT / name).parent.joinpath(link).exists(), link


def test_every_page_is_found_from_the_quick_start() -> None:
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert pages <= set(re.findall(r"\]\(([\w-]+\.md)\)", DOCUMENTS["docs/index.md"]))


def test_the_readme_fits_on_a_screen_and_names_every_exit_code() -> None:
    readme = DOCUMENTS["README.md"]
    assert len(readme.splitlines()) <= 65
    for code in (code for code in ExitCode if code < 100):
        assert re.search(rf"\b{int(code)} \w+", readme), code
