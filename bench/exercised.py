"""What a run exercised of each requirement: on which channels, in which ways, on which lists.

Run `python -m bench.exercised RUN_DIRECTORY`: a Markdown table of the run's journal, and exit
status 1 if a requirement leaves a place out for no reason given in `specs/exercised.toml`.
"""

import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verify_harness import bundled, catalogue
from verify_harness.contract.api import TRIGGERS

CHANNELS = {operation: channel for channel, operation in TRIGGERS.items()}
WAYS = {
    "VerifyVerificationCodeById": "by id",
    "VerifyVerificationCodeByPhoneNumber": "by number",
}
LISTS = {
    "ListProfiles": "profiles",
    "ListVerifications": "verifications",
    "ListProfileMessageTemplates": "templates",
}
PLACES: Mapping[str, str] = {**CHANNELS, **WAYS, **LISTS}
"""The place that a request to an operation exercises."""
EVERY_LIST = frozenset({"LIST", "AUTH", "ERR", "HTTP", "ISO", "RATE", "SPEC"})
"""Areas whose requirements concern every list; others only look something up in one."""

Exercised = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Excuse:
    """Why requirements leave places out."""

    requirements: tuple[str, ...]
    places: tuple[str, ...]
    reason: str


def exercised(journal: Iterable[Mapping[str, Any]]) -> Exercised:
    """The places that the checks of each requirement sent requests to."""
    places: defaultdict[str, set[str]] = defaultdict(set)
    judged: dict[str, list[str]] = {}
    for line in journal:
        if line["kind"] == "check-started":
            judged[line["check"]] = line["requirements"]
        elif line["kind"] == "exchange" and (place := PLACES.get(line["operation_id"])):
            places[line["check"]].add(place)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for check, requirements in judged.items():
        for requirement in requirements:
            found[requirement] |= places[check]
    return {name: frozenset(seen) for name, seen in found.items()}


def excuses(path: Path | None = None) -> tuple[Excuse, ...]:
    """The reasons of `specs/exercised.toml`."""
    text = (path or bundled.specs() / "exercised.toml").read_text(encoding="utf-8")
    return tuple(
        Excuse(tuple(row["requirements"]), tuple(row["places"]), row["reason"])
        for row in tomllib.loads(text)["excuse"]
    )


def holes(requirement: str, seen: frozenset[str]) -> frozenset[str]:
    """The places that a requirement leaves out, of the kinds of places that it is about."""
    kinds = [CHANNELS.values(), WAYS.values()]
    if requirement.split("-")[1] in EVERY_LIST:
        kinds.append(LISTS.values())
    concerned = [frozenset(kind) for kind in kinds if seen & frozenset(kind)]
    return frozenset().union(*concerned) - seen


def unexplained(table: Exercised, known: Iterable[Excuse]) -> Iterator[str]:
    """Holes that nobody explains, and explanations of what is no hole."""
    explained = {
        (requirement, place)
        for each in known
        for requirement in each.requirements
        for place in each.places
    }
    open_holes = {(name, place) for name, seen in table.items() for place in holes(name, seen)}
    yield from (f"{name} is not exercised on {place}" for name, place in open_holes - explained)
    yield from (f"{name} needs no reason for {place}" for name, place in explained - open_holes)


def as_markdown(table: Exercised, known: Iterable[Excuse]) -> str:
    """One row for each requirement; a number instead of a mark stands for a reason below."""
    reasons = tuple(known)
    columns = [*CHANNELS.values(), *WAYS.values(), *LISTS.values()]
    head = [f"| requirement | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    rows = [
        f"| {name} | {' | '.join(_cell(name, seen, place, reasons) for place in columns)} |"
        for name in catalogue.load()
        if (seen := table.get(name)) is not None
    ]
    notes = [f"{number}. {each.reason}" for number, each in enumerate(reasons, 1)]
    return "\n".join([*head, *rows, "", *notes, ""])


def _cell(name: str, seen: frozenset[str], place: str, reasons: tuple[Excuse, ...]) -> str:
    if place in seen:
        return "●"
    numbers = (
        str(number)
        for number, each in enumerate(reasons, 1)
        if name in each.requirements and place in each.places
    )
    return next(numbers, "**hole**" if place in holes(name, seen) else "")


def read(directory: Path) -> Iterator[dict[str, Any]]:
    """The lines of a run's journal."""
    for line in (directory / "journal.ndjson").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def main(directory: str) -> int:
    """Print the table of a run and what is wrong with it."""
    table, known = exercised(read(Path(directory))), excuses()
    print(as_markdown(table, known))
    wrong = sorted(unexplained(table, known))
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
