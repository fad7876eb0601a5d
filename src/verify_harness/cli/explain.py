"""Prints the catalogue: as a table, as JSON, or one entry in full."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import fill, wrap

import msgspec

from verify_harness import catalogue, sources
from verify_harness.catalogue import Requirement
from verify_harness.contract import suite
from verify_harness.results.figures import plural
from verify_harness.sandbox.faults import FAULTS, Fault

_WIDTH = 96
_WHY = {
    "documented": "documented: the vendor's documents say so",
    "standard": "standard: the rules of HTTP and JSON that the API builds on",
    "security": "security: breaking it does harm, whatever the documents say",
    "chosen": "chosen: undocumented; our own choice, judged only where a target announces it",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A requirement with the checks that judge it and the faults that break it."""

    requirement: Requirement
    checks: tuple[suite.Place, ...]
    faults: tuple[Fault, ...]


def entries(selected: tuple[str, ...] = ()) -> list[Entry]:
    """The entries that match an id or an area; all of them without a selection."""
    places = suite.checks()
    wanted = {name.upper().removeprefix("VFY-") for name in selected}
    return [
        Entry(item, places.get(item.id, ()), _breaking(item.id))
        for item in catalogue.load().values()
        if not wanted or wanted & {item.area, item.id.removeprefix("VFY-")}
    ]


def _breaking(requirement: str) -> tuple[Fault, ...]:
    return tuple(fault for fault in FAULTS.values() if fault.breaks == requirement)


def as_table(found: list[Entry]) -> str:
    """One line for each requirement: id, basis, checks, faults, title, levers."""
    lines = [f"{'id':<14}{'basis':<12}{'checks':>6}{'faults':>8}  title"]
    for entry in found:
        item = entry.requirement
        levers = f"  (needs {', '.join(item.levers)})" if item.levers else ""
        counts = f"{len(entry.checks):>6}{len(entry.faults):>8}"
        lines.append(f"{item.id:<14}{item.basis:<12}{counts}  {item.title}{levers}")
    return "\n".join([*lines, "", plural(len(found), "requirement")])


def as_json(found: list[Entry]) -> str:
    """All fields of the entries as JSON."""
    return json.dumps(
        [
            {
                "id": entry.requirement.id,
                **msgspec.to_builtins(entry.requirement),
                "area": entry.requirement.area,
                "checks": [str(place) for place in entry.checks],
                "faults": [fault.id for fault in entry.faults],
            }
            for entry in found
        ],
        indent=1,
    )


def explained(entry: Entry) -> str:
    """One requirement in full."""
    item = entry.requirement
    lines = [
        f"{item.id}  {item.title}",
        "",
        fill(item.statement, _WIDTH),
        "",
        f"why      {_WHY[item.basis]}; broken, it counts as {item.severity}",
        *_listed("source", _opened(item.sources)),
        *_listed("needs", item.levers),
        *_listed("check", map(str, entry.checks)),
        *_listed("fault", (f"{fault.id}: {fault.harm}" for fault in entry.faults)),
        "",
        f"run it   verify-harness contract run {item.id}",
    ]
    if entry.faults:
        lines.append(f"see it fail   verify-harness prove --fault {entry.faults[0].id}")
    return "\n".join(lines)


def _opened(citations: Iterable[str]) -> Iterator[str]:
    """Of each citation what it says, then where to read it."""
    for source in map(sources.resolve, citations):
        yield from wrap(source.text, _WIDTH - 9)
        if source.url:
            yield source.url


def _listed(name: str, values: Iterable[str]) -> list[str]:
    return [f"{name if not at else '':<9}{value}" for at, value in enumerate(values)]
