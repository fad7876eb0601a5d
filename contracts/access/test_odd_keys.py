"""Keys in odd forms and places, on every operation, with a sound and with a broken body."""

import base64
import json
from collections.abc import Callable

import pytest

from verify_harness.checks import (
    JSON_HEADERS,
    OPERATIONS,
    WITH_BODY,
    Api,
    Exchange,
    body_of,
    current,
    requirement,
    url_of,
)

Headers = tuple[tuple[str, str], ...]
BROKEN = (b"{", b"not json", b"[]", b"\xff")


def basic(credentials: str) -> str:
    """The value of a Basic authorization."""
    return f"Basic {base64.b64encode(credentials.encode()).decode()}"


def only(value: str) -> Headers:
    """One Authorization header."""
    return (("Authorization", value),)


ODD: dict[str, Callable[[str], Headers]] = {
    "without a scheme": only,
    "no key under the scheme": lambda _: only("Bearer"),
    "a word for nothing": lambda _: only("Bearer null"),
    "in other capitals": lambda key: only(f"Bearer {key.swapcase()}"),
    "cut": lambda key: only(f"Bearer {key[: len(key) // 2]}"),
    "lengthened": lambda key: only(f"Bearer {key}{key[0]}"),
    "after a letter": lambda key: only(f"Bearer x{key}"),
    "quoted": lambda key: only(f'Bearer "{key}"'),
    "as a parameter": lambda key: only(f'Bearer token="{key}"'),
    "after another": lambda key: only(f"Bearer x {key}"),
    "the scheme twice": lambda key: only(f"Bearer Bearer {key}"),
    "under Token": lambda key: only(f"Token {key}"),
    "under ApiKey": lambda key: only(f"ApiKey {key}"),
    "as a user": lambda key: only(basic(f"{key}:")),
    "as a password": lambda key: only(basic(f":{key}")),
    "in X-Api-Key": lambda key: (("X-Api-Key", key),),
    "in Proxy-Authorization": lambda key: (("Proxy-Authorization", f"Bearer {key}"),),
    "in X-Authorization": lambda key: (("X-Authorization", f"Bearer {key}"),),
    "in a cookie": lambda key: (("Cookie", f"token={key}; api_key={key}"),),
    "twice": lambda key: (*only(f"Bearer {key}"), *only(f"Bearer {key}")),
}
"""How a key may come, and must not count; `twice` is VFY-AUTH-006 on every operation."""


class Sample:
    """The sample request of an operation, about the same objects each time."""

    def __init__(self, api: Api, operation_id: str) -> None:
        body = body_of(api, operation_id)
        self._api, self._operation = api, api.spec.operation(operation_id)
        self._url = url_of(api, operation_id)
        self.content = None if body is None else json.dumps(body).encode()

    def send(self, headers: Headers, content: bytes | None) -> Exchange:
        """Send it with these headers and bytes."""
        headers = (*(JSON_HEADERS if content is not None else ()), *headers)
        return self._api.send(self._operation, url=self._url, headers=headers, content=content)


def sent() -> int:
    """How many messages went out so far; none where nobody can see."""
    return len(current().levers.messages()) if current().target.offers("outbox") else 0


@requirement("VFY-AUTH-009")
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_a_key_counts_in_one_form_and_place(api: Api, operation_id: str) -> None:
    sample = Sample(api, operation_id)
    before = sent()
    for what, made_of in ODD.items():
        answer = sample.send(made_of(api.key), sample.content)
        assert 400 <= answer.status < 500, f"the key, {what}, was answered {answer.status}"
    assert sent() == before
    assert sample.send(only(f"Bearer {api.key}"), sample.content).status == 200


@requirement("VFY-AUTH-009")
@pytest.mark.parametrize("operation_id", WITH_BODY)
def test_a_broken_body_opens_nothing_either(api: Api, operation_id: str) -> None:
    sample = Sample(api, operation_id)
    before = sent()
    for at, (what, made_of) in enumerate(ODD.items()):
        answer = sample.send(made_of(api.key), BROKEN[at % len(BROKEN)])
        assert 400 <= answer.status < 500, f"the key, {what}, was answered {answer.status}"
    first = "the key" if answer.status in {401, 403, 404} else "the body"
    current().findings.observe("first error", f"{first} is judged first", operation_id)
    assert sent() == before
    assert sample.send(only(f"Bearer {api.key}"), sample.content).status == 200
