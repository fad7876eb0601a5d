"""The control surface of a sandbox."""

import json
from collections.abc import Sequence
from typing import Any

from verify_harness import control_token
from verify_harness.client import Client
from verify_harness.errors import NoVerdict
from verify_harness.exchange import Request
from verify_harness.targets.target import Target, Tenant


class Levers:
    """The control interface of a sandbox; every call raises NoVerdict if it is refused."""

    def __init__(self, client: Client, target: Target) -> None:
        self._client = client
        self._base = f"{target.origin}/_sandbox"
        token = target.control_token
        self._token = ((control_token.HEADER, token),) if token else ()

    def mint(
        self, seed: int, faults: Sequence[str] = (), *, outcome_numbers: bool = False
    ) -> tuple[Tenant, Tenant]:
        """Create a pair of tenants whose ids, keys and codes follow from the seed."""
        body: dict[str, Any] = {"seed": seed}
        body |= {"faults": list(faults)} if faults else {}
        body |= {"outcome_numbers": True} if outcome_numbers else {}
        pair = self._call("POST", "/tenants", body)["tenants"]
        first, second = (Tenant(key=item["key"], id=item["id"]) for item in pair)
        return first, second

    def drop(self, tenant: Tenant) -> None:
        """Delete a pair of tenants and their objects."""
        self.call(tenant, "DELETE")

    def call(
        self, tenant: Tenant, method: str, path: str = "", body: dict[str, Any] | None = None
    ) -> Any:
        """Send a request about one tenant; returns the response as JSON."""
        return self._call(method, f"/tenants/{tenant.id}{path}", body)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        json_body = (("Content-Type", "application/json"),) if body is not None else ()
        headers = (*self._token, *json_body)
        content = json.dumps(body).encode() if body is not None else None
        exchange = self._client.send(Request(method, self._base + path, headers, content))
        if exchange.status == 401:
            raise NoVerdict(
                "the sandbox opens its levers only with its token.",
                hint=f"set {control_token.VARIABLE} to the token that it printed at its start",
            )
        if not exchange.succeeded:
            cause = exchange.failure or f"status {exchange.status}"
            raise NoVerdict(f"the sandbox refused {method} {path}: {cause}.")
        return exchange.json
