"""Access tokens from OAuth client credentials, renewed between checks and never inside one.

The token URL is that of the target, not the vendor's, and passes the guard as every other URL.
"""

import base64
import time

import msgspec

from verify_harness.client import Client
from verify_harness.errors import NoVerdict, UsageError
from verify_harness.exchange import Request
from verify_harness.keys import Keys, OAuthClient, checked

MARGIN_SECS = 120.0
"""How long before its end a token is renewed: longer than a check takes."""
UNSAID_SECS = 600.0
"""How long a token is believed to live where the answer does not say."""

_FORM = (("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json"))


class _Answer(msgspec.Struct):
    access_token: str
    expires_in: float = UNSAID_SECS


def fresh(client: Client, keys: Keys, target_url: str) -> Keys:
    """The keys, with a new access token where there is none yet or the old one ends soon.

    Keys without client credentials stay as they are. Raises NoVerdict where no token is given,
    SafetyRefusal where the token URL may not be called.
    """
    oauth = keys.oauth
    if oauth is None or (keys.first and time.monotonic() < oauth.renew_at):
        return keys
    asked_at = time.monotonic()
    answer = _fetched(client, oauth, oauth.token_url or f"{target_url}/oauth/token")
    token = _checked(answer.access_token)
    lives_secs = max(answer.expires_in - MARGIN_SECS, answer.expires_in / 2)
    renewed = msgspec.structs.replace(oauth, renew_at=asked_at + lives_secs)
    return msgspec.structs.replace(keys, first=token, oauth=renewed)


def _checked(token: str) -> str:
    try:
        return checked("the access token", token)
    except UsageError as error:
        raise NoVerdict(str(error)) from None


def _fetched(client: Client, oauth: OAuthClient, url: str) -> _Answer:
    """Ask for a token, once, as RFC 6749 §4.4 has it."""
    basic = base64.b64encode(f"{oauth.id}:{oauth.secret}".encode()).decode()
    headers = (*_FORM, ("Authorization", f"Basic {basic}"))
    exchange = client.send(Request("POST", url, headers, b"grant_type=client_credentials"))
    if exchange.response is None or exchange.status != 200:
        cause = exchange.failure or f"status {exchange.status}"
        raise NoVerdict(
            f"{url} gives no access token: {cause}.",
            hint="check TELNYX_CLIENT_ID, TELNYX_CLIENT_SECRET and --token-url",
        )
    try:
        return msgspec.json.decode(exchange.response.body, type=_Answer)
    except msgspec.DecodeError:
        raise NoVerdict(f"{url} answers 200 without an access token.") from None
