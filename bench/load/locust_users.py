"""Locust's own users with the same POST: FastHttpUser, or HttpUser where BENCH_KIND says so."""

import os
from typing import Any

from locust import FastHttpUser, HttpUser

_BODY = {"phone_number": "+12015550123", "verify_profile_id": "p", "custom_code": "12345"}
_HEADERS = {"Authorization": "Bearer KEY-0123456789", "User-Agent": "bench"}


def _trigger(user: Any) -> None:
    user.client.post("/v2/verifications/sms", json=_BODY, headers=_HEADERS, name="trigger")


if os.environ.get("BENCH_KIND") == "http":

    class HttpPosts(HttpUser):
        """The user of locust that most people write."""

        tasks = [_trigger]  # noqa: RUF012 - as locust wants it

else:

    class FastPosts(FastHttpUser):
        """Locust's faster one."""

        tasks = [_trigger]  # noqa: RUF012 - as locust wants it
