"""Faults that real services of this kind had, each in one place only: one channel or one way."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.faults.shorthand import with_check
from verify_harness.sandbox.records import Verification
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store
from verify_harness.sandbox.validation import Field, anything

MASTER_CODE = "000000"


def _also_opened_by(rules: Rules, more: Callable[[Verification, Store], tuple[str, ...]]) -> Rules:
    """A verification is opened by its own code and by these."""

    def codes_for(verification: Verification, store: Store) -> tuple[str, ...]:
        return (*rules.codes_for(verification, store), *more(verification, store))

    return replace(rules, codes_for=codes_for)


def _by_number_only(rules: Rules) -> tuple[Rules, Callable[[], bool]]:
    """The rules, and whether the check that is judged came by number; it can be asked once."""

    def judged_by_number(store: Store, number: str, profile_id: str) -> Verification | None:
        by_number.append(True)
        return rules.judged_by_number(store, number, profile_id)

    def is_by_number() -> bool:
        found = bool(by_number)
        by_number.clear()
        return found

    by_number: list[bool] = []
    return replace(rules, judged_by_number=judged_by_number), is_by_number


@fault(
    "empty-code-opens",
    breaks="VFY-CODE-002",
    harm="Whoever leaves the field empty is let in.",
)
def empty_code_opens(rules: Rules) -> Rules:
    def codes_match(given: str, code: str) -> bool:
        return not given or rules.codes_match(given, code)

    return replace(rules, codes_match=codes_match)


@fault(
    "missing-code-opens-by-number",
    breaks="VFY-CODE-002",
    harm="A client that forgets the code gets everybody in.",
)
def missing_code_opens_by_number(rules: Rules) -> Rules:
    def optional(field: Field) -> Field:
        return replace(field, required=False) if field.name == "code" else field

    def declared(body: dict[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
        kept = rules.declared(body, fields)
        if fields is lenient:
            kept.setdefault("code", None)
        return kept

    def codes_match(given: Any, code: str) -> bool:
        return given is None or rules.codes_match(given, code)

    lenient = tuple(map(optional, rules.fields["check-by-number"]))
    fields = {**rules.fields, "check-by-number": lenient}
    return replace(rules, fields=fields, declared=declared, codes_match=codes_match)


@fault(
    "padded-code-opens-by-number",
    breaks="VFY-CODE-002",
    harm="What a filter saw is not what the service compared.",
)
def padded_code_opens_by_number(rules: Rules) -> Rules:
    def codes_match(given: str, code: str) -> bool:
        return rules.codes_match(given.strip() if is_by_number() else given, code)

    counting, is_by_number = _by_number_only(rules)
    return replace(counting, codes_match=codes_match)


@fault(
    "true-opens",
    breaks="VFY-CODE-002",
    harm="A loose comparison takes true for any code there is.",
)
def true_opens(rules: Rules) -> Rules:
    def codes_match(given: Any, code: str) -> bool:
        return given is True or rules.codes_match(given, code)

    return replace(with_check(rules, "code", anything), codes_match=codes_match)


@fault(
    "master-code-opens-calls",
    breaks="VFY-CODE-002",
    harm="A code that testers left in the service opens every account.",
)
def master_code_opens_calls(rules: Rules) -> Rules:
    def master(verification: Verification, _store: Store) -> tuple[str, ...]:
        return (MASTER_CODE,) if verification.channel == "call" else ()

    return _also_opened_by(rules, master)


@fault(
    "start-of-code-opens-by-number",
    breaks="VFY-CODE-002",
    harm="A field that cuts the code makes it ten times easier to guess.",
)
def start_of_code_opens_by_number(rules: Rules) -> Rules:
    def codes_match(given: str, code: str) -> bool:
        cut = code[:-1] if is_by_number() and len(given) == len(code) - 1 else code
        return rules.codes_match(given, cut)

    counting, is_by_number = _by_number_only(rules)
    return replace(counting, codes_match=codes_match)


@fault(
    "folded-digits-open-whatsapp",
    breaks="VFY-CODE-002",
    harm="Filters that look for digits do not see what is tried.",
)
def folded_digits_open_whatsapp(rules: Rules) -> Rules:
    def codes_match(given: str, code: str) -> bool:
        plain = "".join(str(unicodedata.digit(each, each)) for each in given)
        return rules.codes_match(given, code) or (folds[0] and plain == code)

    def codes_for(verification: Verification, store: Store) -> tuple[str, ...]:
        folds[0] = verification.channel == "whatsapp"
        return rules.codes_for(verification, store)

    folds = [False]
    return replace(rules, codes_match=codes_match, codes_for=codes_for)


@fault(
    "used-code-of-the-number-opens",
    breaks="VFY-CODE-002",
    harm="A code that was used once opens every later verification of its number.",
)
def used_code_of_the_number_opens(rules: Rules) -> Rules:
    def used(verification: Verification, store: Store) -> tuple[str, ...]:
        same = store.records.of_number(verification.phone_number)
        return tuple(each.code for each in same if each.status == "accepted")

    return _also_opened_by(rules, used)


@fault(
    "code-of-another-number-opens",
    breaks="VFY-CODE-010",
    harm="A code sent to the attacker's own phone opens the victim's account.",
)
def code_of_another_number_opens(rules: Rules) -> Rules:
    def others(verification: Verification, store: Store) -> tuple[str, ...]:
        every = store.records.verifications.values()
        return tuple(each.code for each in every if each.channel == verification.channel)

    return _also_opened_by(rules, others)


@fault(
    "late-code-opens-by-number",
    breaks="VFY-CODE-005",
    harm="A code found in an old message opens the account, in one of two ways.",
)
def late_code_opens_by_number(rules: Rules) -> Rules:
    def is_late(verification: Verification, now: float) -> bool:
        return not is_by_number() and rules.is_late(verification, now)

    counting, is_by_number = _by_number_only(rules)
    return replace(counting, is_late=is_late)


@fault(
    "approved-code-opens-calls-again",
    breaks="VFY-CODE-004",
    harm="A code that was overheard opens the account a second time.",
)
def approved_code_opens_calls_again(rules: Rules) -> Rules:
    def is_checkable(verification: Verification, open_statuses: frozenset[str]) -> bool:
        again = verification.channel == "call" and verification.status == "accepted"
        return again or rules.is_checkable(verification, open_statuses)

    return replace(rules, is_checkable=is_checkable)
