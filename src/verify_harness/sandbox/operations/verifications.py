"""Reading verifications, by id and by number."""

from verify_harness.sandbox.exchange import Answer
from verify_harness.sandbox.operations.call import Call
from verify_harness.sandbox.operations.paths import id_in_path, number_in_path
from verify_harness.sandbox.operations.triggers import answer_about, shown
from verify_harness.sandbox.pages import whole


async def retrieve_verification(call: Call) -> Answer:
    """GET /verifications/{verification_id}."""
    verification_id = id_in_path(call)
    verification = call.store.verification(verification_id)
    if verification is None:
        raise call.store.missing(call.store, verification_id, "verification")
    return answer_about(call, verification)


async def list_verifications(call: Call) -> Answer:
    """GET /verifications/by_phone_number/{phone_number}: all of them on one page (our choice)."""
    found = call.store.verifications_of(number_in_path(call))
    total = len(found)
    data = [shown(call, verification) for verification in found]
    return Answer({"data": data, "meta": call.rules.number_meta(total, whole(total))})
