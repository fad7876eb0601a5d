"""What is installed with the package: few packages, each with its hashes, in one bill."""

import json
from typing import Any

from bench.supply_chain import ROOT, bill_of_materials, closure, read

MOST_PACKAGES = 75


def test_few_packages_come_with_this_one() -> None:
    assert 20 < len(closure(read())) <= MOST_PACKAGES


def test_the_bill_names_each_of_them_with_hashes() -> None:
    packages = read()
    bill = bill_of_materials(packages)
    assert json.dumps(bill) == json.dumps(bill_of_materials(read()))
    components = {each["name"]: each for each in bill["components"]}
    assert tuple(components) == closure(packages)
    for each in components.values():
        assert each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}"
        hashes = [h["content"] for file in each["externalReferences"] for h in file["hashes"]]
        assert hashes
        assert {len(content) for content in hashes} == {64}


def test_every_edge_leads_to_a_component() -> None:
    bill = bill_of_materials(read())
    known = {each["bom-ref"] for each in bill["components"]}
    edges = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    assert {below for each in edges.values() for below in each} <= known
    assert edges.keys() - known == {bill["metadata"]["component"]["bom-ref"]}


def test_a_package_of_an_extra_counts() -> None:
    lock: dict[str, dict[str, Any]] = {
        ROOT: {"dependencies": [{"name": "a", "extra": ["x"]}]},
        "a": {"optional-dependencies": {"x": [{"name": "b"}], "y": [{"name": "c"}]}},
        "b": {"dependencies": [{"name": "a"}]},
        "c": {},
    }
    assert closure(lock) == ("a", "b")
