"""Number lookup."""

from verify_harness.sandbox.bodies import query_values
from verify_harness.sandbox.error_envelope import Problem, Refusal
from verify_harness.sandbox.exchange import Answer
from verify_harness.sandbox.lookup import TYPES
from verify_harness.sandbox.operations.call import Call


async def look_up_number(call: Call) -> Answer:
    """GET /number_lookup/{phone_number}."""
    wanted = _types(call)
    number = call.variable
    country = call.rules.country_of(number)
    if country is None:
        return Answer({"data": call.rules.unparsable(number)})
    return Answer({"data": call.rules.look_up(number, country, wanted)})


def _types(call: Call) -> frozenset[str]:
    """The values of `type`, repeated or joined by commas (facts.md#c12); none: a plain lookup."""
    values = query_values(call.request.query).get("type", [])
    wanted = frozenset(part for value in values for part in value.split(","))
    if wanted <= frozenset(TYPES):
        return wanted
    detail = f"type must be among {', '.join(TYPES)}."
    raise Refusal(400, (Problem("10032", detail, parameter="type"),))
