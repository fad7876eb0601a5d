"""Two accounts, of which a fault is on both, and what of their answers can be compared."""

import re
from dataclasses import dataclass
from typing import Any

import httpx

from tests.sandbox.conftest import Account

UNKNOWN = "12ade33a-21c0-473b-b055-b3c836e1c292"
NUMBER = "+13035550100"
UNEVEN = {"date", "content-length", "x-request-id"}


@dataclass(frozen=True)
class Pair:
    """The tenant a fault is on, and its neighbour."""

    one: Account
    other: Account

    def post(self, path: str, body: Any) -> httpx.Response:
        return self.one.api.post(path, json=body)

    def trigger(self, channel: str = "sms", **fields: Any) -> httpx.Response:
        fields = {"phone_number": NUMBER, "verify_profile_id": self.one.profile(), **fields}
        return self.post(f"/verifications/{channel}", fields)

    def opened(self, **fields: Any) -> dict[str, Any]:
        shown: dict[str, Any] = self.trigger(custom_code="00429", **fields).json()["data"]
        return shown

    def check(self, verification: dict[str, Any], code: str) -> httpx.Response:
        return self.post(f"/verifications/{verification['id']}/actions/verify", {"code": code})

    def read(self, verification: dict[str, Any]) -> httpx.Response:
        return self.one.api.get(f"/verifications/{verification['id']}")

    def by_number(self, verification: dict[str, Any], code: str) -> httpx.Response:
        path = f"/verifications/by_phone_number/{NUMBER}/actions/verify"
        profile = verification["verify_profile_id"]
        return self.post(path, {"code": code, "verify_profile_id": profile})


def plain(answer: httpx.Response) -> tuple[Any, ...]:
    """What a fault may change, without ids, times and counters."""
    noise = r"[0-9a-f]{8}-[0-9a-f-]{27}|20\d\d-\d\d-\d\dT[0-9:.]+"
    headers = {
        name: value
        for name, value in answer.headers.items()
        if not name.startswith("x-ratelimit") and name not in UNEVEN
    }
    return answer.status_code, headers, re.sub(noise, "…", answer.text)
