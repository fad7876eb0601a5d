"""The pages of docs/ are executed: files as they are shown, commands in their order.

A block that begins with a path in a comment is written there. A console block is run: `$ command`,
with `# exit N` where it has to fail, then what its output must hold, whatever the numbers are.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy.processes import free_ports
from tests.program import environment

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACED = re.compile(r"\A# ([\w./-]+\.(?:py|toml))\n")
PAGES = sorted(path.name for path in DOCS.glob("*.md") if "```console" in path.read_text())


@dataclass(frozen=True)
class Step:
    """A command of a page: how it has to end, and what it has to say."""

    command: str
    code: int
    says: tuple[str, ...]


def steps(text: str) -> Iterator[Step]:
    """The commands of one block."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        first, *says = part.rstrip("\n").split("\n")
        wanted = re.search(r"# exit (\d+)$", first)
        yield Step(first, int(wanted[1]) if wanted else 0, tuple(filter(None, says)))


def masked(text: str) -> str:
    """A text without what differs between two runs."""
    return re.sub(r"[\d\u202f ]+", "#", text)


def script(page: Path, port: str) -> tuple[str, list[Step]]:
    """The page as one shell script that marks where each command ends."""
    lines, found = [], []
    for language, text in BLOCK.findall(page.read_text().replace("8080", port)):
        if placed := PLACED.match(text):
            lines.append(f"mkdir -p $(dirname {placed[1]}) && cat > {placed[1]} <<'END'\n{text}END")
        elif language == "console":
            for step in steps(text):
                found.append(step)
                lines.append(step.command)
                lines.append('code=$?; echo; echo "::ended $code"')
                if step.command.endswith("&"):
                    there = f"curl -s -o /dev/null http://127.0.0.1:{port}/_sandbox"
                    lines.append(f"until {there}; do sleep 0.1; done")
    return "\n".join([*lines, "kill $(jobs -p) 2>/dev/null; wait"]), found


@pytest.mark.long
@pytest.mark.parametrize("name", PAGES)
def test_a_page_does_what_it_says(name: str, tmp_path: Path) -> None:
    (port,) = free_ports(8080).values()
    text, wanted = script(DOCS / name, port)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        ["bash", "-c", text],
        cwd=tmp_path,
        env=environment(PATH=path, PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    parts = re.split(r"\n::ended (\d+)\n", ended.stdout)
    outputs, codes = parts[0::2], [int(code) for code in parts[1::2]]
    assert len(codes) == len(wanted), ended.stdout
    for step, output, code in zip(wanted, outputs, codes, strict=False):
        assert code == step.code, f"{step.command}\n{output}"
        for line in step.says:
            assert masked(line) in masked(output), f"{step.command}\n{output}"


def test_pages_that_show_commands_are_known() -> None:
    assert {"index.md", "ci.md", "release.md", "staging.md", "extend.md"} <= set(PAGES)
