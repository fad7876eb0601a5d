"""Overlay actions: where they reach, how they merge, and what they refuse."""

from typing import Any

import pytest

from verify_harness.errors import SpecError
from verify_harness.spec.overlay import apply


def _document() -> dict[str, Any]:
    return {"a": {"b": {"c/d": [{"x": 1}, {"x": 2}]}}, "list": [1], "text": "old"}


def _overlay(target: str, update: Any) -> dict[str, Any]:
    return {"overlay": "1.0.0", "actions": [{"target": target, "update": update}]}


@pytest.mark.parametrize("target", ["$.a.b['c/d'][1]", "$['a'][\"b\"]['c/d'][1]"])
def test_a_target_reaches_through_names_and_indexes(target: str) -> None:
    changed = apply(_document(), _overlay(target, {"x": 3}))
    assert changed["a"]["b"]["c/d"] == [{"x": 1}, {"x": 3}]


def test_mappings_merge_lists_grow_and_the_rest_is_replaced() -> None:
    update = {"a": {"new": 1}, "list": [2], "text": "new"}
    changed = apply(_document(), _overlay("$", update))
    assert changed["a"] == {**_document()["a"], "new": 1}
    assert changed["list"] == [1, 2]
    assert changed["text"] == "new"


def test_a_list_as_target_takes_the_update_as_one_more_item() -> None:
    assert apply(_document(), _overlay("$.list", {"x": 1}))["list"] == [1, {"x": 1}]


def test_actions_are_done_in_order() -> None:
    overlay = {
        "overlay": "1.0.0",
        "actions": [
            {"target": "$.a", "update": {"added": {}}},
            {"target": "$.a.added", "update": {"x": 1}, "description": "why"},
        ],
    }
    assert apply(_document(), overlay)["a"]["added"] == {"x": 1}


def test_neither_the_document_nor_the_overlay_is_changed() -> None:
    document, overlay = _document(), _overlay("$.a", {"new": {"x": []}})
    apply(document, overlay)["a"]["new"]["x"].append(1)
    assert document == _document()
    assert overlay == _overlay("$.a", {"new": {"x": []}})


@pytest.mark.parametrize("target", ["$.gone", "$.list[1]", "$.text.x", "$.a['b']['c/d'].x"])
def test_a_target_that_matches_nothing_is_refused(target: str) -> None:
    with pytest.raises(SpecError, match=r"/actions/0: .* matches nothing"):
        apply(_document(), _overlay(target, {}))


@pytest.mark.parametrize("target", ["", "a.b", "$..b", "$.*", "$.a[?(@.b)]", "$.a["])
def test_a_target_beyond_the_subset_is_refused(target: str) -> None:
    with pytest.raises(SpecError, match="not a target of the form"):
        apply(_document(), _overlay(target, {}))


@pytest.mark.parametrize(
    "overlay",
    [
        {},
        {"overlay": "2.0.0", "actions": [{"target": "$", "update": {}}]},
        {"overlay": "1.0.0"},
        {"overlay": "1.0.0", "actions": []},
        {"overlay": "1.0.0", "actions": ["x"]},
        {"overlay": "1.0.0", "actions": [{"target": "$.a"}]},
        {"overlay": "1.0.0", "actions": [{"target": "$.a", "remove": True}]},
        {"overlay": "1.0.0", "actions": [{"target": "$.text", "update": {}}]},
        {"overlay": "1.0.0", "actions": [{"target": "$.a", "update": 1}]},
    ],
)
def test_anything_but_updates_of_version_1_is_refused(overlay: dict[str, Any]) -> None:
    with pytest.raises(SpecError):
        apply(_document(), overlay)
