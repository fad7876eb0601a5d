"""Faults of authentication."""

from dataclasses import replace
from typing import Any

from verify_harness.sandbox.auth import token_of
from verify_harness.sandbox.bodies import query_values
from verify_harness.sandbox.error_envelope import Refusal, refuse
from verify_harness.sandbox.exchange import Request
from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.faults.shorthand import edit_profile
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.wire import Wire


def _served() -> Refusal | None:
    return None


@fault(
    "no-key-needed",
    breaks="VFY-AUTH-001",
    harm="Anybody who knows an id reads and sends on somebody's account.",
)
def no_key_needed(rules: Rules) -> Rules:
    return replace(rules, missing_key=_served)


@fault(
    "any-key-works",
    breaks="VFY-AUTH-002",
    harm="A made-up key opens an account.",
)
def any_key_works(rules: Rules) -> Rules:
    return replace(rules, wrong_key=_served)


@fault(
    "revoked-key-works",
    breaks="VFY-AUTH-002",
    harm="A stolen key cannot be taken back.",
)
def revoked_key_works(rules: Rules) -> Rules:
    def is_known_key(token: str | None, key: str | None) -> bool:
        return rules.is_known_key(token, key) or (key is None and bool(token))

    return replace(rules, is_known_key=is_known_key)


@fault(
    "no-challenge",
    breaks="VFY-AUTH-003",
    harm="Standard clients do not learn how to authenticate.",
)
def no_challenge(wire: Wire) -> Wire:
    return replace(wire, challenge=None)


@fault(
    "key-in-the-address-works",
    breaks="VFY-AUTH-004",
    harm="Keys end up in browser histories and in the logs of every proxy.",
)
def key_in_the_address_works(rules: Rules) -> Rules:
    def token_elsewhere(request: Request) -> str | None:
        values = query_values(request.query)
        return next((each[0] for name, each in values.items() if name in _IN_ADDRESSES), None)

    return replace(rules, token_elsewhere=token_elsewhere)


_IN_ADDRESSES = {"api_key", "access_token"}


@fault(
    "scheme-in-lower-case-refused",
    breaks="VFY-AUTH-005",
    harm="Clients that write the scheme in lower case, as the standard allows, cannot sign in.",
)
def scheme_in_lower_case_refused(rules: Rules) -> Rules:
    def is_scheme(authorization: str) -> bool:
        return authorization.startswith("Bearer ")

    return replace(rules, is_scheme=is_scheme)


@fault(
    "first-of-two-keys-is-taken",
    breaks="VFY-AUTH-006",
    harm="A proxy judges one key and the service another.",
)
def first_of_two_keys_is_taken(rules: Rules) -> Rules:
    def token_elsewhere(request: Request) -> str | None:
        return token_of(request.header_values(b"authorization")[:1])

    return replace(rules, token_elsewhere=token_elsewhere)


@fault(
    "last-of-joined-keys-is-taken",
    breaks="VFY-AUTH-006",
    harm="A key that was added on the way wins over the caller's own.",
)
def last_of_joined_keys_is_taken(rules: Rules) -> Rules:
    def token_elsewhere(request: Request) -> str | None:
        joined = ",".join(request.header_values(b"authorization"))
        return token_of([joined.rpartition(",")[2]]) if "," in joined else None

    return replace(rules, token_elsewhere=token_elsewhere)


@fault(
    "revoked-keys-say-so",
    breaks="VFY-AUTH-007",
    harm="Whoever tries keys learns which ones were real.",
)
def revoked_keys_say_so(rules: Rules) -> Rules:
    def is_known_key(token: str | None, key: str | None) -> bool:
        revoked[0] = key is None
        return rules.is_known_key(token, key)

    def wrong_key() -> Refusal | None:
        said = refuse(403, "10010", "This key was taken back.")
        return said if revoked[0] else rules.wrong_key()

    revoked = [False]
    return replace(rules, is_known_key=is_known_key, wrong_key=wrong_key)


@fault(
    "refusal-repeats-the-key",
    breaks="VFY-AUTH-008",
    harm="A mistyped key, one letter from the real one, lands in every log of errors.",
)
def refusal_repeats_the_key(rules: Rules) -> Rules:
    def is_known_key(token: str | None, key: str | None) -> bool:
        given[0] = token
        return rules.is_known_key(token, key)

    def wrong_key() -> Refusal | None:
        return refuse(401, "10009", f"The key {given[0]} is not valid.")

    given: list[str | None] = [None]
    return replace(rules, is_known_key=is_known_key, wrong_key=wrong_key)


@fault(
    "profile-shows-the-key",
    breaks="VFY-AUTH-008",
    harm="Everybody who may read a profile gets the account's key.",
)
def profile_shows_the_key(rules: Rules) -> Rules:
    def is_known_key(token: str | None, key: str | None) -> bool:
        used[0] = token
        return rules.is_known_key(token, key)

    def show(profile: dict[str, Any]) -> None:
        profile["webhook_url"] = f"http://127.0.0.1:9/?key={used[0]}"

    used: list[str | None] = [None]
    return replace(edit_profile(rules, show), is_known_key=is_known_key)
