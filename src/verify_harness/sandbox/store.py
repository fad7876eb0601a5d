"""One tenant's data as the operations reach it, with a seam between reading and writing."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from verify_harness.sandbox.error_envelope import Refusal, not_found
from verify_harness.sandbox.records import Profile, Records, Status, Template, Verification

Seam = Callable[[str], Awaitable[None]]
"""Awaited with what is being done: `trigger`, `check`, `profile` or `template`."""


async def no_seam(_doing: str) -> None:
    """Do not yield: reading and writing are one step, so no two requests can interleave."""


def all_profiles(profiles: Sequence[Profile]) -> Sequence[Profile]:
    """A list shows every profile."""
    return profiles


def all_verifications(verifications: Sequence[Verification]) -> Sequence[Verification]:
    """A list shows every verification."""
    return verifications


def all_templates(templates: Sequence[Template]) -> Sequence[Template]:
    """A list shows every template."""
    return templates


def not_there(_store: "Store", _wanted: str, what: str) -> Refusal:
    """The same words whether nothing has this id or it belongs to somebody else."""
    return not_found(what)


def forget_profile(store: "Store", profile: Profile, now: float) -> None:
    """Remove a profile; its pending verifications end (our choice)."""
    for records in store.writable:
        if records.profiles.pop(profile.id, None) is None:
            continue
        for verification in list(records.verifications.values()):
            is_pending = verification.status == "pending" and now < verification.expires_at
            if verification.profile_id == profile.id and is_pending:
                records.settle(verification, "expired", now)


def has_template(store: "Store", template_id: str) -> bool:
    """Whether a profile may name a template: a stock one or the tenant's own."""
    return template_id in store.records.templates


@dataclass(frozen=True, slots=True)
class Store:
    """Where the operations read and write; a fault replaces one of the parts."""

    records: Records
    readable: tuple[Records, ...]
    """Where a single object is looked for when it is read."""
    writable: tuple[Records, ...]
    """Where it is looked for when it is checked, changed or deleted."""
    neighbours: tuple[Records, ...] = ()
    """The other tenant of the pair; nothing clean looks there."""
    seam: Seam = no_seam
    missing: Callable[["Store", str, str], Refusal] = not_there
    forget_profile: Callable[["Store", Profile, float], None] = forget_profile
    has_template: Callable[["Store", str], bool] = has_template
    listed_profiles: Callable[[Sequence[Profile]], Sequence[Profile]] = all_profiles
    listed_verifications: Callable[[Sequence[Verification]], Sequence[Verification]] = (
        all_verifications
    )
    listed_templates: Callable[[Sequence[Template]], Sequence[Template]] = all_templates

    def verification(self, wanted: str) -> Verification | None:
        """A verification to read."""
        for records in self.readable:
            if found := records.verifications.get(wanted):
                return found
        return None

    def verification_to_check(self, wanted: str) -> Verification | None:
        """A verification to judge and change."""
        for records in self.writable:
            if found := records.verifications.get(wanted):
                return found
        return None

    def profile(self, wanted: str) -> Profile | None:
        """A profile to read."""
        for records in self.readable:
            if found := records.profiles.get(wanted):
                return found
        return None

    def profile_to_change(self, wanted: str) -> Profile | None:
        """A profile to update or delete."""
        for records in self.writable:
            if found := records.profiles.get(wanted):
                return found
        return None

    def template_to_change(self, wanted: str) -> Template | None:
        """A template to update."""
        for records in self.writable:
            if found := records.templates.get(wanted):
                return found
        return None

    def profiles(self) -> Sequence[Profile]:
        """The tenant's profiles, oldest first."""
        return self.listed_profiles(list(self.records.profiles.values()))

    def templates(self) -> Sequence[Template]:
        """The stock templates, then the tenant's, oldest first."""
        return self.listed_templates(list(self.records.templates.values()))

    def verifications_of(self, number: str) -> Sequence[Verification]:
        """The tenant's verifications of a number, oldest first."""
        return self.listed_verifications(list(self.records.of_number(number)))

    def settle(self, verification: Verification, status: Status, now: float) -> None:
        """Give a verification its final status, wherever it is kept."""
        for records in self.writable:
            if verification.id in records.verifications:
                records.settle(verification, status, now)


def store_of(records: Records, neighbours: tuple[Records, ...]) -> Store:
    """The clean store: it reads and writes the tenant's own records only."""
    return Store(records, readable=(records,), writable=(records,), neighbours=neighbours)
