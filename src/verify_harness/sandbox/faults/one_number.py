"""Faults between the verifications of one number: codes and attempts that do not stay apart."""

from collections.abc import Callable
from dataclasses import replace

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.lifecycle import Way
from verify_harness.sandbox.records import Verification
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store


def _siblings(verification: Verification, store: Store) -> list[Verification]:
    """The other verifications of the same number and profile, oldest first."""
    return [
        each
        for each in store.records.of_number(verification.phone_number)
        if each.profile_id == verification.profile_id and each is not verification
    ]


def _opened_by_siblings(
    rules: Rules, is_taken: Callable[[Verification, Verification], bool]
) -> Rules:
    """A verification is opened by its own code and by those of the siblings that are taken."""

    def codes_for(verification: Verification, store: Store) -> tuple[str, ...]:
        more = [each for each in _siblings(verification, store) if is_taken(each, verification)]
        return (*rules.codes_for(verification, store), *(each.code for each in more))

    return replace(rules, codes_for=codes_for)


@fault(
    "code-of-another-channel-still-opens",
    breaks="VFY-LIFE-013",
    harm="After a call the code of the message before still opens the account.",
)
def code_of_another_channel_still_opens(rules: Rules) -> Rules:
    return _opened_by_siblings(rules, lambda each, opened: each.channel != opened.channel)


@fault(
    "locked-code-opens-the-next",
    breaks="VFY-LIFE-013",
    harm="A code that was guessed at too often is as good as new after one more message.",
)
def locked_code_opens_the_next(rules: Rules) -> Rules:
    return _opened_by_siblings(rules, lambda each, _opened: each.status == "invalid")


@fault(
    "late-code-opens-the-next",
    breaks="VFY-LIFE-013",
    harm="A code from an old message opens what was asked for a minute ago.",
)
def late_code_opens_the_next(rules: Rules) -> Rules:
    return _opened_by_siblings(rules, lambda each, opened: rules.is_late(each, opened.created_at))


@fault(
    "used-code-opens-the-next-call",
    breaks="VFY-LIFE-013",
    harm="A code that was used once opens the same number's next call.",
)
def used_code_opens_the_next_call(rules: Rules) -> Rules:
    return _opened_by_siblings(
        rules, lambda each, opened: each.status == "accepted" and opened.channel == "call"
    )


@fault(
    "old-id-takes-the-newest-code",
    breaks="VFY-LIFE-013",
    harm="A verification that was replaced passes with a code that was not sent for it.",
)
def old_id_takes_the_newest_code(rules: Rules) -> Rules:
    def is_checkable(verification: Verification, open_statuses: frozenset[str]) -> bool:
        return verification.status == "expired" or rules.is_checkable(verification, open_statuses)

    def codes_for(verification: Verification, store: Store) -> tuple[str, ...]:
        if verification.status != "expired":
            return rules.codes_for(verification, store)
        return tuple(each.code for each in _siblings(verification, store)[-1:])

    return replace(rules, is_checkable=is_checkable, codes_for=codes_for)


def _counting(rules: Rules, more: Callable[[Verification, Store], int]) -> Rules:
    """Wrong codes count together with those of others."""

    def codes_for(verification: Verification, store: Store) -> tuple[str, ...]:
        stores[:] = [store]
        return rules.codes_for(verification, store)

    def count_wrong_code(verification: Verification, way: Way) -> int:
        return rules.count_wrong_code(verification, way) + more(verification, stores[0])

    stores: list[Store] = []
    return replace(rules, codes_for=codes_for, count_wrong_code=count_wrong_code)


@fault(
    "attempts-are-carried-over",
    breaks="VFY-LIFE-014",
    harm="A customer who mistyped yesterday is locked out by one slip today.",
)
def attempts_are_carried_over(rules: Rules) -> Rules:
    def earlier(verification: Verification, store: Store) -> int:
        return sum(each.failed_attempts for each in _siblings(verification, store))

    return _counting(rules, earlier)


@fault(
    "wrong-codes-spend-every-profiles-attempts",
    breaks="VFY-LIFE-014",
    harm="Guessing at one application locks the same person out of another.",
)
def wrong_codes_spend_every_profiles_attempts(rules: Rules) -> Rules:
    def spend(verification: Verification, store: Store) -> int:
        for each in store.records.of_number(verification.phone_number):
            if each is not verification and each.status == "pending":
                each.failed_attempts += 1
                each.updated_at += 0.001
        return 0

    return _counting(rules, spend)
