"""The public surface for checks: what a file of `contracts/`, or of your own, imports.

A check is a pytest function. It takes `open_verification` (every channel, both ways of checking),
`api` or `channel`, judges bodies by `assert`, and names the requirement that it asks for:

    @requirement("VFY-CODE-004")
    def test_a_code_works_once(open_verification: Opener) -> None:
        verification = open_verification()
        verification.accept()
        assert verification.check(verification.code) == "rejected"
"""

from verify_harness import phone_numbers, strategies, worst_inputs
from verify_harness.contract.api import CHANNELS, JSON_HEADERS, TRIGGERS, Api
from verify_harness.contract.binding import requirement
from verify_harness.contract.check_exceptions import Blocked, NotObservable
from verify_harness.contract.context import current
from verify_harness.contract.sample_requests import (
    OPERATIONS,
    WITH_BODY,
    body_of,
    call_plainly,
    damaged_ids,
    url_of,
)
from verify_harness.contract.verifications import WAYS, Opener, OpenVerification, wrong_for
from verify_harness.contract.webhook_receiver import Delivery, WebhookReceiver
from verify_harness.exchange import Exchange
from verify_harness.transport.retry_after import retry_after_secs

__all__ = [
    "CHANNELS",
    "JSON_HEADERS",
    "OPERATIONS",
    "TRIGGERS",
    "WAYS",
    "WITH_BODY",
    "Api",
    "Blocked",
    "Delivery",
    "Exchange",
    "NotObservable",
    "OpenVerification",
    "Opener",
    "WebhookReceiver",
    "body_of",
    "call_plainly",
    "current",
    "damaged_ids",
    "phone_numbers",
    "requirement",
    "retry_after_secs",
    "strategies",
    "url_of",
    "worst_inputs",
    "wrong_for",
]
