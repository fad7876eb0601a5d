"""A comparison of two documents as text for a terminal."""

from collections.abc import Iterator

from verify_harness.sanitize import visible
from verify_harness.spec.diff.change import Side
from verify_harness.spec.diff.rows import Diff, Row

_NAMED = 3
"""How many operations a row names before it only counts."""


def as_text(found: Diff, side: Side, *, texts: bool) -> str:
    """A line that counts, then a paragraph for each change, those that break `side` first."""
    lines = [_counts(found, side)]
    for row in sorted(found.rows, key=lambda row: not row.breaks(side)):
        lines += ["", *_paragraph(row, side)]
    if found.foreign:
        lines += ["", f"of other APIs in both documents: {found.foreign} changed, not compared"]
    if texts and found.texts:
        lines += ["", "texts that are new:", *(f"  {visible(text)}" for text in found.texts)]
    return "\n".join(lines) + "\n"


def _counts(found: Diff, side: Side) -> str:
    breaking = sum(row.breaks(side) for row in found.rows)
    counts = f"{breaking} breaking for {_the(side)}, {len(found.rows) - breaking} compatible"
    told = counts if found.rows else "no change for callers or for the service"
    number = len(found.texts)
    return f"{told}; {number} text{'' if number == 1 else 's'} reworded or new"


def _the(side: Side) -> str:
    return "the service" if side == "service" else side


def _paragraph(row: Row, side: Side) -> Iterator[str]:
    kind = "breaking" if row.breaks(side) else "compatible"
    yield visible(f"{kind}, {row.direction}: {row.place} {row.text}")
    yield f"  callers: {row.callers}, service: {row.service}"
    yield f"  in {_few(row.operations)}"
    if row.requirements:
        yield f"  see {_few(row.requirements)}"


def _few(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return visible(", ".join(names[:_NAMED])) + more
