"""Faults of attempts: how wrong codes are counted, and against whom."""

from dataclasses import replace

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.lifecycle import Way
from verify_harness.sandbox.records import Verification
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store


@fault(
    "locked-code-still-opens",
    breaks="VFY-CODE-006",
    harm="A code can be guessed by trying long enough.",
)
def locked_code_still_opens(rules: Rules) -> Rules:
    return replace(rules, checkable_statuses=rules.checkable_statuses | {"invalid"})


@fault(
    "calls-allow-ten-guesses",
    breaks="VFY-CODE-006",
    harm="On one channel a code can be guessed twice as often.",
)
def calls_allow_ten_guesses(rules: Rules) -> Rules:
    def count_wrong_code(verification: Verification, way: Way) -> int:
        used_up = rules.count_wrong_code(verification, way)
        return used_up // 2 if verification.channel == "call" else used_up

    return replace(rules, count_wrong_code=count_wrong_code)


@fault(
    "attempts-counted-by-way",
    breaks="VFY-CODE-014",
    harm="A guesser who changes the address has twice the attempts.",
)
def attempts_counted_by_way(rules: Rules) -> Rules:
    def count_wrong_code(verification: Verification, way: Way) -> int:
        rules.count_wrong_code(verification, way)
        counted[verification.id, way] = counted.get((verification.id, way), 0) + 1
        return counted[verification.id, way]

    counted: dict[tuple[str, Way], int] = {}
    return replace(rules, count_wrong_code=count_wrong_code)


@fault(
    "by-number-attempts-not-counted",
    breaks="VFY-CODE-014",
    harm="One of the two ways of checking can be tried for ever.",
)
def by_number_attempts_not_counted(rules: Rules) -> Rules:
    def count_wrong_code(verification: Verification, way: Way) -> int:
        if way == "by_number":
            return verification.failed_attempts
        return rules.count_wrong_code(verification, way)

    return replace(rules, count_wrong_code=count_wrong_code)


@fault(
    "attempts-counted-by-profile",
    breaks="VFY-CODE-015",
    harm="A handful of wrong codes by anybody locks out all customers.",
)
def attempts_counted_by_profile(rules: Rules) -> Rules:
    def count_wrong_code(verification: Verification, way: Way) -> int:
        rules.count_wrong_code(verification, way)
        counted[verification.profile_id] = counted.get(verification.profile_id, 0) + 1
        return counted[verification.profile_id]

    counted: dict[str, int] = {}
    return replace(rules, count_wrong_code=count_wrong_code)


@fault(
    "by-number-judges-a-copy",
    breaks="VFY-CODE-016",
    harm="A code that was used by number still works by id.",
)
def by_number_judges_a_copy(rules: Rules) -> Rules:
    def judged_by_number(store: Store, number: str, profile_id: str) -> Verification | None:
        found = rules.judged_by_number(store, number, profile_id)
        if found is None:
            return None
        return copies.setdefault(found.id, replace(found))

    copies: dict[str, Verification] = {}
    return replace(rules, judged_by_number=judged_by_number)
