"""The mapping: every fact, idea and check we know has a requirement or a reason why none."""

import tomllib
from functools import cache
from typing import Any

import pytest

from verify_harness import bundled, catalogue, sources

IDEAS = {"A": 18, "B": 8, "C": 8, "D": 12, "E": 14, "F": 7, "G": 6, "H": 8, "I": 1, "J": 4, "K": 2}
"""How many seeded defects each letter has."""
CHECKS = 40
KINDS = ("facts", "ideas", "checks")


@cache
def mapping() -> dict[str, Any]:
    """The file; its parser refuses a key that is there twice."""
    return tomllib.loads((bundled.specs() / "mapping.toml").read_text(encoding="utf-8"))


def rows() -> list[tuple[str, dict[str, Any]]]:
    return [row for kind in KINDS for row in mapping()[kind].items()]


def named(row: dict[str, Any]) -> list[str]:
    """The requirements of a row."""
    found = row.get("requirement", [])
    return [found] if isinstance(found, str) else list(found)


@pytest.mark.parametrize("key, row", rows(), ids=[key for key, _ in rows()])
def test_a_row_answers_in_one_way(key: str, row: dict[str, Any]) -> None:
    said_by_its_fact = set() if key in mapping()["facts"] else {"rule"}
    assert row.keys() - said_by_its_fact in ({"requirement"}, {"reason"}), key
    assert row.keys() >= said_by_its_fact
    assert named(row) or row["reason"].strip()
    assert len(set(named(row))) == len(named(row))


def test_every_requirement_that_is_named_exists() -> None:
    known = set(catalogue.load())
    missing = {key: each for key, row in rows() for each in named(row) if each not in known}
    assert missing == {}


def test_no_key_is_used_in_two_tables() -> None:
    keys = [key for key, _ in rows()]
    assert len(set(keys)) == len(keys)


def test_all_88_ideas_are_there() -> None:
    wanted = {f"{letter}{number + 1}" for letter, count in IDEAS.items() for number in range(count)}
    assert mapping()["ideas"].keys() == wanted


def test_all_40_checks_are_there() -> None:
    assert mapping()["checks"].keys() == {f"S{number + 1:02d}" for number in range(CHECKS)}


def test_every_fact_is_a_requirements_source_or_has_a_row() -> None:
    cited = {
        citation.removeprefix("facts.md#")
        for requirement in catalogue.load().values()
        for citation in requirement.sources
    }
    rows_of_facts = set(mapping()["facts"])
    assert rows_of_facts | (cited & set(sources.facts())) == set(sources.facts())
    assert not rows_of_facts & cited
