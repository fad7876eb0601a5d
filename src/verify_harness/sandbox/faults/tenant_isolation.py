"""Faults of isolation between tenants."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from verify_harness.sandbox.error_envelope import Refusal, refuse
from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.records import Profile, Verification
from verify_harness.sandbox.rules import Rules
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


@fault(
    "neighbours-numbers-are-refused-otherwise",
    breaks="VFY-ISO-001",
    harm="Anybody can ask whether a telephone number is a customer of somebody else's.",
)
def neighbours_numbers_are_refused_otherwise(rules: Rules) -> Rules:
    def judged_by_number(store: Store, number: str, profile_id: str) -> Verification | None:
        if any(records.knows(number) for records in store.neighbours):
            raise refuse(403, "10010", "This number is not yours.")
        return rules.judged_by_number(store, number, profile_id)

    return replace(rules, judged_by_number=judged_by_number)


@fault(
    "neighbours-templates-are-taken",
    breaks="VFY-ISO-003",
    harm="One customer sends in another's words.",
)
def neighbours_templates_are_taken(store: Store) -> Store:
    def has_template(store: Store, template_id: str) -> bool:
        everybodys = (store.records, *store.neighbours)
        return any(template_id in records.templates for records in everybodys)

    return replace(store, has_template=has_template)


@fault(
    "ids-count-up",
    breaks="VFY-ISO-004",
    harm="Ids tell how many customers a service has, and which come next.",
)
def ids_count_up(rules: Rules) -> Rules:
    def superseded_by(trigger: Verification, store: Store) -> Iterable[Verification]:
        number = len(store.records.verifications) + 1
        trigger.id = f"49000192-0000-4000-8000-{number:012x}"
        return rules.superseded_by(trigger, store)

    return replace(rules, superseded_by=superseded_by)


@fault(
    "profile-list-shows-the-neighbours",
    breaks="VFY-ISO-001",
    harm="One customer sees the names and addresses of another's applications.",
)
def profile_list_shows_the_neighbours(store: Store) -> Store:
    def listed(profiles: Sequence[Profile]) -> Sequence[Profile]:
        foreign = (records.profiles.values() for records in store.neighbours)
        return [*profiles, *chain.from_iterable(foreign)]

    return replace(store, listed_profiles=listed)
