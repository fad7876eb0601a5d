"""Faults of keys in odd forms, of HEAD and OPTIONS, of one slow operation, and of lookups."""

import base64
import binascii
import json
from asyncio import sleep
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from verify_harness.sandbox.error_envelope import refuse
from verify_harness.sandbox.exchange import Answer, Request
from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.wire import Wire

SLOW_SECS = 0.6
ANY = "any"
"""Stands for a key that was not given."""


def _taking(rules: Rules, token_elsewhere: Callable[[Request], str | None]) -> Rules:
    """A key is taken from another place, too."""

    def either(request: Request) -> str | None:
        return rules.token_elsewhere(request) or token_elsewhere(request)

    return replace(rules, token_elsewhere=either)


@fault(
    "key-without-a-scheme-works",
    breaks="VFY-AUTH-009",
    harm="A filter that looks for Bearer does not see the key that is used.",
)
def key_without_a_scheme_works(rules: Rules) -> Rules:
    def bare(request: Request) -> str | None:
        given = request.header_values(b"authorization")
        return given[0] if len(given) == 1 and " " not in given[0] else None

    return _taking(rules, bare)


@fault(
    "no-key-under-the-scheme-works",
    breaks="VFY-AUTH-009",
    harm="A client whose configuration lost its key works on, on somebody's account.",
)
def no_key_under_the_scheme_works(rules: Rules) -> Rules:
    def is_known_key(token: str | None, key: str | None) -> bool:
        return rules.is_known_key(token, key) or (token == "" and key is not None)

    return replace(rules, is_known_key=is_known_key)


@fault(
    "key-in-any-capitals-works",
    breaks="VFY-AUTH-009",
    harm="Keys are a great deal easier to guess.",
)
def key_in_any_capitals_works(rules: Rules) -> Rules:
    def is_known_key(token: str | None, key: str | None) -> bool:
        return rules.is_known_key(token and token.upper(), key and key.upper())

    return replace(rules, is_known_key=is_known_key)


@fault(
    "half-a-key-works",
    breaks="VFY-AUTH-009",
    harm="What a log shows of a key is enough to use it.",
)
def half_a_key_works(rules: Rules) -> Rules:
    def is_known_key(token: str | None, key: str | None) -> bool:
        if not token or key is None:
            return False
        return len(token) >= 8 and key.startswith(token)

    return replace(rules, is_known_key=is_known_key)


@fault(
    "key-as-a-user-looks-up",
    breaks="VFY-AUTH-009",
    harm="On one operation a browser's password store holds the key.",
)
def key_as_a_user_looks_up(rules: Rules) -> Rules:
    def user(request: Request) -> str | None:
        given = "".join(request.header_values(b"authorization"))
        if "number_lookup" not in request.path or not given.startswith("Basic "):
            return None
        try:
            return base64.b64decode(given[6:]).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return None

    return _taking(rules, user)


@fault(
    "key-in-another-header-lists",
    breaks="VFY-AUTH-009",
    harm="On one operation a header counts that proxies write into their logs.",
)
def key_in_another_header_lists(rules: Rules) -> Rules:
    def other(request: Request) -> str | None:
        is_list = request.method == "GET" and request.path.endswith("/verify_profiles")
        return "".join(request.header_values(b"x-api-key")) if is_list else None

    return _taking(rules, other)


@fault(
    "key-looked-for-in-broken-bodies",
    breaks="VFY-AUTH-009",
    harm="Anybody without a key can make the service fail.",
)
def key_looked_for_in_broken_bodies(rules: Rules) -> Rules:
    def inside(request: Request) -> str | None:
        body = json.loads(request.body) if request.body else None
        return body.get("api_key") if isinstance(body, dict) else None

    return _taking(rules, inside)


@fault(
    "head-needs-no-key",
    breaks="VFY-HTTP-006",
    harm="Anybody learns which ids exist, and how much is behind them.",
)
def head_needs_no_key(rules: Rules) -> Rules:
    def token_elsewhere(request: Request) -> str | None:
        asked[0] = request.method
        return ANY if request.method == "HEAD" else rules.token_elsewhere(request)

    def is_known_key(token: str | None, key: str | None) -> bool:
        return (token == ANY and asked[0] == "HEAD") or rules.is_known_key(token, key)

    asked = [""]
    return replace(rules, token_elsewhere=token_elsewhere, is_known_key=is_known_key)


@fault(
    "head-of-lookups-not-served",
    breaks="VFY-HTTP-006",
    harm="One read of all answers monitoring with an error.",
)
def head_of_lookups_not_served(rules: Rules) -> Rules:
    def method_of(request: Request) -> str:
        return request.method if "number_lookup" in request.path else rules.method_of(request)

    return replace(rules, method_of=method_of)


@fault(
    "options-of-templates-name-nothing",
    breaks="VFY-HTTP-007",
    harm="A client cannot learn what one of the paths takes.",
)
def options_of_templates_name_nothing(rules: Rules) -> Rules:
    def method_of(request: Request) -> str:
        if request.method == "OPTIONS" and request.path.endswith("/templates"):
            raise refuse(405, "10030", "The path has no such method.")
        return rules.method_of(request)

    return replace(rules, method_of=method_of)


def _slow(wire: Wire, is_meant: Callable[[Any], bool]) -> Wire:
    """Answers of one operation are held back."""

    async def hand_over(answer: Answer) -> Answer:
        if is_meant(answer.body.get("data")):
            await sleep(SLOW_SECS)
        return answer

    return replace(wire, hand_over=hand_over)


@fault(
    "lookups-take-long",
    breaks="VFY-HTTP-011",
    harm="A sign-up form that looks numbers up seems to hang.",
)
def lookups_take_long(wire: Wire) -> Wire:
    def is_lookup(data: Any) -> bool:
        return isinstance(data, dict) and data.get("record_type") == "number_lookup"

    return _slow(wire, is_lookup)


@fault(
    "checks-take-long",
    breaks="VFY-HTTP-011",
    harm="A customer who typed the code waits and types it again.",
)
def checks_take_long(wire: Wire) -> Wire:
    def is_check(data: Any) -> bool:
        return isinstance(data, dict) and "response_code" in data

    return _slow(wire, is_check)


def _looking_up(rules: Rules, edit: Callable[[dict[str, Any], str], Any]) -> Rules:
    """A lookup answers as `edit` leaves it."""

    def look_up(number: str, country: str, wanted: frozenset[str]) -> dict[str, Any]:
        found = rules.look_up(number, country, wanted)
        edit(found, number)
        return found

    return replace(rules, look_up=look_up)


@fault(
    "islands-look-up-as-american",
    breaks="VFY-LOOK-005",
    harm="Messages to expensive islands are priced as if they were at home.",
)
def islands_look_up_as_american(rules: Rules) -> Rules:
    def edit(found: dict[str, Any], number: str) -> None:
        if number.startswith("+1") and found["country_code"] != "CA":
            found["country_code"] = "US"

    return _looking_up(rules, edit)


@fault(
    "national-format-is-international",
    breaks="VFY-LOOK-005",
    harm="A form that adds the country code shows it twice.",
)
def national_format_is_international(rules: Rules) -> Rules:
    def edit(found: dict[str, Any], number: str) -> None:
        if not number.startswith("+1"):
            found["national_format"] = number[1:]

    return _looking_up(rules, edit)


@fault(
    "mobiles-look-up-as-fixed-lines",
    breaks="VFY-LOOK-005",
    harm="A customer with a mobile phone is offered no message.",
)
def mobiles_look_up_as_fixed_lines(rules: Rules) -> Rules:
    def edit(found: dict[str, Any], _number: str) -> None:
        carrier = found["carrier"]
        if carrier and carrier["type"] == "mobile":
            found["carrier"] = {**carrier, "type": "fixed line"}

    return _looking_up(rules, edit)
