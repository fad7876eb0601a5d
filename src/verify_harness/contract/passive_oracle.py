"""The reference model beside a check: it judges each answer that the check itself may not look at.

A check looks at what it is about. Every other answer it gets on the way, of its set-up too, is held
against what the model allows after all that its tenants did before. The model follows a check as
far as it understands its requests: after one that it cannot read and that may have changed
something, it says nothing more.
"""

import json
import re
import time
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from verify_harness.exchange import Exchange, Purpose, Request
from verify_harness.model.calls import Answer, Call, Divergence
from verify_harness.model.field_rules import is_id
from verify_harness.model.judgement import Settings
from verify_harness.model.oracle import OPERATIONS, Oracle
from verify_harness.phone_numbers import E164
from verify_harness.spec import Spec
from verify_harness.targets import Target, Tenant

_JSON = "application/json"
_USUAL = {"content-type": _JSON, "accept": _JSON}
_LONGEST_BODY = 50_000
"""Bytes; a service may refuse to read more."""
_UNREADABLE = object()
_OURS = frozenset(
    {"authorization", "x-request-id", "traceparent", "baggage", "x-sandbox-tenant", *_USUAL}
)
"""The headers of a request whose answer the facts tell; any other may change it."""


def oracle_for(target: Target) -> Oracle:
    """A model that knows nothing yet; what a sandbox announces it may rely on."""
    is_closed = "chosen" in target.announces and target.offers("tenants")
    return Oracle(Settings(target.says_documented, is_closed))


class Surprise(NamedTuple):
    """An answer that the model does not allow."""

    exchange: Exchange
    divergence: Divergence


class PassiveOracle:
    """What the model says of the answers that one check got."""

    def __init__(self, target: Target, spec: Spec, tenants: Sequence[Tenant]) -> None:
        self._oracle = oracle_for(target)
        self._base = target.url
        self._spec = spec
        self._places = {f"Bearer {each.key}": index for index, each in enumerate(tenants)}
        self._ahead_secs = 0.0
        self._is_lost = False
        self.found: Surprise | None = None
        """The first answer that the model does not allow; it judges nothing after that."""

    def clock_moved(self, secs: float) -> None:
        """Follow the clock of the tenants."""
        self._ahead_secs += secs

    def lose(self) -> None:
        """Say nothing more: something happened that the model does not follow."""
        self._is_lost = True

    def codes_seen(self, tenant: int, messages: Sequence[Mapping[str, Any]]) -> None:
        """Learn the codes that the outbox shows."""
        opened = self._oracle.accounts[tenant].verifications
        for message in messages:
            verification = opened.get(message["verification_id"])
            if verification is not None and verification.code is None:
                verification.code = message["code"]

    def follow(self, exchange: Exchange) -> bool:
        """Judge one answer, or lose sight of what the tenants have; whether it was judged."""
        if self._is_lost:
            return False
        call = self._call(exchange)
        if call is None:
            self._is_lost = exchange.request.method != "GET" and not 400 <= exchange.status < 500
            return False
        received_at = time.time() + self._ahead_secs
        answer = as_answer(exchange, received_at - exchange.elapsed_ms / 1000, received_at)
        if divergences := self._oracle.judge(call, answer):
            self.found = Surprise(exchange, divergences[0])
            self._is_lost = True
        return True

    def _call(self, exchange: Exchange) -> Call | None:
        """What a request asks for; None where the facts do not tell its answer."""
        request, operation_id = exchange.request, exchange.operation_id or ""
        tenant = self._tenant(request)
        if tenant is None or operation_id not in OPERATIONS or not _is_for_itself(exchange):
            return None
        operation = self._spec.operation(operation_id)
        path = urlsplit(request.url.removeprefix(self._base))
        fits = _pattern(operation.path).fullmatch(path.path)
        if fits is None or request.method.upper() != operation.method.upper():
            return None
        segment = fits["variable"] if fits.re.groups else ""
        variable, body = unquote(segment), _body(request.body)
        if body is _UNREADABLE or not (variable == segment == "" or _names_something(variable)):
            return None
        is_plain = segment in {quote(variable, safe=""), quote(variable, safe="+")}
        query = tuple(parse_qsl(path.query, keep_blank_values=True))
        call = Call(operation_id, tenant, variable, is_plain, query, body)
        return None if self._is_about_another_template(call) else call

    def _tenant(self, request: Request) -> int | None:
        """Whose key a request shows; None where its headers are not the usual ones."""
        headers = {name.lower(): value for name, value in request.headers}
        is_usual = headers.keys() <= _OURS and len(headers) == len(request.headers)
        if not is_usual or any(headers.get(k, usual) != usual for k, usual in _USUAL.items()):
            return None
        return self._places.get(headers.get("authorization", ""))

    def _is_about_another_template(self, call: Call) -> bool:
        """Whether a template is named that the model has not seen: it may be the vendor's own."""
        account = self._oracle.accounts[call.tenant]
        blocks = [each for each in call.fields.values() if isinstance(each, dict)]
        named = {
            each["messaging_template_id"]
            for each in blocks
            if is_id(each.get("messaging_template_id"))
        }
        if call.operation == "UpdateMessageTemplate":
            named.add(call.variable)
        return not named <= {*account.templates, *account.stock}


def as_answer(exchange: Exchange, sent_at: float, received_at: float) -> Answer:
    """An exchange as the model judges it."""
    headers = exchange.response.headers if exchange.response else ()
    by_name = {name.lower(): value for name, value in headers}
    return Answer(exchange.status, exchange.json, sent_at, received_at, by_name)


def _is_for_itself(exchange: Exchange) -> bool:
    """Whether an answer came whole, to a request that was sent alone and not too soon."""
    is_whole = exchange.response is not None and not exchange.response.truncated
    return is_whole and exchange.purpose is not Purpose.RACE and exchange.status != 429


def _names_something(variable: str) -> bool:
    return is_id(variable) or E164.fullmatch(variable) is not None


def _body(content: bytes | None) -> Any:
    """A body as the service has to read it, or _UNREADABLE."""
    if content is None:
        return None
    if len(content) > _LONGEST_BODY:
        return _UNREADABLE
    try:
        return json.loads(content.decode(), object_pairs_hook=_object, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return _UNREADABLE


def _no_number(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose members have different names; raises ValueError for another."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member is named twice")
    return members


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[a-z_]+\\\}", "(?P<variable>[^/]*)", re.escape(template)))
