"""The contract: the OpenAPI document, its operations, and whether an answer keeps to them.

Pure apart from reading the files; knows nothing of schemathesis or of HTTP clients.
"""

from verify_harness.spec.answers import Violation, judge
from verify_harness.spec.document import Spec, bundled_spec, contract, load
from verify_harness.spec.operations import Operation, Parameter, Response

__all__ = [
    "Operation",
    "Parameter",
    "Response",
    "Spec",
    "Violation",
    "bundled_spec",
    "contract",
    "judge",
    "load",
]
