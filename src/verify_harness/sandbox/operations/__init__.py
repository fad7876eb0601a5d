"""The 17 operations and where they are (facts.md#operation-set)."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from verify_harness.sandbox.exchange import Answer
from verify_harness.sandbox.operations.call import Call
from verify_harness.sandbox.operations.checks import check_by_id, check_by_number
from verify_harness.sandbox.operations.lookup import look_up_number
from verify_harness.sandbox.operations.profiles import (
    create_profile,
    delete_profile,
    list_profiles,
    retrieve_profile,
    update_profile,
)
from verify_harness.sandbox.operations.templates import (
    create_template,
    list_templates,
    update_template,
)
from verify_harness.sandbox.operations.triggers import (
    trigger_call,
    trigger_flashcall,
    trigger_sms,
    trigger_whatsapp,
)
from verify_harness.sandbox.operations.verifications import (
    list_verifications,
    retrieve_verification,
)

Operation = Callable[[Call], Awaitable[Answer]]

_BY_NUMBER = "/verifications/by_phone_number/{phone_number}"

OPERATIONS: Mapping[tuple[str, str], Operation] = MappingProxyType(
    {
        ("POST", "/verifications/sms"): trigger_sms,
        ("POST", "/verifications/call"): trigger_call,
        ("POST", "/verifications/flashcall"): trigger_flashcall,
        ("POST", "/verifications/whatsapp"): trigger_whatsapp,
        ("GET", "/verifications/{verification_id}"): retrieve_verification,
        ("POST", "/verifications/{verification_id}/actions/verify"): check_by_id,
        ("GET", _BY_NUMBER): list_verifications,
        ("POST", f"{_BY_NUMBER}/actions/verify"): check_by_number,
        ("GET", "/verify_profiles"): list_profiles,
        ("POST", "/verify_profiles"): create_profile,
        ("GET", "/verify_profiles/{verify_profile_id}"): retrieve_profile,
        ("PATCH", "/verify_profiles/{verify_profile_id}"): update_profile,
        ("DELETE", "/verify_profiles/{verify_profile_id}"): delete_profile,
        ("GET", "/verify_profiles/templates"): list_templates,
        ("POST", "/verify_profiles/templates"): create_template,
        ("PATCH", "/verify_profiles/templates/{template_id}"): update_template,
        ("GET", "/number_lookup/{phone_number}"): look_up_number,
    }
)
