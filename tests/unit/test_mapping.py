"""The mapping: every rule, idea and check we know has a requirement or a reason, and vice versa."""

import re
import tomllib
from functools import cache
from typing import Any

import pytest

from verify_harness import catalogue, content

IDEAS = {"A": 18, "B": 8, "C": 8, "D": 12, "E": 14, "F": 7, "G": 6, "H": 8, "I": 1, "J": 4, "K": 2}
"""How many seeded defects each letter has."""
CHECKS = 40
SECTIONS = (
    *("1", "1.1", "1.2", "1.3"),
    *("2", *(f"2.{part}" for part in range(1, 12))),
    *(f"3.{part}" for part in range(1, 17)),
    *("4", "4.1", "4.2", "4.3"),
)
"""The sections of the fact sheet that hold rules."""
KINDS = ("facts", "ideas", "checks")


@cache
def mapping() -> dict[str, Any]:
    """The file; its parser refuses a key that is there twice."""
    return tomllib.loads((content.specs() / "mapping.toml").read_text(encoding="utf-8"))


def rows() -> list[tuple[str, dict[str, Any]]]:
    return [row for kind in KINDS for row in mapping()[kind].items()]


def named(row: dict[str, Any]) -> list[str]:
    """The requirements of a row."""
    found = row.get("requirement", [])
    return [found] if isinstance(found, str) else list(found)


@pytest.mark.parametrize("key, row", rows(), ids=[key for key, _ in rows()])
def test_a_row_answers_in_one_way(key: str, row: dict[str, Any]) -> None:
    assert row.keys() in ({"rule", "requirement"}, {"rule", "reason"}), key
    assert row["rule"].strip()
    assert named(row) or row["reason"].strip()
    assert len(set(named(row))) == len(named(row))


def test_every_requirement_that_is_named_exists() -> None:
    known = set(catalogue.load())
    missing = {key: each for key, row in rows() for each in named(row) if each not in known}
    assert missing == {}
    assert set(mapping()["without-a-row"]) <= known


def test_no_key_is_used_in_two_tables() -> None:
    keys = [key for key, _ in rows()]
    assert len(set(keys)) == len(keys)


def test_all_88_ideas_are_there() -> None:
    wanted = {f"{letter}{number + 1}" for letter, count in IDEAS.items() for number in range(count)}
    assert mapping()["ideas"].keys() == wanted


def test_all_40_checks_are_there() -> None:
    assert mapping()["checks"].keys() == {f"S{number + 1:02d}" for number in range(CHECKS)}


@pytest.mark.parametrize("section", SECTIONS)
def test_a_sections_rules_are_counted_from_one(section: str) -> None:
    found = [
        int(match[1])
        for key in mapping()["facts"]
        if (match := re.fullmatch(rf"facts-{re.escape(section)}-(\d+)", key))
    ]
    assert found == list(range(1, len(found) + 1))
    assert found


def test_no_rule_is_in_a_section_that_does_not_exist() -> None:
    assert {key.split("-")[1] for key in mapping()["facts"]} == set(SECTIONS)


def test_every_requirement_is_reached_by_a_row_or_says_why_not() -> None:
    reached = {each for _, row in rows() for each in named(row)}
    alone = set(mapping()["without-a-row"])
    assert reached | alone == set(catalogue.load())
    assert not reached & alone
    assert all(reason.strip() for reason in mapping()["without-a-row"].values())
