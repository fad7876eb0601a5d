"""Every fault of the table has a test that is there, or the reason why none is."""

import ast
from pathlib import Path

import msgspec
import pytest

from verify_harness import toml_files
from verify_harness.toml_files import Text

ROOT = Path(__file__).parents[2]


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    fault: Text
    shown_by: tuple[Text, ...] = ()
    not_shown: str = ""
    """Why it is not shown, or which part of it is not."""


FAULTS = toml_files.read_tables(Path(__file__).with_name("faults.toml"), Fault)


def test_every_row_is_there_in_order() -> None:
    assert list(FAULTS) == [f"F{number:02}" for number in range(1, 85)]


@pytest.mark.parametrize("name", FAULTS)
def test_a_row_is_shown_or_says_why_not(name: str) -> None:
    row = FAULTS[name]
    assert row.shown_by or row.not_shown
    for node in row.shown_by:
        file, _, function = node.partition("::")
        assert function in functions(ROOT / file), node


def functions(path: Path) -> set[str]:
    """The functions at the top of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
