"""A check that ends: what it leaves behind never takes the other checks with it."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from verify_harness.contract.check import Check, NoAnswer, running
from verify_harness.errors import NoVerdict
from verify_harness.journal.records import Note


class _Notes:
    """A journal that keeps what is written."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def write(self, note: Note) -> None:
        self.messages.append(note.message)


@pytest.mark.parametrize("gone", [NoAnswer("refused"), NoVerdict("gone")])
def test_a_target_that_is_gone_at_the_clean_up_is_noted(gone: Exception) -> None:
    done, notes = [], _Notes()

    def fails() -> None:
        raise gone

    steps: Any = [lambda: done.append("first"), fails]
    check = cast("Check", SimpleNamespace(id="a check", clean_up=steps, journal=notes, forgive=int))
    with running(check):
        pass
    assert done == ["first"]
    assert notes.messages == [f"a check left something behind: {gone}"]
