"""Client for the API under test: one call per operation, without judging the response."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import currently_in_test_context

from verify_harness import phone_numbers
from verify_harness.contract.answer_errors import reads_answers
from verify_harness.contract.check_exceptions import Blocked, NoAnswer, NotObservable
from verify_harness.contract.context import current
from verify_harness.exchange import Exchange, Purpose, Request
from verify_harness.spec import Operation, Spec

CHANNELS = ("sms", "call", "flashcall", "whatsapp")
TRIGGERS: Mapping[str, str] = {
    "sms": "CreateVerificationSms",
    "call": "CreateVerificationCall",
    "flashcall": "CreateFlashcallVerification",
    "whatsapp": "CreateWhatsappVerification",
}
"""The operation that triggers a verification on each channel."""

ALLOWED = {"whitelisted_destinations": sorted({area.country for area in phone_numbers.RANGES})}
"""A channel block that allows every country of our reserved numbers."""

JSON_HEADERS = (("Content-Type", "application/json"), ("Accept", "application/json"))


@reads_answers
@dataclass(frozen=True, repr=False)
class Api:
    """The operations of the spec, called with the key of one of the check's two tenants."""

    spec: Spec
    tenant: int = 0

    def __repr__(self) -> str:
        """Short, because a failing check prints its arguments, and a spec is long."""
        return f"<the API as tenant {self.tenant}>"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """The same for hypothesis, which prints every field of a dataclass."""
        printer.text(repr(self))

    @property
    def other(self) -> "Api":
        """The same API with the second tenant's key."""
        return Api(self.spec, 1)

    @property
    def key(self) -> str:
        """The tenant's key; raises NotObservable if there is no second tenant."""
        tenants = current().tenants
        if self.tenant >= len(tenants):
            raise NotObservable("second-key")
        return tenants[self.tenant].key

    def call(
        self,
        operation_id: str,
        body: Any = None,
        *,
        query: Mapping[str, str | int] | None = None,
        purpose: Purpose | None = None,
        authorization: str | None = "",
        path: Mapping[str, str] | None = None,
        **path_parameters: str,
    ) -> Exchange:
        """Send one request of an operation.

        The path's parameters are given by name, or as a mapping; `authorization` replaces the
        tenant's key (None leaves the header out). Raises NoAnswer on a network fault.
        """
        operation = self.spec.operation(operation_id)
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        return self.send(
            operation,
            url=self.url(operation, {**(path or {}), **path_parameters}, query),
            headers=(*JSON_HEADERS[0 if content else 1 :], *self._authorization(authorization)),
            content=content,
            purpose=purpose,
        )

    def call_together(
        self, operation_id: str, bodies: Sequence[Any], **path_parameters: str
    ) -> list[Exchange]:
        """Send requests of one operation at once; exchanges in the order of the bodies."""
        operation = self.spec.operation(operation_id)
        headers = (*JSON_HEADERS, *self._authorization(""))
        url = self.url(operation, path_parameters)
        requests = [
            Request(operation.method, url, headers, json.dumps(body).encode()) for body in bodies
        ]
        return current().send_together(requests, operation_id)

    def send(
        self,
        operation: Operation,
        *,
        url: str,
        headers: tuple[tuple[str, str], ...],
        content: bytes | None,
        purpose: Purpose | None = None,
        method: str | None = None,
    ) -> Exchange:
        """Send exactly these headers and bytes to an operation."""
        default = Purpose.GENERATED if currently_in_test_context() else Purpose.DIRECTED
        request = Request(method or operation.method, url, headers, content)
        return self.answered(current().send(request, operation.operation_id, purpose or default))

    def answered(self, exchange: Exchange) -> Exchange:
        """The exchange itself; a profile that it created is deleted after the check."""
        if exchange.operation_id == "CreateVerifyProfile" and exchange.succeeded:
            key = dict(exchange.request.headers).get("Authorization")
            self._remove_later(exchange.data, key)
        return exchange

    def url(
        self,
        operation: Operation,
        path: Mapping[str, str],
        query: Mapping[str, str | int] | None = None,
    ) -> str:
        """The whole address of an operation; a plus sign in a path stays one (facts.md#c13)."""
        filled = operation.path
        for name, value in path.items():
            filled = filled.replace(f"{{{name}}}", quote(value, safe="+%"))
        return f"{current().target.url}{filled}" + (f"?{urlencode(query)}" if query else "")

    def set_up(self, blames: str, operation_id: str, body: Any = None, **path: str) -> Any:
        """The `data` of a call that has to succeed before the check can start.

        `data` is an object with an id, or a list of such objects. Otherwise raises Blocked or
        NoAnswer with the requirement `blames`.
        """
        try:
            exchange = self.call(operation_id, body, purpose=Purpose.SET_UP, path=path)
        except NoAnswer as error:
            raise NoAnswer(f"set-up: {error}", blames) from None
        data = exchange.data
        if not exchange.succeeded or not isinstance(data, (dict, list)):
            raise Blocked(blames, f"set-up: {operation_id} answered {exchange.status}")
        rows = data if isinstance(data, list) else [data]
        if not all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows):
            raise Blocked(blames, f"set-up: {operation_id} answered without an id")
        return data

    def profile(self, **fields: Any) -> dict[str, Any]:
        """Create a profile with all four channels; `fields` are added or replace them."""
        return self.profile_with(CHANNELS, **fields)

    def profile_with(self, channels: Sequence[str], /, **fields: Any) -> dict[str, Any]:
        """Create a profile with these channels.

        It allows the countries of our reserved numbers, since some accounts have to name them
        (facts.md#c1).
        """
        named = {"name": f"verify-harness {current().random.getrandbits(32):08x}"}
        body = named | {channel: dict(ALLOWED) for channel in channels} | fields
        made: dict[str, Any] = self.set_up("VFY-PROF-001", "CreateVerifyProfile", body)
        return made

    def _remove_later(self, profile: Any, authorization: str | None) -> None:
        """Delete a profile after the check, unless it is deleted with its tenant."""
        profile_id = profile.get("id") if isinstance(profile, dict) else None
        if isinstance(profile_id, str) and not current().target.offers("tenants"):
            current().clean_up.append(lambda: self._remove(profile_id, authorization))

    def _remove(self, profile_id: str, authorization: str | None) -> None:
        path = {"verify_profile_id": profile_id}
        self.call("DeleteProfile", path=path, purpose=Purpose.SET_UP, authorization=authorization)

    def _authorization(self, value: str | None) -> tuple[tuple[str, str], ...]:
        if value is None:
            return ()
        return (("Authorization", value or f"Bearer {self.key}"),)
