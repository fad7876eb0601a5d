"""Who may ask (facts.md#bad-key): one `Authorization` header, Bearer, with a key of the tenant."""

from collections.abc import Sequence

from verify_harness.sandbox.error_envelope import Refusal, refuse
from verify_harness.sandbox.exchange import Request


def token_of(authorizations: Sequence[str]) -> str | None:
    """The key of the only Authorization header, or None if there is none to take."""
    if len(authorizations) != 1:
        return None
    scheme, _, token = authorizations[0].strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def is_scheme(_authorization: str) -> bool:
    """Whether the scheme is spelt as it must be: capitals do not matter (RFC 9110 §11.1)."""
    return True


def token_elsewhere(_request: Request) -> str | None:
    """A key outside the only Authorization header: there is none to be taken."""
    return None


def is_known_key(token: str | None, key: str | None) -> bool:
    """Whether the token is the tenant's key; `key` is None once it was revoked."""
    return token is not None and token == key


def missing_key() -> Refusal | None:
    """What a request without Authorization gets (documented: facts.md#missing-key)."""
    return refuse(401, "10009", "No key was given.")


def missing_key_observed() -> Refusal | None:
    """The observed service answers as if there were nothing here (facts.md#c8)."""
    return refuse(404, "10005", "No such resource.")


def wrong_key() -> Refusal | None:
    """What a request with a wrong, malformed, doubled or revoked key gets."""
    return refuse(401, "10009", "The key is not valid.")
