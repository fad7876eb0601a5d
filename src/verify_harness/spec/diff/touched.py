"""Which requirements a change of the contract touches."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from verify_harness import catalogue
from verify_harness.spec.diff.change import Difference
from verify_harness.spec.document import bundled_spec

STATUS, SCHEMA, MEDIA_TYPE = "VFY-SPEC-001", "VFY-SPEC-002", "VFY-SPEC-003"
REFUSED, ACCEPTED = "VFY-SPEC-005", "VFY-SPEC-006"
"""The requirements that are judged by the document itself."""


def requirements_of(found: Difference, operations: Iterable[str]) -> tuple[str, ...]:
    """By the document's own requirements, and by those that name the member that changed."""
    ours = {each.operation_id for each in bundled_spec().operations}
    if ours.isdisjoint(operations):
        return ()
    return tuple(dict.fromkeys([*_by_document(found), *_by_name(found.place)]))


def _by_document(found: Difference) -> Iterator[str]:
    if found.direction == "request":
        yield from (REFUSED, ACCEPTED)
    elif found.place.rpartition(" ")[0].endswith("status"):
        yield STATUS
    elif "/" in found.place.rpartition(" ")[2]:
        yield MEDIA_TYPE
    else:
        yield SCHEMA


def _by_name(place: str) -> Iterator[str]:
    """Requirements whose words, or whose sources, name the member as a whole word."""
    member = re.split(r"[.\s]", place.replace("[]", "").partition("(")[0])[-1]
    if "_" in member:  # a plain word such as `status` or `code` says nothing
        yield from (name for name, words in _words().items() if member in words)


@cache
def _words() -> dict[str, frozenset[str]]:
    return {
        each.id: frozenset(re.findall(r"\w+", f"{each.title} {each.statement}"))
        for each in catalogue.load().values()
    }
