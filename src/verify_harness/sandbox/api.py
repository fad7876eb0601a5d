"""One API request from its first byte to its last: authorise, route, read, operate, write."""

import logging
from typing import Any

from verify_harness.sandbox import near_paths, router
from verify_harness.sandbox.auth import token_of
from verify_harness.sandbox.error_envelope import Problem, Refusal, refuse, too_many
from verify_harness.sandbox.exchange import Answer, Request
from verify_harness.sandbox.limits import Allowance
from verify_harness.sandbox.operations import OPERATIONS, Operation
from verify_harness.sandbox.operations.call import Call
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.tenants import Tenant, Tenants
from verify_harness.sandbox.wire import Headers

BASE_PATH = "/v2"
MAX_BODY_BYTES = 1_048_576
MEANT_TENANT = b"x-sandbox-tenant"
"""Names the tenant whose rules refuse a request without a good key, so that its faults show."""

_WITH_BODY = frozenset({"POST", "PATCH"})
_TREE = router.tree(OPERATIONS)
_log = logging.getLogger(__name__)

Written = tuple[int, Headers, bytes]


async def respond(tenants: Tenants, request: Request) -> Written:
    """Answer one request; whatever goes wrong becomes an answer too."""
    authorizations = request.header_values(b"authorization")
    token = token_of(authorizations)
    tenant = tenants.owner_of_key(token) or tenants.meant_by(request.header_values(MEANT_TENANT))
    now = tenant.clock.now()
    allowance = None
    try:
        _authorise(tenant, request, authorizations, token)
        limiter = tenant.rules.limiter_for(tenant.limiter, request)
        allowance = tenant.rules.allowance_for(limiter, now)
        answer = await _operate(tenant, request, now, allowance)
        if tenant.wire.hand_over is not None:
            answer = await tenant.wire.hand_over(answer)
    except Refusal as refusal:
        answer = Answer(
            None, refusal.status, refusal.problems, refusal.allow, refusal.retry_after_secs
        )
    except Exception as bug:  # noqa: BLE001 - a server answers, whatever fails below it
        _log.debug("%s %s failed", request.method, request.path, exc_info=True)
        answer = Answer(None, 500, (Problem("10007", f"{type(bug).__name__} in the sandbox."),))
    headers, body = tenant.wire.write(answer, allowance)
    headers += tenant.wire.name(request.header(b"x-request-id"))
    headers += tenant.wire.retry_hint(request, answer.status)
    if request.method == "HEAD":
        headers.append((b"content-length", b"%d" % len(body)))
        body = b""
    return answer.status, headers, body


def _authorise(
    tenant: Tenant, request: Request, authorizations: list[str], token: str | None
) -> None:
    rules = tenant.rules
    if tenant.knows(token) and rules.is_scheme(authorizations[0]):
        return
    if (elsewhere := rules.token_elsewhere(request)) and tenant.knows(elsewhere):
        return
    refusal = rules.wrong_key() if authorizations else rules.missing_key()
    if refusal is not None:
        raise refusal


async def _operate(
    tenant: Tenant, request: Request, now: float, allowance: Allowance | None
) -> Answer:
    if allowance is not None and allowance.exceeded:
        detail = "The account made too many requests in this minute."
        raise too_many(detail, allowance.reset_secs)
    rules = tenant.rules
    operation, segment = _route(request, rules)
    body = _read(request, rules) if request.method in _WITH_BODY else None
    return await operation(Call(tenant, request, rules.path_text(segment), body, now))


def _route(request: Request, rules: Rules) -> tuple[Operation, str]:
    if not request.path.startswith(f"{BASE_PATH}/"):
        raise router.unknown_path(_hint(request))
    found = _TREE.find(request.path[len(BASE_PATH) + 1 :].split("/"))
    if found is None:
        raise router.unknown_path(_hint(request))
    node, segment = found
    method = rules.method_of(request)
    if method not in node.methods:
        raise router.undeclared_method(node, rules.undeclared_method_status)
    return node.methods[method], segment


def _hint(request: Request) -> str:
    return near_paths.hint(
        request.method, request.path, BASE_PATH, (template for _, template in OPERATIONS)
    )


def _read(request: Request, rules: Rules) -> Any:
    """The JSON of a body that an operation requires."""
    if request.body is None:
        raise refuse(413, "10015", f"The body is larger than {MAX_BODY_BYTES} bytes.")
    if not rules.is_plain(request.header(b"content-encoding")):
        raise refuse(415, "10024", "The body must not be compressed.")
    content_types = request.header_values(b"content-type")
    if not rules.is_json(content_types) and (content_types or request.body):
        raise refuse(415, "10024", "The body must be application/json.")
    return rules.decode_json(request.body)
