"""Faults of plain HTTP."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from verify_harness.sandbox.error_envelope import Refusal
from verify_harness.sandbox.exchange import Answer, Request
from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.wire import Headers, Wire


@fault(
    "broken-json-is-empty",
    breaks="VFY-HTTP-001",
    harm="A request cut in half on its way changes nothing and says 200.",
)
def broken_json_is_empty(rules: Rules) -> Rules:
    def decode_json(body: bytes) -> Any:
        try:
            return rules.decode_json(body)
        except Refusal:
            return {}

    return replace(rules, decode_json=decode_json)


@fault(
    "any-content-type",
    breaks="VFY-HTTP-002",
    harm="A form on a foreign web page can send messages in the name of its visitor.",
)
def any_content_type(rules: Rules) -> Rules:
    def is_json(_content_types: Sequence[str]) -> bool:
        return True

    return replace(rules, is_json=is_json)


@fault(
    "undeclared-method-is-404",
    breaks="VFY-HTTP-003",
    harm="A developer who used the wrong method searches for a missing path.",
)
def undeclared_method_is_404(rules: Rules) -> Rules:
    return replace(rules, undeclared_method_status=404)


@fault(
    "methods-not-named",
    breaks="VFY-HTTP-003",
    harm="A client cannot learn which methods there are.",
)
def methods_not_named(wire: Wire) -> Wire:
    return replace(wire, names_methods=False)


@fault(
    "request-id-missing",
    breaks="VFY-HTTP-004",
    harm="Nobody can find a customer's request in the log.",
)
def request_id_missing(wire: Wire) -> Wire:
    def request_id(_given: bytes | None) -> bytes | None:
        return None

    return replace(wire, request_id=request_id)


@fault(
    "request-id-replaced",
    breaks="VFY-HTTP-004",
    harm="A request cannot be followed from the caller's log into the service's.",
)
def request_id_replaced(wire: Wire) -> Wire:
    def request_id(_given: bytes | None) -> bytes | None:
        return wire.request_id(None)

    return replace(wire, request_id=request_id)


@fault(
    "last-of-two-members-wins",
    breaks="VFY-HTTP-005",
    harm="What a filter in front saw is not what the service does.",
)
def last_of_two_members_wins(rules: Rules) -> Rules:
    def decode_json(body: bytes) -> Any:
        try:
            return rules.decode_json(body)
        except Refusal as refusal:
            return _lenient(body, refusal)

    return replace(rules, decode_json=decode_json)


def _lenient(body: bytes, refusal: Refusal) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise refusal from None


@fault(
    "deep-json-crashes",
    breaks="VFY-HTTP-005",
    harm="A body of a few kilobytes takes the service down.",
)
def deep_json_crashes(rules: Rules) -> Rules:
    def decode_json(body: bytes) -> Any:
        if body.count(b"[") > 1000:
            raise RecursionError
        return rules.decode_json(body)

    return replace(rules, decode_json=decode_json)


@fault(
    "not-a-number-is-taken",
    breaks="VFY-HTTP-005",
    harm="A limit of NaN is neither reached nor not reached.",
)
def not_a_number_is_taken(rules: Rules) -> Rules:
    def decode_json(body: bytes) -> Any:
        return rules.decode_json(body.replace(b":NaN", b":0"))

    return replace(rules, decode_json=decode_json)


@fault(
    "broken-text-is-mended",
    breaks="VFY-HTTP-005",
    harm="Two different names become the same one.",
)
def broken_text_is_mended(rules: Rules) -> Rules:
    def decode_json(body: bytes) -> Any:
        return rules.decode_json(body.decode("utf-8", errors="replace").encode())

    return replace(rules, decode_json=decode_json)


@fault(
    "content-encoding-ignored",
    breaks="VFY-HTTP-005",
    harm="What a proxy unpacked and what the service read are not the same.",
)
def content_encoding_ignored(rules: Rules) -> Rules:
    def is_plain(_content_encoding: bytes | None) -> bool:
        return True

    return replace(rules, is_plain=is_plain)


@fault(
    "head-not-served",
    breaks="VFY-HTTP-006",
    harm="Monitoring that asks with HEAD reports an outage.",
)
def head_not_served(rules: Rules) -> Rules:
    def method_of(request: Request) -> str:
        return request.method

    return replace(rules, method_of=method_of)


@fault(
    "options-answers-like-get",
    breaks="VFY-HTTP-007",
    harm="A browser's preflight request runs the real operation.",
)
def options_answers_like_get(rules: Rules) -> Rules:
    def method_of(request: Request) -> str:
        return "GET" if request.method == "OPTIONS" else rules.method_of(request)

    return replace(rules, method_of=method_of)


@fault(
    "answers-may-be-kept",
    breaks="VFY-HTTP-008",
    harm="A shared proxy shows one customer another's verification.",
)
def answers_may_be_kept(wire: Wire) -> Wire:
    return replace(wire, cache_control=b"private, max-age=60")


@fault(
    "open-to-every-site",
    breaks="VFY-HTTP-009",
    harm="Any web page reads with the rights of whoever visits it.",
)
def open_to_every_site(wire: Wire) -> Wire:
    allowing = [
        (b"access-control-allow-origin", b"*"),
        (b"access-control-allow-credentials", b"true"),
    ]

    def more_headers(answer: Answer) -> Headers:
        return [*wire.more_headers(answer), *allowing]

    return replace(wire, more_headers=more_headers)


@fault(
    "method-header-obeyed",
    breaks="VFY-HTTP-010",
    harm="A request that a firewall took for a read deletes a profile.",
)
def method_header_obeyed(rules: Rules) -> Rules:
    def method_of(request: Request) -> str:
        named = request.header(b"x-http-method-override")
        return rules.method_of(request) if named is None else named.decode("latin-1")

    return replace(rules, method_of=method_of)
