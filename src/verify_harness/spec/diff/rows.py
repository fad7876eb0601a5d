"""One row for each change, however many operations it concerns."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from verify_harness.spec.alignment import shape
from verify_harness.spec.diff.change import Difference, Direction, Kind, Side
from verify_harness.spec.diff.operation_pairs import WEBHOOK, Key, compare_operations
from verify_harness.spec.diff.touched import requirements_of
from verify_harness.spec.document import bundled_spec
from verify_harness.spec.references import objects

_PROSE = ("title", "summary", "description")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A change, and what it means for who was right by the older document."""

    callers: Kind
    service: Kind
    direction: Direction
    place: str
    text: str
    operations: tuple[str, ...]
    requirements: tuple[str, ...]

    def breaks(self, side: Side) -> bool:
        """Whether the change breaks that side."""
        return (self.callers if side == "callers" else self.service) == "breaking"


class Diff(msgspec.Struct, frozen=True, kw_only=True):
    """The changes from one document to another; those that break callers first."""

    rows: tuple[Row, ...]
    texts: tuple[str, ...]
    """Titles, summaries and descriptions that only the newer document has."""
    foreign: int = 0
    """Changed operations of other APIs in two documents that have the Verify API; no rows."""


def diff(old: Mapping[str, Any], new: Mapping[str, Any]) -> Diff:
    """Compare two documents whose references have been checked."""
    names = _names(old, new)
    concerned: dict[Difference, list[str]] = {}
    foreign: set[Key] = set()
    for key, found in compare_operations(old, new):
        if _is_ours(old) and _is_ours(new) and not _is_near(key):
            foreign.add(key)
            continue
        where = found if found.shared else found._replace(place=_placed(names[key], found.place))
        operations = concerned.setdefault(where, [])
        if names[key] not in operations:
            operations.append(names[key])
    rows = (_row(found, operations) for found, operations in concerned.items())
    return Diff(
        rows=tuple(sorted(rows, key=_order)),
        texts=tuple(_new_texts(old, new)),
        foreign=len(foreign),
    )


@cache
def _roots() -> frozenset[str]:
    """The first steps of our paths: what stands below them is the Verify API's, also if new."""
    return frozenset(each.path.split("/")[1] for each in bundled_spec().operations)


def _is_near(key: Key) -> bool:
    return key[0] == WEBHOOK or not _roots().isdisjoint(key[1].split("/"))


def _is_ours(document: Mapping[str, Any]) -> bool:
    """Whether a document describes the Verify API, perhaps among others."""
    return any(_is_near(("", path)) for path in document.get("paths") or {})


def _row(found: Difference, operations: list[str]) -> Row:
    return Row(
        callers=found.meaning.callers,
        service=found.meaning.service,
        direction=found.direction,
        place=found.place,
        text=found.text + _slip(found),
        operations=tuple(operations),
        requirements=requirements_of(found, operations),
    )


def _slip(found: Difference) -> str:
    """What is known of a change that is a mistake of the published documents (facts.md#c22)."""
    member = found.place.rpartition(".")[2]
    if member == "code" and found.text == "type string became integer":
        return " (a slip of the vendor's published documents, facts C22; text is still taken)"
    return ""


def _order(row: Row) -> tuple[bool, bool, str, str]:
    return not row.breaks("callers"), not row.breaks("service"), row.place, row.text


def _placed(operation: str, place: str) -> str:
    return f"{operation} {place}".strip()


def _names(old: Mapping[str, Any], new: Mapping[str, Any]) -> "_Names":
    names = _Names()
    for document in (old, new):
        for path, item in (document.get("paths") or {}).items():
            for method, node in item.items() if isinstance(item, dict) else ():
                if isinstance(node, dict) and node.get("operationId"):
                    names[method.upper(), shape(path)] = str(node["operationId"])
    names |= {
        (each.method, shape(each.path)): each.operation_id for each in bundled_spec().operations
    }
    return names


class _Names(dict[Key, str]):
    """The operations' ids: ours, else the document's, else method and path."""

    def __missing__(self, key: Key) -> str:
        method, path = key
        tails = ("/" + rest for rest in _tails(path))
        return next((self[method, tail] for tail in tails if (method, tail) in self), " ".join(key))


def _tails(path: str) -> Iterator[str]:
    """What is left of a path when its first steps, such as a version, are taken away."""
    steps = path.strip("/").split("/")
    yield from ("/".join(steps[start:]) for start in range(1, len(steps)))


def _new_texts(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[str]:
    return sorted((Counter(_texts(new)) - Counter(_texts(old))).elements())


def _texts(document: Mapping[str, Any]) -> Iterator[str]:
    for _, node in objects(document):
        yield from (node[key] for key in _PROSE if isinstance(node.get(key), str))
