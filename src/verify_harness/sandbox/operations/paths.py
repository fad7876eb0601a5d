"""Variables of a path: ids and numbers."""

from verify_harness import phone_numbers
from verify_harness.sandbox.error_envelope import Problem, refuse
from verify_harness.sandbox.identity import UUID_SHAPE
from verify_harness.sandbox.operations.call import Call


def id_in_path(call: Call) -> str:
    """The id in the path; a Refusal if it is not shaped like one (our choice)."""
    if not UUID_SHAPE.fullmatch(call.variable):
        raise refuse(400, "10006", "The id in the path is not a UUID.")
    return call.variable.lower()


def number_in_path(call: Call) -> str:
    """The number in the path; a Refusal if it is not in E.164."""
    if not phone_numbers.E164.fullmatch(call.variable):
        raise call.invalid(Problem("10016", "The number in the path is not in +E.164 format."))
    return call.variable
