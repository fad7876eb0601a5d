"""What a document that can be used still gets wrong or leaves out, one sentence for each cause."""

from collections.abc import Iterator, Sequence

from verify_harness.spec.alignment import shape
from verify_harness.spec.document import Spec, bundled_spec
from verify_harness.spec.references import objects

_NAMED = 3
"""How many places or names a sentence gives before it only counts."""


def warnings(spec: Spec) -> tuple[str, ...]:
    """What to know before a run is judged by this document; empty if there is nothing to say."""
    return (
        *_integer_codes(spec),
        *_missing(spec),
        *_silent(spec),
        *_foreign(spec),
        *_nullable(spec),
        *_colliding(spec),
    )


def _integer_codes(spec: Spec) -> Iterator[str]:
    if spec.integer_codes:
        yield (
            f"error codes are typed as integers at {_few(spec.integer_codes)}: a slip of the "
            "vendor's public documents (facts C22); text is accepted there, too."
        )


def _missing(spec: Spec) -> Iterator[str]:
    present = {each.operation_id for each in spec.operations}
    gone = [each for each in bundled_spec().operations if each.operation_id not in present]
    if gone:
        names = [f"{each.method} {each.path}" for each in gone]
        yield (
            f"{len(gone)} of the {len(bundled_spec().operations)} operations of the Verify API are "
            f"not in the document, and what needs them is skipped: {', '.join(names)}."
        )


def _silent(spec: Spec) -> Iterator[str]:
    """Which statuses nothing in the document speaks of, though other sources do."""
    silent: dict[str, int] = {}
    for each in spec.operations:
        for status in each.elsewhere:
            if status.isdigit() and each.status_key(int(status)) is None:
                silent[status] = silent.get(status, 0) + 1
    if silent:
        counts = ", ".join(f"{status} ({count})" for status, count in sorted(silent.items()))
        yield (
            "the document is silent about statuses that other sources give for its operations; "
            f"they are judged as in the bundled contract: {counts}."
        )


def _foreign(spec: Spec) -> Iterator[str]:
    known = {each.operation_id for each in bundled_spec().operations}
    foreign = [each for each in spec.operations if each.operation_id not in known]
    if foreign:
        names = [f"{each.method} {each.path}" for each in foreign]
        yield f"not of the Verify API, so neither called nor judged: {_few(names)}."


def _nullable(spec: Spec) -> Iterator[str]:
    places = [pointer for pointer, node in objects(spec.document) if "nullable" in node]
    if places:
        yield (
            f"`nullable` means nothing in OpenAPI 3.1, so null is refused at {_few(places)}; "
            'write `type: [string, "null"]`.'
        )


def _colliding(spec: Spec) -> Iterator[str]:
    """Paths that differ in the names of their parameters only, which OpenAPI 3.1 forbids."""
    by_shape: dict[str, set[str]] = {}
    for each in spec.operations:
        by_shape.setdefault(shape(each.path), set()).add(each.path)
    for paths in by_shape.values():
        if len(paths) > 1:
            yield f"these paths are the same one: {', '.join(sorted(paths))}."


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
