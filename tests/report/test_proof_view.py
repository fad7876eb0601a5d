"""The page of a proof: every fault with its outcome, and in a matrix who sees which."""

import re

import pytest

from tests.report.journals import Journal
from verify_harness.report import known_formats
from verify_harness.results import build_view


def judged(journal: Journal, name: str, breaks: str, by: list[str], *, matrix: bool) -> None:
    fault = {"id": name, "breaks": breaks, "area": "code", "layer": "rules", "harm": "x"}
    fields = {"checks": 1, "requests": 2, "seconds": 1.5, "replay": "prove it"}
    journal.line("fault-judged", fault=fault, caught=bool(by), by=by, matrix=matrix, **fields)


def page(*, matrix: bool) -> str:
    told = Journal().start()
    judged(told, "one", "VFY-CODE-004", ["VFY-CODE-004", "VFY-LIFE-009"], matrix=matrix)
    judged(told, "two", "VFY-CODE-002", ["VFY-LIFE-009"], matrix=matrix)
    judged(told, "three", "VFY-CODE-001", [], matrix=matrix)
    return known_formats()["html"].render(build_view(told.finish().lines))


def test_a_matrix_shows_who_sees_which_fault() -> None:
    shown = page(matrix=True)
    cells = re.findall(r'<rect class="(own|also)"[^>]*><title>([^<]*)</title>', shown)
    assert sorted(cells) == [
        ("also", "one: VFY-LIFE-009"),
        ("also", "two: VFY-LIFE-009"),
        ("own", "one: VFY-CODE-004"),
    ]


def test_a_proof_that_stops_at_the_first_alarm_has_no_matrix() -> None:
    assert 'class="matrix"' not in page(matrix=False)


@pytest.mark.parametrize("name, word", [("one", "caught"), ("three", "missed")])
def test_the_outcome_of_a_fault_is_a_word_of_its_own(name: str, word: str) -> None:
    row = re.search(rf'<tr id="fault-{name}">.*?</td>', page(matrix=False), re.DOTALL)
    assert row is not None
    assert f"</i>{word}</span>" in row[0]
