"""Faults of isolation between tenants."""

from dataclasses import replace

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.problems import Refusal, refuse
from verify_harness.sandbox.store import Store


@fault(
    "neighbours-readable",
    breaks="VFY-ISO-001",
    harm="One customer reads another's telephone numbers.",
)
def neighbours_readable(store: Store) -> Store:
    return replace(store, readable=(*store.readable, *store.neighbours))


@fault(
    "neighbours-are-forbidden-not-unknown",
    breaks="VFY-ISO-001",
    harm="The difference between 403 and 404 tells which ids exist.",
)
def neighbours_are_forbidden_not_unknown(store: Store) -> Store:
    def missing(store: Store, wanted: str, what: str) -> Refusal:
        if any(records.knows(wanted) for records in store.neighbours):
            return refuse(403, "10010", f"This {what} is not yours.")
        return clean(store, wanted, what)

    clean = store.missing
    return replace(store, missing=missing)


@fault(
    "neighbours-readable-one-way",
    breaks="VFY-ISO-001",
    harm="Who signed up first reads the telephone numbers of who signed up later.",
)
def neighbours_readable_one_way(store: Store) -> Store:
    if store.records.place == 1:
        return store
    return replace(store, readable=(*store.readable, *store.neighbours))


@fault(
    "neighbours-writable",
    breaks="VFY-ISO-002",
    harm="One customer changes or deletes another's profiles and passes their checks.",
)
def neighbours_writable(store: Store) -> Store:
    return replace(store, writable=(*store.writable, *store.neighbours))
