"""The levers of the sandbox under `/_sandbox/`, for loopback only."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from hmac import compare_digest
from ipaddress import ip_address
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

import msgspec

from verify_harness import __version__
from verify_harness.control_token import HEADER
from verify_harness.errors import UsageError
from verify_harness.sandbox import message_poll, router
from verify_harness.sandbox.api import BASE_PATH, Written
from verify_harness.sandbox.bodies import decode_json
from verify_harness.sandbox.clock import timestamp
from verify_harness.sandbox.error_envelope import Problem, Refusal, refuse
from verify_harness.sandbox.exchange import Answer, Request
from verify_harness.sandbox.faults import FAULTS, faults_named
from verify_harness.sandbox.tenants import Tenant, Tenants
from verify_harness.sandbox.wire import WIRE

CONTROL_PATH = "/_sandbox"
SCHEMA = "verify-harness/sandbox/1"
LEVERS = (
    *("tenants", "clock", "outbox", "seeded-ids"),
    *("limits", "faults", "revoke-key", "webhooks"),
)
_SIGNED = b"telnyx-signature-ed25519"
"""A profile must not be able to pull the levers by naming one as its webhook address."""


Count = Annotated[int, msgspec.Meta(ge=0)]


class NewPair(msgspec.Struct, forbid_unknown_fields=True):
    """The body of POST tenants; what is left out is as the sandbox was started."""

    seed: int | None = None
    faults: list[str] | msgspec.UnsetType = msgspec.UNSET
    dialect: str | msgspec.UnsetType = msgspec.UNSET
    requests_per_minute: int | msgspec.UnsetType | None = msgspec.UNSET
    strict: bool | msgspec.UnsetType = msgspec.UNSET
    guards_retries: bool | msgspec.UnsetType = msgspec.UNSET
    outcome_numbers: bool | msgspec.UnsetType = msgspec.UNSET


class Advance(msgspec.Struct, forbid_unknown_fields=True):
    """The body of POST clock."""

    advance_secs: float


class Limits(msgspec.Struct, forbid_unknown_fields=True):
    """The body of PUT limits; null takes a limit away, what is left out stays."""

    requests_per_minute: Count | msgspec.UnsetType | None = msgspec.UNSET
    triggers_per_number: Count | msgspec.UnsetType | None = msgspec.UNSET


class ActiveFaults(msgspec.Struct, forbid_unknown_fields=True):
    """The body of PUT faults: these and no others."""

    faults: list[str]


Handler = Callable[[Tenants, Request, str], Any]


def announce(tenants: Tenants, requests_served: int) -> dict[str, Any]:
    """What this server is and offers; its schema is announcement.schema.json."""
    return {
        "schema": SCHEMA,
        "version": __version__,
        "base_path": BASE_PATH,
        "dialect": tenants.defaults.dialect,
        "announces": ["chosen"],
        "levers": list(LEVERS),
        "faults": [
            {
                "id": fault.id,
                "breaks": fault.breaks,
                "area": fault.area,
                "layer": fault.layer,
                "harm": fault.harm,
            }
            for fault in FAULTS.values()
        ],
        "active_faults": list(tenants.defaults.faults),
        "requests_served": requests_served,
        "webhook_public_key": tenants.courier.public_key,
    }


def _mint(tenants: Tenants, request: Request, _segment: str) -> Any:
    wanted = _body(request, NewPair)
    chosen = {
        name: value
        for name, value in msgspec.structs.asdict(wanted).items()
        if value is not msgspec.UNSET
    }
    sides = None if "dialect" in chosen else tenants.defaults.sides
    pair = tenants.mint(replace(tenants.defaults, keys=(), sides=sides, **chosen))
    return {"tenants": [{"id": tenant.id, "key": tenant.key} for tenant in pair]}


def _outbox(tenants: Tenants, _request: Request, segment: str) -> Any:
    return {"messages": _tenant(tenants, segment).outbox.as_json()}


def _webhooks(tenants: Tenants, _request: Request, segment: str) -> Any:
    deliveries = _tenant(tenants, segment).deliveries
    return {"webhooks": list(deliveries.attempts), "waiting": deliveries.waiting}


def _advance(tenants: Tenants, request: Request, segment: str) -> Any:
    clock = _tenant(tenants, segment).clock
    clock.advance(_body(request, Advance).advance_secs)
    return {"now": timestamp(clock.now())}


def _limit(tenants: Tenants, request: Request, segment: str) -> Any:
    limiter = _tenant(tenants, segment).limiter
    wanted = _body(request, Limits)
    per_minute, per_number = wanted.requests_per_minute, wanted.triggers_per_number
    limiter.change(
        limiter.per_minute if per_minute is msgspec.UNSET else per_minute,
        limiter.per_number if per_number is msgspec.UNSET else per_number,
    )
    return {
        "requests_per_minute": limiter.per_minute,
        "triggers_per_number": limiter.per_number,
    }


def _set_faults(tenants: Tenants, request: Request, segment: str) -> Any:
    tenant = _tenant(tenants, segment)
    tenant.apply(faults_named(_body(request, ActiveFaults).faults))
    return {"faults": [fault.id for fault in tenant.faults]}


def _revoke(tenants: Tenants, _request: Request, segment: str) -> Any:
    tenant = _tenant(tenants, segment)
    tenant.revoked = True
    return {"revoked": tenant.id}


def _drop(tenants: Tenants, _request: Request, segment: str) -> Any:
    tenant = _tenant(tenants, segment)
    tenants.drop(tenant.id)
    return {"dropped": tenant.id}


_HANDLERS: Mapping[tuple[str, str], Handler] = MappingProxyType(
    {
        ("POST", "/tenants"): _mint,
        ("GET", message_poll.PATH): lambda tenants, request, _segment: message_poll.messages(
            tenants, request
        ),
        ("GET", "/tenants/{id}/outbox"): _outbox,
        ("GET", "/tenants/{id}/webhooks"): _webhooks,
        ("POST", "/tenants/{id}/clock"): _advance,
        ("PUT", "/tenants/{id}/limits"): _limit,
        ("PUT", "/tenants/{id}/faults"): _set_faults,
        ("POST", "/tenants/{id}/revoke-key"): _revoke,
        ("DELETE", "/tenants/{id}"): _drop,
    }
)
_TREE = router.tree(_HANDLERS)


def control(
    tenants: Tenants, request: Request, peer: str, requests_served: int, token: str | None
) -> Written:
    """Answer one request to the control surface; all but the announcement needs the token."""
    try:
        _refuse_strangers(peer, request)
        if token is not None and not _is_announcement(request):
            _require_token(token, request)
        answer = Answer(_handle(tenants, request, requests_served))
    except Refusal as refusal:
        answer = Answer(None, refusal.status, refusal.problems, refusal.allow)
    except UsageError as error:
        detail = f"{error} {error.hint}".strip()
        answer = Answer(None, 400, (Problem("10015", detail),))
    return answer.status, *WIRE.write(answer, None)


def _handle(tenants: Tenants, request: Request, requests_served: int) -> Any:
    path = request.path[len(CONTROL_PATH) :]
    if _is_announcement(request):
        return announce(tenants, requests_served)
    found = _TREE.find(path.split("/")[1:])
    if found is None:
        raise router.unknown_path()
    node, segment = found
    if request.method not in node.methods:
        raise router.undeclared_method(node, 405)
    return node.methods[request.method](tenants, request, segment)


def _refuse_strangers(peer: str, request: Request) -> None:
    """Raise Refusal for other machines and for web pages.

    A page of another site reaches this machine through its visitor's browser: under a name of its
    own that resolves to loopback, or by a form, for which the browser sends an Origin.
    """
    hosts = request.header_values(b"host")
    is_page = request.header(b"origin") is not None or not all(map(_is_loopback, hosts))
    is_webhook = request.header(_SIGNED) is not None
    if not hosts or is_page or is_webhook or not _is_loopback(peer):
        raise refuse(403, "10010", "The levers are for programs on this machine only.")


def _is_announcement(request: Request) -> bool:
    """Whether a request only asks what this server is."""
    return request.path[len(CONTROL_PATH) :] in {"", "/"} and request.method == "GET"


def _require_token(token: str, request: Request) -> None:
    given = request.header(HEADER.encode()) or b""
    if not compare_digest(given, token.encode()):
        raise refuse(401, "10009", f"The levers need the token of this sandbox in {HEADER}.")


def _without_port(authority: str) -> str:
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    name, _, port = authority.partition(":")
    return authority if ":" in port else name  # an IPv6 peer has no brackets


def _is_loopback(authority: str) -> bool:
    """Whether a Host header or a peer's address names this machine."""
    name = _without_port(authority.lower())
    if name == "localhost":
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _tenant(tenants: Tenants, tenant_id: str) -> Tenant:
    if (tenant := tenants.get(tenant_id)) is None:
        raise refuse(404, "10005", "There is no such tenant.")
    return tenant


B = TypeVar("B", bound=msgspec.Struct)


def _body(request: Request, shape: type[B]) -> B:
    try:
        return msgspec.convert(decode_json(request.body or b"{}"), shape)
    except msgspec.ValidationError as cause:
        raise refuse(400, "10015", str(cause)) from cause
